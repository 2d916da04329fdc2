"""Comparisons and bisections on the terminal: what changed, in order of concern."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from clearance.model.comparison import Bisection, Probe, RankedChange, ReleaseComparison
from clearance.report.meanings import count
from clearance.report.pen import Pen, pen_for

_LEAST_CONCERN = 40
"""Below it a change is counted, not shown."""
_MOST = 25
_DIFF_LINES = 6
_WIDE = re.compile(r"\s+")


def render_comparison(comparison: ReleaseComparison, *, everything: bool = False) -> RenderableType:
    """What is different; ``everything`` shows changes of little concern too."""
    return _ComparisonSummary(comparison=comparison, everything=everything)


def render_bisection(bisection: Bisection) -> RenderableType:
    """Which releases brought it in and took it out, and which were looked at."""
    return _BisectionSummary(bisection=bisection)


@dataclass(frozen=True, slots=True, kw_only=True)
class _ComparisonSummary:
    comparison: ReleaseComparison
    everything: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        pen, compared = pen_for(options), self.comparison
        yield pen.text(f"{compared.after.title}: {compared.before.version} → {compared.after.version}", "bold")
        _, _, come, gone = compared.literals
        yield pen.pairs(
            (
                ("before", pen.text(f"{compared.before.version}, sha256 {compared.before.sha256}")),
                ("after", pen.text(f"{compared.after.version}, sha256 {compared.after.sha256}")),
                ("words", pen.text(f"{come:,} literals and property names are new, {gone:,} are gone")),
            )
        )
        shown = [c for c in compared.changes if self.everything or c.concern >= _LEAST_CONCERN]
        shown = shown if self.everything else shown[:_MOST]
        yield _rule("In order of concern", pen)
        if not shown:
            yield Text("Nothing of concern.")
        for number, row in enumerate(shown):
            yield Padding(_change(row, pen), (1 if number else 0, 0, 0, 0))
        rest = Counter(f"{c.change.kind} {c.change.how}" for c in compared.changes if c not in shown)
        if rest:
            yield Text()
            listed = ", ".join(f"{number} {what}" for what, number in rest.most_common())
            yield pen.text(f"Of less concern: {listed} (--all shows them, --json has all).", "dim")


def _change(row: RankedChange, pen: Pen) -> RenderableType:
    change = row.change
    style = "red" if row.concern >= 80 else "yellow" if row.concern >= 50 else "cyan"
    head = Text.assemble((f"{row.concern:3}", style), "  ", pen.text(f"{change.kind} {change.how}", "bold"))
    head.append_text(pen.text(f"  {_WIDE.sub(' ', change.subject)[:160]}"))
    facts = [("why", pen.text(row.why))]
    facts += [
        (label, pen.text(_cut(value))) for label, value in (("before", change.before), ("after", change.after)) if value
    ]
    if change.detail and change.how == "changed":
        facts += [
            ("lines", pen.text(_cut(line, 240)))
            for line in change.detail.splitlines()[:_DIFF_LINES]
            if line.strip("+- ")
        ]
    if change.near:
        facts.append(("near", pen.text(", ".join(change.near))))
    if change.where:
        facts.append(("where", pen.text(change.where)))
    return pen.marked(Text(pen.sign("bullet"), style=style), head, pen.pairs(facts))


def _cut(text: str, most: int = 400) -> str:
    plain = _WIDE.sub(" ", text)
    return plain if len(plain) <= most else f"{plain[:most]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class _BisectionSummary:
    bisection: Bisection

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        pen, found = pen_for(options), self.bisection
        yield pen.text(f"{found.assistant} {found.first} to {found.last}: {found.finding}", "bold")
        yield Text(f"{len(found.probes)} of {count(found.releases, 'release')} were looked at. {found.assumption}")
        yield _rule("Looked at", pen)
        yield pen.pairs((probe.version, pen.text(_probe(probe))) for probe in found.probes)
        yield _rule("Answer", pen)
        if not found.edges:
            yield pen.text(_nothing(found))
        for edge in found.edges:
            if edge.brings:
                said = f"{edge.having} is the first with it ({edge.without} is without)."
            else:
                said = f"{edge.having} is the last with it ({edge.without} is without)."
            yield pen.marked(Text(pen.sign("hit"), style="red"), pen.text(said, "bold"))


def _probe(probe: Probe) -> str:
    word = {True: "has it", False: "without", None: "could not be told"}[probe.has]
    when = f", published {probe.published[:10]}" if probe.published else ""
    note = f": {probe.note or probe.evidence}" if probe.note or probe.evidence else ""
    return f"{word} ({probe.how}{', kept from before' if probe.cached else ''}{when}){_cut(note, 200)}"


def _nothing(found: Bisection) -> str:
    if any(probe.has for probe in found.probes):
        return "Every release that was looked at has it: the range holds no edge. Name a wider one."
    return "No release that was looked at has it. --every looks at all of them."


def _rule(title: str, pen: Pen) -> RenderableType:
    characters = "-" if pen.ascii_only else "─"
    return Padding(Rule(Text(title, style="bold"), align="left", style="dim", characters=characters), (1, 0, 0, 0))

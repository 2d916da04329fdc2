"""The terminal summary of a look: findings first, then what is in the release, on about a page.

What an honest assistant does is context: it is counted and named in one line each, and listed whole in the JSON report.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from clearance.model.contents import Contents, Member
from clearance.model.finding import Clear, Gap, Hit, Severity
from clearance.model.look import Look
from clearance.model.vetting import VerdictWord
from clearance.report.meanings import VERDICT_TITLES, count, data_size, duration, severity_counts
from clearance.report.pen import Pen, pen_for
from clearance.report.styles import SEVERITY_STYLES, VERDICT_STYLES

LOOK_MEANINGS = {
    VerdictWord.CLEAR: "Nothing in it is out of the ordinary. What it does when it runs, a vet shows.",
    VerdictWord.FINDINGS: "Something in it is out of the ordinary: look at the places that the hits name.",
    VerdictWord.INCOMPLETE: "Too much of it could not be read to say.",
}
_LOW_SHOWN = 8
_NAMES_SHOWN = 7
_MOMENTS = {
    "install": "at installation",
    "prepare": "at installation from git",
    "start": "with Python",
    "hook": "by hooks",
    "open": "on opening",
    "git": "by git",
    "shell": "on entering",
    "build": "by a build",
    "test": "by tests",
}


def render_look(look: Look, *, written: tuple[str, ...] = ()) -> RenderableType:
    """The summary of a look; ``written`` are paths of reports."""
    return _LookSummary(look=look, written=written)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookSummary:
    look: Look
    written: tuple[str, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        pen = pen_for(options)
        yield from _header(self.look, pen)
        sections = (
            ("Hits", _hits(self.look, pen)),
            ("Gaps: what could not be looked at", _gaps(self.look, pen)),
            ("In the release", (_contents(self.look.contents, pen),)),
        )
        for title, body in sections:
            if body:
                yield Text()
                line = "-" if pen.ascii_only else "─"
                yield Rule(Text(title, style="bold"), align="left", style="dim", characters=line)
                yield from body
        yield from _verdict(self.look, self.written, pen)


def _header(look: Look, pen: Pen) -> Iterator[RenderableType]:
    release, stats = look.release, look.stats
    size = data_size(look.contents.read_bytes)
    how = "taken from an earlier look" if stats.cached else f"{duration(stats.wall_s)}, {stats.peak_rss_mb:.0f} MB"
    yield pen.text(f"{release.title} {release.version}", "bold")
    yield pen.pairs(
        (
            ("platform", pen.text(release.platform)),
            ("sha256", pen.text(release.sha256)),
            ("read", pen.text(f"{count(len(look.contents.members), 'member')}, {size} ({how})")),
        )
    )


def _hits(look: Look, pen: Pen) -> tuple[RenderableType, ...]:
    """A block for each from medium up; the rest a line each, and a count of what does not fit."""
    found = [f for f in look.findings if isinstance(f, Hit)]
    blocks: list[RenderableType] = []
    for hit in found:
        if hit.severity.rank >= Severity.MEDIUM.rank:
            blocks.append(Padding(_hit(hit, pen), (1 if blocks else 0, 0, 0, 0)))
    lines = [hit for hit in found if hit.severity.rank < Severity.MEDIUM.rank]
    if blocks and lines:
        blocks.append(Text())
    for hit in lines[:_LOW_SHOWN]:
        style = SEVERITY_STYLES[hit.severity]
        title = Text.assemble((hit.severity.value.upper(), style), "  ", pen.text(hit.title))
        blocks.append(pen.marked(Text(pen.sign("bullet")), title))
    if len(lines) > _LOW_SHOWN:
        blocks.append(Text(f"and {len(lines) - _LOW_SHOWN} more, in the report", style="dim"))
    return tuple(blocks)


def _hit(hit: Hit, pen: Pen) -> RenderableType:
    style = SEVERITY_STYLES[hit.severity]
    heading = Text.assemble((hit.severity.value.upper(), style), "  ", pen.text(hit.title, "bold"))
    facts: list[tuple[str, RenderableType]] = [("confidence", Text(hit.confidence.value))]
    if hit.where:
        facts.append(("where", pen.text(hit.where)))
    facts.append(("rule", pen.text(hit.rule)))
    if hit.advice:
        facts.append(("advice", pen.text(hit.advice)))
    return pen.marked(Text(pen.sign("hit"), style=style), heading, pen.text(hit.message), pen.pairs(facts))


def _gaps(look: Look, pen: Pen) -> tuple[RenderableType, ...]:
    """Each reason once, however many rules could not look because of it."""
    said = Counter(gap.message for gap in look.findings if isinstance(gap, Gap))
    return tuple(
        pen.marked(
            Text(pen.sign("gap"), style="yellow"), pen.text(message if many == 1 else f"{message} ({many} rules)")
        )
        for message, many in said.items()
    )


def _contents(contents: Contents, pen: Pen) -> RenderableType:
    rows = [
        ("members", _kinds(contents.members)),
        ("endpoints", _endpoints(contents)),
        ("prompts", _prompts(contents)),
        ("reads", _reads(contents)),
        ("can", _names(Counter(c.kind for c in contents.capabilities))),
        ("hidden", _names(Counter(f"{h.kind} ({' of '.join(h.layers)})" for h in contents.hidden_strings))),
        ("unseen", _names(Counter(f"{h.kind} in {h.where}" for h in contents.hidden_texts))),
        ("packages", _names(Counter(p.ecosystem for p in contents.packages))),
        ("extensions", _names(Counter(e.kind for e in contents.extensions))),
        ("installation", _names(Counter(s.kind for s in contents.supply))),
        ("starts", _names(Counter(_MOMENTS.get(s.moment, s.moment) for s in contents.started))),
    ]
    return pen.pairs((label, pen.text(value)) for label, value in rows if value)


def _kinds(members: Iterable[Member]) -> str:
    sizes: Counter[str] = Counter()
    for member in members:
        sizes["runtime" if member.runtime else str(member.language)] += member.size
    return ", ".join(f"{name} {data_size(size)}" for name, size in sizes.most_common(_NAMES_SHOWN))


def _endpoints(contents: Contents) -> str:
    purposes = Counter(e.purpose or "purpose unknown" for e in contents.endpoints)
    hosts = len({e.host for e in contents.endpoints})
    return f"{count(hosts, 'host')}: {_names(purposes)}" if hosts else ""


def _prompts(contents: Contents) -> str:
    size = sum(p.size for p in contents.prompts)
    kinds = Counter(p.kind for p in contents.prompts)
    return f"{count(len(contents.prompts), 'text')}, {size:,} characters: {_names(kinds)}" if contents.prompts else ""


def _reads(contents: Contents) -> str:
    """What is read by kind, and those nearest to where requests are built."""
    kinds = Counter(r.kind for r in contents.reads)
    near = sorted(
        (r for r in contents.reads if 0 <= r.distance <= 2000 and r.kind != "clock"), key=lambda r: r.distance
    )
    named = [f"{r.name} ({r.distance} bytes)" for r in near if r.kind != "variable"][:4]
    return _names(kinds) + (f"; nearest to requests and prompts: {', '.join(named)}" if named else "")


def _names(counts: Counter[str]) -> str:
    shown = [f"{name} {number}" if number > 1 else name for name, number in counts.most_common(_NAMES_SHOWN)]
    rest = len(counts) - len(shown)
    return ", ".join(shown) + (f" and {rest} more kinds" if rest > 0 else "")


def _verdict(look: Look, written: tuple[str, ...], pen: Pen) -> Iterator[RenderableType]:
    style = VERDICT_STYLES[look.verdict]
    yield Text()
    if written:
        yield pen.pairs((("report", Group(*(pen.text(path) for path in written))),))
    found = ", ".join(f"{number} {severity.value}" for severity, number in severity_counts(look.findings))
    gaps = sum(isinstance(f, Gap) for f in look.findings)
    clear = sum(isinstance(f, Clear) for f in look.findings)
    counts = f"{f'hits: {found}' if found else 'no hits'}, {count(gaps, 'gap') if gaps else 'no gaps'}, {clear} clear"
    title = Text(f"Verdict: {VERDICT_TITLES[look.verdict]}", style=style)
    yield pen.marked(
        Text(pen.sign(look.verdict.value), style=style), title, Text(counts), Text(LOOK_MEANINGS[look.verdict])
    )

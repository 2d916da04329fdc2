"""The terminal summary: what a person needs to act on, at any width from 60 columns, with or without colour.

1. Every string of a vetting is spelt before it is shown: no escape sequence, bidirectional mark or markup of a hostile
   release reaches the terminal.
2. Nothing is said by colour alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from clearance.model.finding import Gap, Hit, Severity
from clearance.model.vetting import EndpointRow, StagedFactor, VerdictWord, Vetting
from clearance.report.meanings import (
    CLASS_NAMES,
    LIMITS,
    VERDICT_MEANINGS,
    VERDICT_TITLES,
    both_sides,
    clears,
    count,
    data_size,
    duration,
    gaps,
    hits,
    measured,
    severity_counts,
    trigger_text,
)
from clearance.report.pen import Pen, pen_for
from clearance.report.styles import SEVERITY_STYLES, VERDICT_STYLES

_ENDPOINTS_SHOWN = 12
_DIFFERENCES_SHOWN = 4


def render_summary(vetting: Vetting, *, written: tuple[str, ...] = ()) -> RenderableType:
    """The summary of a vetting.

    Args:
        vetting: what to summarise.
        written: paths of the reports that were written, the one to open first in front.
    """
    return _Summary(vetting=vetting, written=written)


def render_doctor(abilities: Iterable[tuple[str, bool, str, str, bool]]) -> RenderableType:
    """What this machine can stage: rows of name, whether it can, detail, the command that mends it, and its need."""
    return _Doctor(abilities=tuple(abilities))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Summary:
    vetting: Vetting
    written: tuple[str, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        pen = pen_for(options)
        sections = (
            ("Hits", _hit_blocks(self.vetting, pen)),
            ("Gaps: what could not be looked at", _gap_blocks(self.vetting, pen)),
            ("Staged", _staged(self.vetting, pen)),
            ("Endpoints", _endpoints(self.vetting, pen)),
            ("Next", (_next(self.vetting, self.written, pen),)),
        )
        yield from _header(self.vetting, pen)
        for title, body in sections:
            if body:
                yield Text()
                yield Rule(
                    Text(title, style="bold"), align="left", style="dim", characters="-" if pen.ascii_only else "─"
                )
                yield from body
        yield from _verdict(self.vetting, pen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doctor:
    abilities: tuple[tuple[str, bool, str, str, bool], ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        pen = pen_for(options)
        for name, able, detail, mend, needed in self.abilities:
            word, style = ("clear", "green") if able else ("findings", "red") if needed else ("gap", "yellow")
            sign = Text(pen.sign(word), style=style)
            lacking = "  not available" if needed else "  not available; rooms can do without"
            title = Text.assemble(pen.text(name, "bold"), "" if able else lacking)
            lines = [title, *([pen.text(detail)] if detail else [])]
            if mend and not able:
                lines.append(Text.assemble(("mend: ", "dim"), pen.text(mend)))
            yield pen.marked(sign, *lines)
        missing = sum(needed for _, able, *_, needed in self.abilities if not able)
        optional = sum(not needed for _, able, *_, needed in self.abilities if not able)
        yield Text()
        if missing:
            yield Text(f"{count(missing, 'thing')} to mend.")
        elif optional:
            yield Text(f"Rooms can be built here; {count(optional, 'thing')} could be staged better.")
        else:
            yield Text("Everything can be staged here.")


def _header(vetting: Vetting, pen: Pen) -> Iterator[RenderableType]:
    release = vetting.release
    yield pen.text(f"{release.title} {release.version}", "bold")
    yield pen.pairs(
        (
            ("platform", pen.text(release.platform)),
            ("sha256", pen.text(release.sha256)),
            ("source", pen.text(f"{release.source.value} {release.assistant}")),
            ("campaign", Text(_campaign(vetting))),
        )
    )


def _campaign(vetting: Vetting) -> str:
    stats = vetting.stats
    done = f"{stats.runs}" if stats.runs == stats.planned else f"{stats.runs} of {stats.planned}"
    return f"{done} runs, {count(stats.factors, 'factor')}, {duration(stats.wall_s)}, seed {vetting.seed}"


def _verdict(vetting: Vetting, pen: Pen) -> Iterator[RenderableType]:
    """Last, so that it stands above the prompt when the summary is longer than the screen."""
    word = vetting.verdict
    style = VERDICT_STYLES[word]
    yield Text()
    title = Text(f"Verdict: {VERDICT_TITLES[word]}", style=style)
    yield pen.marked(
        Text(pen.sign(word.value), style=style), title, Text(_counts(vetting)), Text(VERDICT_MEANINGS[word])
    )


def _counts(vetting: Vetting) -> str:
    found = ", ".join(f"{number} {severity.value}" for severity, number in severity_counts(vetting.findings))
    total = len(hits(vetting))
    return ", ".join(
        (
            f"{count(total, 'hit')} ({found})" if total else "no hits",
            count(len(gaps(vetting)), "gap") if gaps(vetting) else "no gaps",
            f"{len(clears(vetting))} clear",
        )
    )


def _hit_blocks(vetting: Vetting, pen: Pen) -> tuple[RenderableType, ...]:
    """A block for each hit; those of severity info, of which there may be many, get a line each at the end."""
    found = [hit for _, hit in hits(vetting)]
    blocks: list[RenderableType] = []
    for hit in found:
        if hit.severity is Severity.INFO:
            blocks.append(_hit_line(hit, pen))
        else:
            blocks.append(Padding(_hit(hit, pen), (1 if blocks else 0, 0, 0, 0)))
    first_line = next((i for i, hit in enumerate(found) if hit.severity is Severity.INFO), 0)
    return tuple((*blocks[:first_line], Text(), *blocks[first_line:]) if first_line else blocks)


def _hit_line(hit: Hit, pen: Pen) -> RenderableType:
    kind = CLASS_NAMES[hit.channel] if hit.channel else "finding"
    title = Text.assemble(("INFO", SEVERITY_STYLES[Severity.INFO]), "  ", pen.text(hit.title))
    title.append_text(pen.text(f"  ({', '.join((kind, *hit.factors))})"))
    return pen.marked(Text(pen.sign("bullet")), title)


def _hit(hit: Hit, pen: Pen) -> RenderableType:
    style = SEVERITY_STYLES[hit.severity]
    heading = Text.assemble((hit.severity.value.upper(), style), "  ", pen.text(hit.title, "bold"))
    kind = CLASS_NAMES[hit.channel] if hit.channel else "finding"
    facts: list[tuple[str, RenderableType]] = [("class", Text(f"{kind}, confidence {hit.confidence.value}"))]
    if hit.factors:
        facts.append(("depends on", pen.text(", ".join(hit.factors))))
    if hit.trigger:
        facts.append(("trigger", Group(*(pen.text(phrase) for phrase in trigger_text(hit)))))
    if changes := _changes(hit):
        facts.append(("changes", Group(*(pen.text(change) for change in changes))))
    facts.extend((label, pen.text(value)) for label, value in both_sides(hit))
    if hit.where:
        facts.append(("where", pen.text(hit.where)))
    facts.extend((label, Text(value)) for label, value in measured(hit))
    if hit.advice:
        facts.append(("advice", pen.text(hit.advice)))
    return pen.marked(Text(pen.sign("hit"), style=style), heading, pen.text(hit.message), pen.pairs(facts))


def _changes(hit: Hit) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(difference for evidence in hit.because for difference in evidence.differences))
    if len(named) <= _DIFFERENCES_SHOWN:
        return named
    return (*named[:_DIFFERENCES_SHOWN], f"and {len(named) - _DIFFERENCES_SHOWN} more, in the report")


def _gap_blocks(vetting: Vetting, pen: Pen) -> tuple[RenderableType, ...]:
    """Each reason once: the titles of all gaps that have it stand together."""
    titles: dict[tuple[str, str, bool], list[str]] = {}
    first: dict[tuple[str, str, bool], Gap] = {}
    for _, gap in gaps(vetting):
        key = gap.message, gap.advice, gap.blocks_verdict
        titles.setdefault(key, []).append(gap.title)
        first.setdefault(key, gap)
    blocks = enumerate(_gap(first[key], _together(titles[key]), pen) for key in titles)
    return tuple(Padding(block, (1 if n else 0, 0, 0, 0)) for n, block in blocks)


def _together(titles: Sequence[str]) -> str:
    """``Not tested: covert marker, side channel``: what titles begin with is said once."""
    head = titles[0].partition(": ")[0] + ": "
    if len(titles) > 1 and all(title.startswith(head) for title in titles):
        return head + ", ".join(dict.fromkeys(title.removeprefix(head) for title in titles))
    return "; ".join(dict.fromkeys(titles))


def _gap(gap: Gap, heading: str, pen: Pen) -> RenderableType:
    title = pen.text(heading, "bold")
    if gap.blocks_verdict:
        title.append("  keeps the verdict from being clear", style="yellow")
    facts = [(label, pen.text(value)) for label, value in (("where", gap.where), ("advice", gap.advice)) if value]
    body = (title, pen.text(gap.message), *((pen.pairs(facts),) if facts else ()))
    return pen.marked(Text(pen.sign("gap"), style="yellow"), *body)


def _staged(vetting: Vetting, pen: Pen) -> tuple[RenderableType, ...]:
    if not vetting.staged:
        return ()
    if pen.narrow:
        return (pen.pairs((factor.name, pen.text(_staged_phrase(factor))) for factor in vetting.staged),)
    table = pen.table("factor", "runs", "baseline", "levels", right=("runs",))
    table.columns[0].ratio, table.columns[2].ratio, table.columns[3].ratio = 2, 2, 5
    for factor in vetting.staged:
        levels = f"{pen.sign('gap')} not staged: {factor.gap}" if factor.gap else ", ".join(factor.levels)
        table.add_row(pen.text(factor.name), str(factor.runs), pen.text(factor.baseline), pen.text(levels))
    return (table,)


def _staged_phrase(factor: StagedFactor) -> str:
    if factor.gap:
        return f"not staged: {factor.gap}"
    return f"{count(len(factor.levels), 'level')}, {count(factor.runs, 'run')}"


def _endpoints(vetting: Vetting, pen: Pen) -> tuple[RenderableType, ...]:
    if not vetting.endpoints:
        return ()
    shown = vetting.endpoints[:_ENDPOINTS_SHOWN]
    body = tuple(_endpoint(row, pen) for row in shown) if pen.cramped else (_endpoint_table(shown, pen),)
    rest = len(vetting.endpoints) - len(shown)
    return (*body, Text(f"and {rest} more, in the report", style="dim")) if rest else body


def _endpoint(row: EndpointRow, pen: Pen) -> RenderableType:
    figures = f"{count(row.requests, 'request')}, {data_size(row.bytes_out)} sent, {count(row.runs, 'run')}"
    return pen.marked(Text(pen.sign("bullet")), _address(row, pen), pen.text(f"{row.purpose}: {figures}", "dim"))


def _endpoint_table(rows: tuple[EndpointRow, ...], pen: Pen) -> Table:
    numbers = ("requests", "sent", "runs")
    table = pen.table("endpoint", "purpose", *numbers, right=numbers)
    for row in rows:
        figures = (f"{row.requests:,}", data_size(row.bytes_out), f"{row.runs}")
        table.add_row(_address(row, pen), pen.text(row.purpose), *figures)
    return table


def _address(row: EndpointRow, pen: Pen) -> Text:
    return pen.text(f"{row.scheme}://{row.host}:{row.port}")


def _next(vetting: Vetting, written: tuple[str, ...], pen: Pen) -> RenderableType:
    rows: list[tuple[str, RenderableType]] = [("report", pen.text(path)) for path in written]
    if vetting.folder:
        rows.append(("kept in", pen.text(vetting.folder)))
    if vetting.replay:
        rows.append(("replay", Group(*(pen.text(command) for command in vetting.replay))))
    rows.append(("then", pen.text(_advice(vetting))))
    return pen.pairs(rows)


def _advice(vetting: Vetting) -> str:
    match vetting.verdict:
        case VerdictWord.FINDINGS:
            return "Open the report, look at both sides of each hit, and decide before anybody runs this release."
        case VerdictWord.INCOMPLETE:
            blocking = next((gap.advice for _, gap in gaps(vetting) if gap.advice), "")
            return blocking or "Mend what the gaps name, and vet again."
        case VerdictWord.CLEAR:
            return LIMITS

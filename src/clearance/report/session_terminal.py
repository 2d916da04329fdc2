"""What a judged session shows on a terminal: how much was read, what the session tells, spans with hits, and gaps."""

from collections.abc import Iterator

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from clearance.model.finding import Clear, Gap, Hit
from clearance.model.ids import RuleId
from clearance.model.session import place_of
from clearance.report.session_json import JudgedSession, JudgedSpan
from clearance.report.threats_terminal import render_threats
from clearance.report.visible import spell

_SPANS = 20
_GAPS = 10
_LINES = 5
"""Lines that are named of a gap that many spans have."""


def render_judged_session(session: JudgedSession) -> RenderableType:
    """Hits of the session first, then gaps, then single spans, the first twenty."""
    head = Text(f"{session.spans} spans in {session.turns} turns, {session.lines} lines", style="bold")
    hits = [each for each in session.findings if isinstance(each, Hit)]
    gaps = sorted(
        (each for each in session.findings if isinstance(each, Gap)), key=lambda each: not each.blocks_verdict
    )
    parts: list[RenderableType] = [head]
    for hit in hits:
        parts.append(Text(spell(hit.where), style="dim"))
        parts.append(render_threats((hit,)))
    alike = list(_alike(gaps))
    parts.extend(alike[:_GAPS])
    if len(alike) > _GAPS:
        parts.append(Text(f"… and {len(alike) - _GAPS} more kinds of gaps; --json has all", style="yellow"))
    of_spans = list(_gaps_of_spans(session))
    parts.extend(of_spans[:_GAPS])
    if len(of_spans) > _GAPS:
        parts.append(Text(f"… and {len(of_spans) - _GAPS} more kinds of gaps; --json has all", style="yellow"))
    told = [each for each in session.judged if any(isinstance(f, Hit) for f in each.findings)]
    for span in told[:_SPANS]:
        parts.append(Text(place_of(span.number, span.turn, span.line), style="dim"))
        parts.append(render_threats([f for f in span.findings if isinstance(f, Hit)]))
    if len(told) > _SPANS:
        parts.append(Text(f"… and {len(told) - _SPANS} more spans; --json has all", style="yellow"))
    parts.extend(Text(spell(note), style="dim") for note in session.notes)
    if not hits and not told and not gaps and not of_spans:
        parts.append(render_threats((_clear(counted=bool(session.notes)),)))
    return Group(*parts)


def _alike(gaps: list[Gap]) -> Iterator[RenderableType]:
    """Gaps of the session that say the same once: the first, and how many more."""
    same: dict[tuple[RuleId, str], list[Gap]] = {}
    for gap in gaps:
        same.setdefault((gap.rule, gap.message), []).append(gap)
    for first, *more in same.values():
        places = [each for each in (first.where, f"and {len(more)} more like it" if more else "") if each]
        title = f"{first.title} ({', '.join(places)})" if places and more else first.title
        yield render_threats((msgspec.structs.replace(first, title=title),))


def _gaps_of_spans(session: JudgedSession) -> Iterator[RenderableType]:
    """Gaps that say the same once, with the lines that have them; those that block the verdict first."""
    same: dict[tuple[str, str], tuple[Gap, list[JudgedSpan]]] = {}
    for span in session.judged:
        for gap in span.findings:
            if isinstance(gap, Gap):
                same.setdefault((gap.title, gap.message), (gap, []))[1].append(span)
    for gap, spans in sorted(same.values(), key=lambda each: not each[0].blocks_verdict):
        yield render_threats((msgspec.structs.replace(gap, title=f"{gap.title} ({_places(spans)})"),))


def _places(spans: list[JudgedSpan]) -> str:
    """``3 spans: lines 2, 5``."""
    lines = list(dict.fromkeys(span.line for span in spans))
    named = ", ".join(str(line) for line in lines[:_LINES])
    more = f" and {len(lines) - _LINES} more" if len(lines) > _LINES else ""
    count = f"{len(spans)} spans: " if len(spans) > 1 else ""
    return f"{count}line{'s' if len(lines) > 1 else ''} {named}{more}"


def _clear(*, counted: bool) -> Clear:
    told = "Nothing else is to be told." if counted else "Neither the spans nor the session tell anything."
    return Clear(rule=RuleId("session"), title="Nothing seen", message=told)

"""What a judged session shows on a terminal: how much was read, what the session tells, and spans with hits."""

from rich.console import Group, RenderableType
from rich.text import Text

from clearance.model.finding import Clear, Gap, Hit
from clearance.model.ids import RuleId
from clearance.report.session_json import JudgedSession
from clearance.report.threats_terminal import render_threats
from clearance.report.visible import spell

_SPANS = 20
_GAPS = 10


def render_judged_session(session: JudgedSession) -> RenderableType:
    """Hits of the session first, then gaps, then single spans, the first twenty."""
    head = Text(f"{session.spans} spans in {session.turns} turns, {session.lines} lines", style="bold")
    hits = [each for each in session.findings if isinstance(each, Hit)]
    gaps = [each for each in session.findings if isinstance(each, Gap)]
    parts: list[RenderableType] = [head]
    for hit in hits:
        parts.append(Text(spell(hit.where), style="dim"))
        parts.append(render_threats((hit,)))
    parts.extend(render_threats((gap,)) for gap in gaps[:_GAPS])
    if len(gaps) > _GAPS:
        parts.append(Text(f"… and {len(gaps) - _GAPS} more gaps; --json has all", style="yellow"))
    told = [each for each in session.judged if any(isinstance(f, Hit) for f in each.findings)]
    for span in told[:_SPANS]:
        parts.append(Text(f"span {span.number}, turn {span.turn}, line {span.line}", style="dim"))
        parts.append(render_threats([f for f in span.findings if isinstance(f, Hit)]))
    if len(told) > _SPANS:
        parts.append(Text(f"… and {len(told) - _SPANS} more spans; --json has all", style="yellow"))
    if not hits and not told and not gaps:
        parts.append(render_threats((_clear(),)))
    return Group(*parts)


def _clear() -> Clear:
    return Clear(
        rule=RuleId("session"), title="Nothing seen", message="Neither the spans nor the session tell anything."
    )

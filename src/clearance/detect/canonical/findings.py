"""Hits for what is hidden in a text."""

from typing import Final

from clearance.detect.canonical.nouns import HiddenSpan
from clearance.detect.canonical.views import Views
from clearance.model.finding import Confidence, Evidence, Finding, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

RULE: Final = RuleId("hides-text-from-its-reader")
_MOST: Final = 64
_SHOWN: Final = 240


def hidden_findings(views: Views, channel: SpanChannel) -> tuple[Finding, ...]:
    """A hit for each hidden thing, at most 64; high where a message was carried, medium where it cannot be read."""
    found = views.hidden
    hits = [_hit(each, channel, more=0) for each in found[: _MOST - 1]]
    if len(found) >= _MOST:
        hits.append(_hit(found[_MOST - 1], channel, more=len(found) - _MOST))
    return tuple(hits)


def _hit(found: HiddenSpan, channel: SpanChannel, *, more: int) -> Hit:
    says = "they carry a message" if found.message else "what they say cannot be read"
    others = f" {more} more such places are not told one by one." if more else ""
    return Hit(
        rule=RULE,
        severity=Severity.HIGH if found.message else Severity.MEDIUM,
        confidence=Confidence.HIGH if found.message else Confidence.MEDIUM,
        title="Text that its reader does not see",
        message=f"{found.count} code points are hidden ({found.kind}); {says}.{others}",
        because=(
            Evidence(
                what=f"hidden by {found.kind}",
                staged=_shortened(found.message),
                note=" ".join(found.code_points) or found.kind,
            ),
        ),
        span=ThreatSpan(
            threat=ThreatKind.HIDDEN_TEXT,
            channel=channel,
            start=found.start,
            end=found.end,
            view=_shortened(found.message),
        ),
    )


def _shortened(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""One object for all who judge text: a look, later the gate and the fleet. Bytes and a channel in, findings out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clearance.detect.classifier.judge import TextJudge, WindowJudgement
from clearance.model.finding import Clear, Confidence, Evidence, Finding, Hit, Severity
from clearance.model.ids import Digest, RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

_SHOWN: Final = 240
"""Characters of a window that evidence shows."""
_RULES: Final = {
    ThreatKind.INJECTION: RuleId("gives-the-assistant-orders"),
    ThreatKind.JAILBREAK: RuleId("talks-it-out-of-its-rules"),
    ThreatKind.CYBER_MISUSE: RuleId("asks-for-what-only-harms"),
}
_TITLES: Final = {
    ThreatKind.INJECTION: "Text from elsewhere that reads like orders for the assistant",
    ThreatKind.JAILBREAK: "A prompt that reads like an attempt to set rules aside",
    ThreatKind.CYBER_MISUSE: "A request that reads like one for what only harms others",
}
_QUOTED: Final = 0.8
"""Probability from which a window is taken for one that only shows an attack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatJudge:
    """Judges one span of text of a channel."""

    texts: TextJudge
    version: Digest
    """Of the weights."""

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """Hits by place, or a Clear. Never raises on any bytes."""
        text = data.decode("utf-8", "surrogateescape")
        places = _Places(text)
        hits = [self._hit(seen, places, channel) for seen in self.texts.judge(text, channel)]
        return tuple(hits) or (_nothing_seen(channel),)

    def _hit(self, seen: WindowJudgement, places: "_Places", channel: SpanChannel) -> Hit:
        severity = Severity.HIGH if seen.percent <= 0.1 else Severity.MEDIUM
        if seen.quoted >= _QUOTED:
            severity = Severity.LOW
        return Hit(
            rule=_RULES[seen.kind],
            severity=severity,
            confidence=Confidence.HIGH if seen.probability >= 0.9 else Confidence.MEDIUM,
            title=_TITLES[seen.kind],
            message=_reason(seen, channel),
            because=(Evidence(what="the window that decided", staged=_shortened(seen.text)),),
            span=ThreatSpan(
                threat=seen.kind,
                channel=channel,
                start=places.byte(seen.start),
                end=places.byte(seen.end),
                tier=seen.tier,
                probability=round(seen.probability, 4),
                version=self.version,
            ),
        )


def _reason(seen: WindowJudgement, channel: SpanChannel) -> str:
    parts = [f"Of ordinary windows of this channel ({channel}) at most {seen.percent:g} % score so high."]
    if seen.exfiltrates >= 0.5:
        parts.append("It wants data to be sent somewhere.")
    if seen.quoted >= _QUOTED:
        parts.append("It reads like documentation or a test that only shows an attack.")
    return " ".join(parts)


def _nothing_seen(channel: SpanChannel) -> Clear:
    return Clear(
        rule=_RULES[ThreatKind.INJECTION],
        title=_TITLES[ThreatKind.INJECTION],
        message=f"No window passes a threshold of its channel ({channel}).",
    )


def _shortened(text: str) -> str:
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class _Places:
    """Code points to bytes of the original, for positions that only grow."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._bytes = text, 0, 0

    def byte(self, position: int) -> int:
        """The first byte of the code point at a position."""
        if position < self._at:
            self._at = self._bytes = 0
        self._bytes += len(self._text[self._at : position].encode("utf-8", "surrogateescape"))
        self._at = position
        return self._bytes


def hits_of(findings: tuple[Finding, ...]) -> Iterator[Hit]:
    """The hits among findings."""
    return (finding for finding in findings if isinstance(finding, Hit))

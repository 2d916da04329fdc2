"""Findings out of what the classifiers and the phrases saw in a text, and gaps for what nobody looked at."""

from collections.abc import Sequence
from typing import Final

import msgspec

from clearance.detect.canonical import View, ViewProblem
from clearance.detect.classifier.judge import WindowJudgement
from clearance.detect.phrases import PhraseSeen
from clearance.model.finding import Clear, Confidence, Evidence, Gap, Hit, Severity
from clearance.model.ids import Digest, RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

QUOTED: Final = 0.8
"""Probability from which a text is taken for one that only shows an attack."""
_SHOWN: Final = 240
"""Characters of a window that evidence shows."""
_TOLD: Final = 5
"""Places that a gap names, and phrases that a hit names."""
_RULES: Final = {
    ThreatKind.INJECTION: RuleId("gives-the-assistant-orders"),
    ThreatKind.JAILBREAK: RuleId("talks-it-out-of-its-rules"),
    ThreatKind.CYBER_MISUSE: RuleId("asks-for-what-only-harms"),
    ThreatKind.EXFILTRATION: RuleId("sends-secrets-away"),
}
_TITLES: Final = {
    ThreatKind.INJECTION: "Text from elsewhere that reads like orders for the assistant",
    ThreatKind.JAILBREAK: "A prompt that reads like an attempt to set rules aside",
    ThreatKind.CYBER_MISUSE: "A request that reads like one for what only harms others",
    ThreatKind.EXFILTRATION: "Text from elsewhere that wants secrets to be sent away",
}
_CLOSED: Final = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"%PDF-": "a PDF document",
}
"""Bytes that hold text which is not taken out of them."""
_BY_RULE: Final = "a phrase"


def model_hit(seen: WindowJudgement, view: View, channel: SpanChannel, version: Digest, offset: int) -> Hit:
    """What the classifiers say of a window of a view that begins at a byte of the whole."""
    start, end = view.bytes_at(seen.start, seen.end)
    return Hit(
        rule=_RULES[seen.kind],
        severity=_severity(seen),
        confidence=Confidence.HIGH if seen.probability >= 0.9 else Confidence.MEDIUM,
        title=_TITLES[seen.kind],
        message=_reason(seen, channel),
        because=(Evidence(what="the window that decided", staged=shortened(seen.text)),),
        span=ThreatSpan(
            threat=seen.kind,
            channel=channel,
            start=start + offset,
            end=end + offset,
            view=shortened(seen.text) if view.decoded_by else "",
            decoded_by=view.decoded_by,
            tier=seen.tier,
            probability=round(seen.probability, 4),
            version=version,
        ),
    )


def _severity(seen: WindowJudgement) -> Severity:
    if seen.quoted >= QUOTED or seen.of_its_length is None:
        return Severity.LOW
    return Severity.HIGH if seen.of_its_length <= 0.1 else Severity.MEDIUM


def phrase_hit(
    seen: PhraseSeen, view: View, channel: SpanChannel, version: Digest, place: tuple[int, int], *, quoted: bool
) -> Hit:
    """What a rule says of a phrase of a view, at these bytes of the whole."""
    only_shown = " The text around it speaks of such orders, or only shows one." if quoted else ""
    return Hit(
        rule=seen.rule.id,
        severity=Severity.LOW if quoted else seen.rule.severity,
        confidence=Confidence.MEDIUM,
        title=_TITLES[seen.rule.kind],
        message=f"{seen.rule.why}{only_shown}",
        because=(_evidence(seen),),
        span=ThreatSpan(
            threat=seen.rule.kind,
            channel=channel,
            start=place[0],
            end=place[1],
            view=shortened(seen.text) if view.decoded_by else "",
            decoded_by=view.decoded_by,
            version=version,
        ),
    )


def confirmed(hit: Hit, seen: PhraseSeen, *, quoted: bool) -> Hit:
    """A hit of the classifiers in whose window a rule sees an order, too: we are surer, and it is told once."""
    severity = hit.severity if quoted else max(hit.severity, seen.rule.severity, key=lambda each: each.rank)
    told = sum(evidence.what == _BY_RULE for evidence in hit.because)
    because = hit.because if told >= _TOLD else (*hit.because, _evidence(seen))
    return msgspec.structs.replace(hit, severity=severity, confidence=Confidence.HIGH, because=because)


def _evidence(seen: PhraseSeen) -> Evidence:
    return Evidence(what=_BY_RULE, staged=shortened(seen.text), note=f"{seen.rule.id} ({seen.language})")


def not_looked_at(problems: Sequence[ViewProblem]) -> tuple[Gap, ...]:
    """One gap for all that was cut or left out of the views."""
    unseen = [f"bytes {p.start}–{p.end}: {p.what}" for p in problems if not p.seen]
    if not unseen:
        return ()
    more = f"; and {len(unseen) - _TOLD} more" if len(unseen) > _TOLD else ""
    return (_unread("; ".join(unseen[:_TOLD]) + more),)


def closed(data: bytes) -> tuple[Gap, ...]:
    """A gap for bytes that are a container which nobody opens here."""
    return tuple(
        _unread(f"The bytes are {what}; the text in it was not taken out.")
        for magic, what in _CLOSED.items()
        if data.startswith(magic)
    )


def too_many(most: int, what: str, place: int) -> Gap:
    """A gap for hits that are not told one by one."""
    return _unread(f"More than {most} {what}; those from byte {place} on are not told.")


def _unread(message: str) -> Gap:
    return Gap(
        rule=_RULES[ThreatKind.INJECTION],
        title="Not all of the text was looked at",
        message=message,
        advice="Judge the parts that were left out by themselves, or do not let the assistant read them.",
        blocks_verdict=True,
    )


def nothing_seen(channel: SpanChannel) -> Clear:
    """Everything was looked at, and nothing seen."""
    return Clear(
        rule=_RULES[ThreatKind.INJECTION],
        title=_TITLES[ThreatKind.INJECTION],
        message=f"No window passes a threshold of its channel ({channel}).",
    )


def _reason(seen: WindowJudgement, channel: SpanChannel) -> str:
    parts = [f"Of ordinary windows of this channel ({channel}) at most {seen.percent:g} % score so high."]
    if seen.of_its_length != seen.percent:
        among = "more than 1 %" if seen.of_its_length is None else f"up to {seen.of_its_length:g} %"
        parts.append(f"Of texts as short as this {among} do.")
    if seen.exfiltrates >= 0.5:
        parts.append("It wants data to be sent somewhere.")
    if seen.quoted >= QUOTED:
        parts.append("It reads like documentation or a test that only shows an attack.")
    return " ".join(parts)


def shortened(text: str) -> str:
    """What evidence shows of a text."""
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

"""One object for all who judge text: a look, later the gate and the fleet. Bytes and a channel in, findings out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clearance.detect.canonical import View, ViewProblem, Views, canonical, hidden_findings
from clearance.detect.classifier.judge import TextJudge, WindowJudgement
from clearance.detect.instructions import instruction_findings
from clearance.detect.secrets import SecretJudge
from clearance.model.finding import Clear, Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import Digest, RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

_SHOWN: Final = 240
"""Characters of a window that evidence shows."""
_TOLD: Final = 5
"""Places that a gap names."""
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
    secrets: SecretJudge | None = None
    """Finds credentials; None: nobody looks for them."""

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """Hits in each view, what is hidden, and what was not looked at; or a Clear. Never raises on any bytes.

        Judged are the plain text, the same in Latin letters where words pass for Latin ones, and what stands in it in
        a code. What several views say of the same place is one hit, that of the first.
        """
        views = canonical(data)
        hits: dict[tuple[ThreatKind, int, int], Hit] = {}
        for view in _judged(views) if channel is not SpanChannel.COMMAND else ():
            for seen in self.texts.judge(view.text, channel):
                hit = self._hit(seen, view, channel)
                hits.setdefault(_place(hit), hit)
        gaps = (*_not_looked_at(views.problems), *_not_parsed(channel))
        secrets = [f for f in self.secrets.judge(data, channel) if not isinstance(f, Clear)] if self.secrets else []
        lines = instruction_findings(views, channel)
        return (*hits.values(), *lines, *secrets, *hidden_findings(views, channel), *gaps) or (_nothing_seen(channel),)

    def _hit(self, seen: WindowJudgement, view: View, channel: SpanChannel) -> Hit:
        start, end = view.bytes_at(seen.start, seen.end)
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
                start=start,
                end=end,
                view=_shortened(seen.text) if view.decoded_by else "",
                decoded_by=view.decoded_by,
                tier=seen.tier,
                probability=round(seen.probability, 4),
                version=self.version,
            ),
        )


def _judged(views: Views) -> Iterator[View]:
    yield views.plain
    if views.skeleton is not views.plain:
        yield views.skeleton
    yield from views.decoded


def _place(hit: Hit) -> tuple[ThreatKind, int, int]:
    assert hit.span is not None
    return hit.span.threat, hit.span.start, hit.span.end


def _not_looked_at(problems: tuple[ViewProblem, ...]) -> tuple[Gap, ...]:
    """One gap for all that was cut or left out of the views."""
    unseen = [f"bytes {p.start}–{p.end}: {p.what}" for p in problems if not p.seen]
    if not unseen:
        return ()
    more = f"; and {len(unseen) - _TOLD} more" if len(unseen) > _TOLD else ""
    return (
        Gap(
            rule=_RULES[ThreatKind.INJECTION],
            title="Not all of the text was looked at",
            message="; ".join(unseen[:_TOLD]) + more,
            advice="Judge the parts that were left out by themselves, or do not let the assistant read them.",
        ),
    )


def _not_parsed(channel: SpanChannel) -> tuple[Gap, ...]:
    """What a command does does not stand in its words: the models do not judge it, and nothing parses it yet."""
    if channel not in (SpanChannel.COMMAND, SpanChannel.TOOL_CALL):
        return ()
    return (
        Gap(
            rule=RuleId("command-does-harm"),
            title="What the command does was not looked at",
            message="Commands are not parsed or followed; only secrets and hidden text in them are looked for.",
            advice="Let a person read it before it runs.",
            blocks_verdict=True,
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


def hits_of(findings: tuple[Finding, ...]) -> Iterator[Hit]:
    """The hits among findings."""
    return (finding for finding in findings if isinstance(finding, Hit))

"""What the models say of a text: its windows, their probabilities, and findings for those above a threshold."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from clearance.detect.classifier.heads import HEADS, Head
from clearance.detect.classifier.stages import Stages
from clearance.detect.classifier.weights import ModelCard, Thresholds
from clearance.detect.classifier.windows import SHORT, SIZE, Window, windows
from clearance.model.threat import MisuseTier, SpanChannel, ThreatKind

_BATCH: Final = 64
_ASKED: Final = frozenset({SpanChannel.USER_PROMPT, SpanChannel.SYSTEM_PROMPT, SpanChannel.TOOL_CALL})
"""Channels in which requests stand: only there the question for a tier makes sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowJudgement:
    """One window above a threshold."""

    kind: ThreatKind
    start: int
    end: int
    """Code points of the text that was judged."""
    text: str
    probability: float
    percent: float
    """The share of ordinary windows in percent that lie above the strictest threshold which this one passed."""
    of_its_length: float | None = None
    """The same share among ordinary texts that are as short; None: it is larger than the largest threshold's."""
    tier: MisuseTier | None = None
    exfiltrates: float = 0.0
    quoted: float = 0.0
    """Probabilities of the heads beside."""


class TextJudge:
    """Judges texts with one set of weights and thresholds."""

    def __init__(self, stages: Stages, card: ModelCard, thresholds: Sequence[Thresholds] | None = None) -> None:
        self._stages, self._card = stages, card
        self._thresholds = tuple(sorted(thresholds or card.thresholds, key=lambda t: t.percent))

    def judge(self, text: str, channel: SpanChannel) -> Iterator[WindowJudgement]:
        """The windows of a text that pass a threshold of its channel, in order. Memory does not grow with the text."""
        found = windows(text)
        while some := tuple(islice(found, _BATCH)):
            for window, logits in zip(some, self._stages.logits([w.text for w in some]), strict=True):
                yield from self._judged(window, [float(logit) for logit in logits], channel)

    def quoted(self, text: str) -> float:
        """The probability that a text only shows an attack: documentation, a test, a report. Reads one window."""
        return self._probability(Head.QUOTED, [float(logit) for logit in self._stages.logits([text[:SIZE]])[0]])

    def _judged(self, window: Window, logits: list[float], channel: SpanChannel) -> Iterator[WindowJudgement]:
        if not window.text.strip():
            return
        percent = self._passed(logits[_at(Head.THREAT)], lambda t: t.threat[channel])
        if percent is not None:
            among = self._passed(logits[_at(Head.THREAT)], lambda t: _limit(t, window, channel))
            yield self._judgement(_threat(channel), Head.THREAT, window, logits, percent, among)
        if channel in _ASKED:
            percent = self._passed(logits[_at(Head.MISUSE)], lambda t: t.misuse)
            if percent is not None:
                yield self._judgement(ThreatKind.CYBER_MISUSE, Head.MISUSE, window, logits, percent, percent)

    def _passed(self, logit: float, of: Callable[[Thresholds], float]) -> float | None:
        return next((t.percent for t in self._thresholds if logit > of(t)), None)

    def _judgement(
        self, kind: ThreatKind, head: Head, window: Window, logits: list[float], percent: float, among: float | None
    ) -> WindowJudgement:
        return WindowJudgement(
            kind=kind,
            start=window.start,
            end=window.end,
            text=window.text,
            probability=self._probability(head, logits),
            percent=percent,
            of_its_length=among,
            tier=MisuseTier.PROHIBITED if head is Head.MISUSE else None,
            exfiltrates=self._probability(Head.EXFILTRATION, logits),
            quoted=self._probability(Head.QUOTED, logits),
        )

    def _probability(self, head: Head, logits: list[float]) -> float:
        return self._card.curves[_at(head)].at(logits[_at(head)])


def _limit(thresholds: Thresholds, window: Window, channel: SpanChannel) -> float:
    limit = thresholds.threat[channel]
    return limit if thresholds.short is None or len(window.text) >= SHORT else max(limit, thresholds.short)


def _at(head: Head) -> int:
    return HEADS.index(head)


def _threat(channel: SpanChannel) -> ThreatKind:
    return ThreatKind.JAILBREAK if channel is SpanChannel.USER_PROMPT else ThreatKind.INJECTION

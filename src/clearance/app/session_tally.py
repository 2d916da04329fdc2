"""What of a session is only counted: lines of bookkeeping, and weak hits of the models in its own words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from clearance.model.finding import Clear, Finding, Hit, Severity
from clearance.model.session import SessionSpan
from clearance.model.threat import SpanChannel

_EMPTY: Final = "empty"
_MOST_KINDS: Final = 64
_NAMED: Final = 12
_OTHERS: Final = "other kinds"
_MOST_LINES: Final = 5
_SHORT: Final = 16
"""Bytes below which a text from elsewhere hardly gives an order, in any script."""
_OWN_WORDS: Final = frozenset({SpanChannel.USER_PROMPT, SpanChannel.ASSISTANT_TEXT, SpanChannel.TOOL_CALL})
"""What nobody from elsewhere wrote. Sessions are full of ``push it`` and ``Done.``, which the models know little of."""


class Tally:
    """Counts, and says what it counted in sentences."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._weak = 0
        self._lines: dict[int, None] = {}

    def line(self, kind: str) -> None:
        """A line of a kind that holds nothing a model reads or writes; no kind: it is no such line."""
        if kind and kind != _EMPTY:
            self._kinds[kind if kind in self._kinds or len(self._kinds) < _MOST_KINDS else _OTHERS] += 1

    def told(self, span: SessionSpan, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings of a span that are told one by one: all but low hits of the models in own or few words."""
        ordinary = span.channel in _OWN_WORDS or len(span.data) < _SHORT
        weak = [each for each in findings if ordinary and _is_weak(each)]
        self._weak += len(weak)
        if weak and len(self._lines) < _MOST_LINES:
            self._lines[span.line] = None
        return tuple(each for each in findings if not isinstance(each, Clear) and each not in weak)

    def notes(self) -> Iterator[str]:
        """Nothing where nothing was counted."""
        if self._kinds:
            named = ", ".join(f"{kind} {count}" for kind, count in self._kinds.most_common(_NAMED))
            more = f", and {len(self._kinds) - _NAMED} more kinds" if len(self._kinds) > _NAMED else ""
            count = self._kinds.total()
            yield f"Lines that hold nothing of the conversation were not read: {count} ({named}{more})."
        if self._weak:
            named = ", ".join(str(line) for line in self._lines)
            yield (
                "Low hits of the models in prompts, calls, words of the assistant and answers of fewer than "
                f"{_SHORT} bytes are counted only: {self._weak} (first lines: {named})."
            )


def _is_weak(finding: Finding) -> bool:
    """Whether only the models saw it, and barely."""
    return (
        isinstance(finding, Hit)
        and finding.severity.rank <= Severity.LOW.rank
        and finding.span is not None
        and finding.span.probability is not None
    )

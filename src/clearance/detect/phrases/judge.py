"""Finds phrases that give a reader orders: one pass of the engine over a view, then what else must be true."""

from dataclasses import dataclass
from typing import Final

from clearance.detect.patterns import Engine, Patterns
from clearance.detect.phrases.table import PhraseRule, Phrases, phrases
from clearance.model.ids import Digest
from clearance.model.threat import SpanChannel

MOST: Final = 1_000
"""Phrases that are read in one text."""
_NEAR: Final = 300
"""Code points around a phrase in which somebody who only speaks of it says so."""
_BEFORE: Final = 24
"""Bytes before a phrase in which its contrary would begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseSeen:
    """One phrase in a text."""

    rule: PhraseRule
    language: str
    start: int
    end: int
    """Code points of the text that was judged."""
    text: str
    around: str
    """The phrase with what stands near it."""
    about: bool
    """Whether words near it speak of such orders: documentation, a test, a report."""


class PhraseJudge:
    """Looks for the phrases of a table. May be used from several threads.

    Args:
        table: the rules; the shipped ones if None.
        saved: ``saved`` of an earlier judge's engine, to start at once.
        engine: another engine over the rows of the table.
    """

    def __init__(self, table: Phrases | None = None, *, saved: bytes = b"", engine: Engine | None = None) -> None:
        self._table = table or phrases()
        self.engine = engine or Patterns.compile(self._table.rows, saved=saved)

    @property
    def version(self) -> Digest:
        """Of the data file."""
        return self._table.version

    def find(self, text: str, channel: SpanChannel) -> tuple[tuple[PhraseSeen, ...], bool]:
        """Phrases that count in a channel, in order, and whether more were left. Of one rule none overlap.

        ``text`` is a view: invisible marks are gone, and quotes and spaces have one form. At most ``MOST`` are read.
        """
        lower = _lower(text)
        data = lower.encode("utf-8", "surrogatepass")
        matches = sorted(self.engine.scan(data), key=lambda match: (match.start, -match.end))
        point = byte = 0
        found: list[PhraseSeen] = []
        ends: dict[str, int] = {}
        for match in matches:
            rule, language = self._table.owners[match.row]
            if channel not in self._table.channels[rule.id] or match.start < ends.get(rule.id, 0):
                continue
            if self._negated(data[max(0, match.start - _BEFORE) : match.start]):
                continue
            if len(found) >= MOST:
                return tuple(found), True
            ends[rule.id] = match.end
            point, byte = point + _points(data[byte : match.start]), match.start
            end = point + _points(data[match.start : match.end])
            found.append(self._seen(rule, language, text, lower, point, end))
        return tuple(found), False

    def _negated(self, before: bytes) -> bool:
        words = before.decode("utf-8", "ignore")
        return any(words.endswith(word) for word in self._table.negated_by)

    def _seen(self, rule: PhraseRule, language: str, text: str, lower: str, start: int, end: int) -> PhraseSeen:
        end = _word_end(text, end, language)
        near = slice(max(0, start - _NEAR), end + _NEAR)
        around = lower[near]
        return PhraseSeen(
            rule=rule,
            language=language,
            start=start,
            end=end,
            text=text[start:end],
            around=text[near],
            about=any(word in around for word in self._table.about),
        )


def _word_end(text: str, end: int, language: str) -> int:
    """The end of the word of which a phrase holds the beginning, where words are parted by spaces."""
    if language not in _WITHOUT_SPACES:
        longest = min(len(text), end + _LONGEST_ENDING)
        while end < longest and text[end].isalpha():
            end += 1
    return end


_WITHOUT_SPACES: Final = frozenset({"zh", "ja"})
_LONGEST_ENDING: Final = 12


def _points(data: bytes) -> int:
    return len(data.translate(None, _CONTINUED))


_CONTINUED: Final = bytes(range(0x80, 0xC0))
"""Bytes of a code point behind its first."""


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(_one(char) for char in text)


def _one(char: str) -> str:
    lower = char.lower()
    return lower if len(lower) == 1 else char

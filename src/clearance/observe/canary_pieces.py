"""Tokens that were cut into pieces and sent in several emissions of one run."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearance.observe.canary_needles import Needle

_LEAST = 6
_GAP = 5
_COVERED = 0.75
_ALNUM = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_WORDS = bytes(octet if octet in _ALNUM else 32 for octet in bytes(range(256)).lower())
_BORING = 300_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a needle: its bytes from ``begin`` to ``end``."""

    needle: Needle
    begin: int
    end: int


class PieceIndex:
    """Finds words that are part of a needle: wholly, or the needle's beginning or end at their own end or beginning."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._by_start: dict[bytes, list[tuple[Needle, int]]] = defaultdict(list)
        for needle in needles:
            for at in range(len(needle.text) - _LEAST + 1):
                self._by_start[needle.text[at : at + _LEAST]].append((needle, at))
        self._boring: set[bytes] = set()

    def find(self, block: bytes) -> Iterator[Piece]:
        """Pieces in the block: words of letters and digits of at least six."""
        words = set(block.translate(_WORDS).split()) - self._boring
        for word in words:
            found = list(self._parts(word)) if len(word) >= _LEAST else []
            yield from found
            if not found:
                self._boring.add(word)
        if len(self._boring) > _BORING:
            self._boring.clear()

    def _parts(self, word: bytes) -> Iterator[Piece]:
        for needle, at in self._by_start.get(word[:_LEAST], ()):
            rest = needle.text[at:]
            if rest.startswith(word) or word.startswith(rest):
                yield Piece(needle, at, min(at + len(word), len(needle.text)))
        for needle, at in self._by_start.get(word[-_LEAST:], ()):
            end = at + _LEAST
            if end < len(word) and word.endswith(needle.text[:end]):
                yield Piece(needle, 0, end)


class Pieces:
    """The pieces of one run."""

    def __init__(self) -> None:
        self._found: dict[Needle, list[tuple[int, int, int, str]]] = defaultdict(list)

    def add(self, pieces: Iterator[Piece], emission: int, place: str) -> bool:
        """Note pieces of one emission. True when there were any."""
        any_found = False
        for piece in pieces:
            self._found[piece.needle].append((piece.begin, piece.end, emission, place))
            any_found = True
        return any_found

    def complete(self) -> Iterator[tuple[Needle, int, str, int]]:
        """Needles that the pieces make up: with the first piece's emission and place, and how many emissions it took.

        Fragments shorter than six letters are not searched for, so up to five letters may be missing in a row.
        """
        for needle, rows in self._found.items():
            rows.sort()
            reached, covered = 0, 0
            for begin, end, _, _ in rows:
                if begin - reached > _GAP:
                    break
                covered += max(end - max(begin, reached), 0)
                reached = max(reached, end)
            emissions = {emission for _, _, emission, _ in rows}
            size = len(needle.text)
            if len(emissions) > 1 and size - reached <= _GAP and covered >= _COVERED * size:
                yield needle, rows[0][2], rows[0][3], len(emissions)

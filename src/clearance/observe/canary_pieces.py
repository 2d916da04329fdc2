"""Tokens that were cut into pieces and sent in several emissions of one run, or sent without their first letters."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clearance.observe.canary_needles import Needle

_LEAST = 6
_GAP = 5
_COVERED = 0.7
_REMEMBERED = 40
_MOST = 50_000
_ALNUM = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_CODED = b"+/-_="
_WORDS = bytes(octet if octet in _ALNUM else 32 for octet in bytes(range(256)).lower())


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a needle: its bytes from ``begin`` to ``end``."""

    needle: Needle
    begin: int
    end: int


class PieceIndex:
    """Finds words that begin or end with six or more letters of a needle."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._by_start: dict[bytes, list[tuple[Needle, int]]] = defaultdict(list)
        for needle in needles:
            for at in range(len(needle.text) - _LEAST + 1):
                self._by_start[needle.text[at : at + _LEAST]].append((needle, at))
        self._barren: set[bytes] = set()

    def find(self, block: bytes) -> Iterator[Piece]:
        """Pieces in the block. Words are cut at ``+/-_=`` and also read across them: base64 is full of them."""
        words = set(block.translate(_WORDS).split())
        words.update(block.translate(_WORDS, _CODED).split())
        known = self._by_start.keys()
        fresh = words - self._barren
        hits = [word for word in fresh if word[:_LEAST] in known or word[-_LEAST:] in known]
        self._forgo([word for word in fresh.difference(hits) if _LEAST <= len(word) <= _REMEMBERED])
        for word in hits:
            yield from self._parts(word)

    def _forgo(self, words: Sequence[bytes]) -> None:
        """Remember words without a piece in them; forget all when there are too many."""
        if len(self._barren) + len(words) > _MOST:
            self._barren.clear()
        self._barren.update(words[:_MOST])

    def _parts(self, word: bytes) -> Iterator[Piece]:
        for needle, at in self._by_start.get(word[:_LEAST], ()):
            yield Piece(needle, at, at + _shared(needle.text[at:], word))
        if len(word) > _LEAST:
            for needle, at in self._by_start.get(word[-_LEAST:], ()):
                end = at + _LEAST
                yield Piece(needle, end - _shared(needle.text[:end][::-1], word[::-1]), end)


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes they begin with in common."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


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
            if size - reached <= _GAP and covered >= _COVERED * size:
                yield needle, rows[0][2], rows[0][3], len(emissions)

"""A view of a text, and the way back from its code points to the bytes of the original."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

Places = Callable[[int, int], tuple[int, int]]
"""Code points of a text, from and to, as bytes of the original."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenSpan:
    """Something that a reader of the original does not see."""

    kind: str
    """How it was hidden: ``tags``, ``variation-selectors``, ``zero-width``, ``bidi``, ``annotation`` …"""
    count: int
    """Code points that hide something or are hidden."""
    message: str
    """What they say; empty where it cannot be read."""
    code_points: tuple[str, ...]
    """The first kinds of them: ``U+200B``."""
    start: int
    """First byte in the original."""
    end: int
    """The byte behind the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewProblem:
    """What was cut or not looked at, and why."""

    what: str
    start: int
    end: int
    """Bytes of the original that it is about."""
    seen: bool = False
    """Whether it was looked at all the same: bytes that are not UTF-8."""


class Edit(NamedTuple):
    """Code points of a text, from and to, and what stands there instead."""

    start: int
    end: int
    text: str


class View:
    """A text, and where each of its code points lies in the original."""

    __slots__ = ("_places", "decoded_by", "text")

    def __init__(self, text: str, places: Places, decoded_by: tuple[str, ...] = ()) -> None:
        self.text: Final = text
        self.decoded_by: Final = decoded_by
        """From the outside in: ``base64``, ``gzip``."""
        self._places = places

    def bytes_at(self, start: int, end: int) -> tuple[int, int]:
        """Bytes of the original for code points of the view; of a decoded piece, all of its encoded bytes.

        Positions outside of the view are moved to its ends. Both results only grow as the positions grow.
        """
        start = min(max(start, 0), len(self.text))
        return self._places(start, min(max(end, start), len(self.text)))

    def edited(self, text: str, edits: Callable[[], Iterable[Edit]]) -> "View":
        """The view with edits, given again when somebody asks for places. Edits are in order and do not overlap."""
        return View(text, _Edited(self, edits), self.decoded_by)

    def piece(self, start: int, end: int, text: str, decoded_by: str) -> "View":
        """What some code points of this view say once they are decoded."""
        return View(text, _Whole(self, start, end), (*self.decoded_by, decoded_by))


class _Whole:
    """All of a piece lies where its code lies."""

    __slots__ = ("_end", "_start", "_view")

    def __init__(self, view: View, start: int, end: int) -> None:
        self._view, self._start, self._end = view, start, end

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        del start, end
        return self._view.bytes_at(self._start, self._end)


class _Edited:
    """Places in an edited text, by the edits; they are worked out when first asked for."""

    __slots__ = ("_before", "_edits", "_new", "_old", "_size", "_view", "_was")

    def __init__(self, view: View, edits: Callable[[], Iterable[Edit]]) -> None:
        self._view, self._edits = view, edits
        self._new: array[int] | None = None

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        if self._new is None:
            self._work_out()
        if end <= start:
            at = self._span(start)[0]
            return self._view.bytes_at(at, at)
        return self._view.bytes_at(self._span(start)[0], self._span(end - 1)[1])

    def _work_out(self) -> None:
        """Of each edit: where it begins in the new and the old text, and how long it is in both."""
        new, old, size, was = array("l"), array("l"), array("l"), array("l")
        moved = 0
        for start, end, text in self._edits():
            new.append(start + moved)
            old.append(start)
            size.append(len(text))
            was.append(end - start)
            moved += len(text) - (end - start)
        self._new, self._old, self._size, self._was = new, old, size, was

    def _span(self, at: int) -> tuple[int, int]:
        """The code points of the text before for one of the text now."""
        assert self._new is not None
        row = bisect_right(self._new, at) - 1
        if row < 0:
            return at, at + 1
        inside, begin, was = at - self._new[row], self._old[row], self._was[row]
        if inside < self._size[row]:
            return begin, begin + was
        behind = begin + was + inside - self._size[row]
        return behind, behind + 1


class Original:
    """Places of a text that was decoded from UTF-8, invalid bytes kept as surrogates."""

    __slots__ = ("_same", "_starts", "_text")

    def __init__(self, text: str, size: int) -> None:
        self._text, self._same = text, len(text) == size
        self._starts: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """Bytes for code points."""
        if self._same:
            return start, end
        if self._starts is None:
            self._starts = _starts(self._text)
        return int(self._starts[start]), int(self._starts[end])


def _starts(text: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    widths = np.ones(len(codes), dtype=np.uint8)
    for beyond in (0x7F, 0x7FF, 0xFFFF):
        widths += codes > beyond
    widths[(codes >= 0xDC80) & (codes <= 0xDCFF)] = 1
    starts = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(widths, out=starts[1:])
    return starts


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits."""
    return "".join(_parts(text, edits))


def _parts(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    at = 0
    for start, end, new in edits:
        yield text[at:start]
        yield new
        at = end
    yield text[at:]

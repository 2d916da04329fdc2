"""All views of one text. Each is made when it is first asked for, and kept."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from clearance.detect.canonical.codes import MOST_BYTES, Coded, coded, unpacked
from clearance.detect.canonical.hidden import hidden
from clearance.detect.canonical.nouns import HiddenSpan, Original, View, ViewProblem
from clearance.detect.canonical.plain import plain
from clearance.detect.canonical.skeleton import skeleton

MOST: Final = 32 << 20
"""Bytes of an original that are looked at."""
DEPTH: Final = 3
"""Codes around each other that are taken off."""
_MOST_PIECES: Final = 512
_MOST_DECODED: Final = 8 << 20
"""Bytes of all decoded pieces."""
_LEAST_MESSAGE: Final = 8


class Views:
    """The views of one text, what is hidden in it, and what was not looked at."""

    def __init__(self, data: bytes) -> None:
        self._size = len(data)
        data = data[:MOST]
        self._invalid = -1
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._invalid = error.start
            text = data.decode("utf-8", "surrogateescape")
        self.raw: Final = View(text, Original(text, len(data)))
        """The text as it is; bytes that are not UTF-8 are surrogates."""
        self._data = data

    @cached_property
    def plain(self) -> View:
        """Without what is invisible, quotes, dashes, spaces and line ends in one form, NFKC."""
        return plain(self.raw)

    @cached_property
    def skeleton(self) -> View:
        """The plain view with words that pass for Latin ones written in Latin letters."""
        return skeleton(self.plain)

    @cached_property
    def hidden(self) -> tuple[HiddenSpan, ...]:
        """What a reader does not see, in the original and in what it holds in code."""
        return (*self._hidden, *self._opened.hidden)

    @property
    def decoded(self) -> tuple[View, ...]:
        """What stands there in a code, as plain text; hidden messages that could be read, too."""
        return tuple(self._opened.views)

    @property
    def problems(self) -> tuple[ViewProblem, ...]:
        """What was cut or not looked at. Asking for it makes the views that it is about."""
        return (*self._unread(), *self._opened.problems)

    @cached_property
    def _hidden(self) -> tuple[HiddenSpan, ...]:
        return hidden(self.raw)

    @cached_property
    def _opened(self) -> "_Opening":
        opening = _Opening(self._size)
        opening.unpack(self.raw, self._data, 0)
        for each in self._hidden:
            opening.message(each, self.raw)
        opening.open(self.plain, 0)
        if self.skeleton is not self.plain:
            opening.open(self.skeleton, 0)
        return opening

    def _unread(self) -> Iterator[ViewProblem]:
        if self._size > MOST:
            yield ViewProblem(what=f"only the first {MOST} bytes were looked at", start=MOST, end=self._size)
        if self._invalid >= 0:
            number = len(self._data) - len(self.raw.text.encode("utf-8", "ignore"))
            what = f"{number} bytes are not UTF-8"
            yield ViewProblem(what=what, start=self._invalid, end=len(self._data), seen=True)


def canonical(data: bytes) -> Views:
    """The views of a text. Never raises on any bytes; time and memory grow with the size, up to a bound."""
    return Views(data)


class _Opening:
    """Takes codes off, within a budget."""

    def __init__(self, size: int) -> None:
        self.views: list[View] = []
        self.hidden: list[HiddenSpan] = []
        self.problems: list[ViewProblem] = []
        self._left = _MOST_DECODED
        self._size = size
        self._done: set[tuple[int, int, str]] = set()

    def unpack(self, around: View, data: bytes, depth: int) -> bool:
        """What compressed bytes hold; false for other bytes."""
        opened = unpacked(data, min(MOST_BYTES, self._left + 1))
        if opened is None:
            return False
        name, inside, cut = opened
        start, end = around.bytes_at(0, len(around.text))
        if depth >= DEPTH:
            self._too_deep(name, start, end)
            return True
        if cut:
            self.problems.append(ViewProblem(what=f"{name}: {cut}", start=start, end=end))
        text = inside.decode("utf-8", "surrogateescape")
        self._keep(around.piece(0, len(around.text), text, name), inside, depth + 1)
        return True

    def message(self, found: HiddenSpan, raw: View) -> None:
        """A hidden message, judged like what is written in a code."""
        if len(found.message) >= _LEAST_MESSAGE:
            view = View(found.message, lambda _start, _end: (found.start, found.end), (*raw.decoded_by, found.kind))
            self._keep(view, b"", 1)

    def open(self, view: View, depth: int) -> None:
        """What stands in a view in a code."""
        for found in coded(view.text):
            start, end = view.bytes_at(found.start, found.end)
            if depth >= DEPTH:
                self._too_deep(found.code, start, end)
                return
            if len(self.views) >= _MOST_PIECES or len(found.data) > self._left:
                what = "more stands in codes than is taken off"
                self.problems.append(ViewProblem(what=what, start=start, end=self._size))
                return
            if (start, end, found.code) not in self._done or depth:
                self._done.add((start, end, found.code))
                self._piece(view, found, depth)

    def _too_deep(self, code: str, start: int, end: int) -> None:
        what = f"{code} within {DEPTH} other codes was not taken off"
        self.problems.append(ViewProblem(what=what, start=start, end=end))

    def _piece(self, view: View, found: Coded, depth: int) -> None:
        text = found.data.decode("utf-8", "surrogateescape")
        if found.data[1::2].count(0) * 4 > len(found.data[1::2]) * 3 and len(found.data) >= 8:
            text = found.data.decode("utf-16-le", "replace")
        piece = view.piece(found.start, found.end, text, found.code)
        self._keep(piece, found.data, depth + 1)

    def _keep(self, piece: View, data: bytes, depth: int) -> None:
        self._left -= len(piece.text)
        if data and self.unpack(piece, data, depth):
            return
        shown = plain(piece)
        for each in hidden(piece):
            self.hidden.append(each)
            self.message(each, piece)
        self.views.append(shown)
        self.open(shown, depth)

"""Long text in windows that overlap, so that an order is whole in at least one of them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

SIZE: Final = 1200
"""Code points of a window."""
SHORT: Final = 640
"""Code points below which a window is short: a sentence alone that asks for something scores high, whoever wrote it."""
OVERLAP: Final = 240
"""Code points that a window shares with the one before: longer than most sentences."""


class Window(NamedTuple):
    """A piece of a text, and where it begins, in code points."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The code point behind the last one."""
        return self.start + len(self.text)


def windows(text: str) -> Iterator[Window]:
    """Windows that cover the whole text in order; cut at a line end or a space where one is near."""
    start = 0
    while len(text) - start > SIZE:
        end = _cut(text, start)
        yield Window(text[start:end], start)
        start = end - OVERLAP
    yield Window(text[start:], start)


def _cut(text: str, start: int) -> int:
    latest, earliest = start + SIZE, start + SIZE - OVERLAP // 2
    for mark in ("\n", " "):
        at = text.rfind(mark, earliest, latest)
        if at != -1:
            return at + 1
    return latest

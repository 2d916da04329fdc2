"""A script as its literals and comments, with byte offsets: what is written down in it, and what is code around it."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clearance.observe.static.escapes import unescape

Offsets = npt.NDArray[np.int64]


class LiteralKind(enum.IntEnum):
    """What a stretch of a script is."""

    STRING = 0
    TEMPLATE = 1
    """One piece of a template (or of an f-string) between two interpolations."""
    PATTERN = 2
    """A regular expression."""
    COMMENT = 3
    PROSE = 4
    """Text between the tags of a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Bytes and where their literals are; sorted, without overlap.

    ``starts`` and ``ends`` hold the content without its quotes; ``joined[i]`` is True where piece ``i`` of a template
    goes on from piece ``i - 1`` (an interpolation stands between them).
    """

    data: bytes | memoryview
    starts: Offsets
    ends: Offsets
    kinds: npt.NDArray[np.uint8]
    joined: npt.NDArray[np.bool_]
    python: bool = False
    """Escapes and prefixes are Python's, not JavaScript's."""

    def __len__(self) -> int:
        """How many literals and comments there are."""
        return len(self.starts)

    def raw(self, index: int) -> bytes:
        """The literal as written, without its quotes."""
        return bytes(self.data[self.starts[index] : self.ends[index]])

    def text(self, index: int) -> str:
        """What the literal stands for, escapes undone."""
        return unescape(self.raw(index), python=self.python)

    def strings(self, *, least: int = 0) -> Iterator[int]:
        """Indices of strings and template pieces of at least ``least`` bytes."""
        wanted = (self.kinds <= LiteralKind.TEMPLATE) & (self.ends - self.starts >= least)
        return iter(np.flatnonzero(wanted).tolist())

    def covers(self, offset: int) -> int:
        """Index of the literal or comment that holds a byte, or -1: code."""
        index = int(np.searchsorted(self.starts, offset, side="right")) - 1
        return index if index >= 0 and offset < self.ends[index] else -1

    def in_literals(self, offsets: Offsets) -> npt.NDArray[np.intp]:
        """For each byte the index of the literal or comment that holds it, or -1: code."""
        if not len(self.starts):
            return np.full(len(offsets), -1, np.intp)
        index = np.searchsorted(self.starts, offsets, side="right") - 1
        return np.where((index >= 0) & (offsets < self.ends[np.maximum(index, 0)]), index, -1)

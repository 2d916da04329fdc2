"""Names that a script binds to strings, so that what is put together from names can be read.

A name counts as what it was last bound to before the place that asks, or else first behind it: minified code binds the
same short names again and again. That is a guess; what comes of it must prove itself.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.batches import Ints
from clearance.observe.static.hidden_strings.measured import Measured

MOST_NAMES: Final = 60_000
_LONGEST: Final = 4096
_BOUND: Final = re.compile(rb"[bBrRuU]{0,2}\s{0,8}([\[(])?\s{0,4}[=:](?:\s?rts\s?:)?\s{0,4}[\"']?([\w$]{1,40})")
"""From the quote backwards: only then is it decided at the first byte."""
_BACK: Final = 64
_MOST_ITEMS: Final = 4096
_SIGNS: Final = b"=:[(\n"


class Constants:
    """The strings, and lists of strings, of one member by their names."""

    def __init__(self, strings: Measured) -> None:
        self._strings = strings
        self._names: dict[bytes, tuple[list[int], list[int]]] = {}
        self._lists: dict[bytes, tuple[list[int], list[int]]] = {}
        data = bytes(strings.script.data)
        for index in self._candidates()[:MOST_NAMES].tolist():
            start = int(strings.starts[index]) - 1
            match = _BOUND.match(data[max(0, start - _BACK) : start][::-1])
            if match:
                table = self._names if match[1] is None else self._lists
                places, indices = table.setdefault(match[2][::-1], ([], []))
                places.append(start)
                indices.append(index)

    def _candidates(self) -> Ints:
        """Strings behind a sign that binds, a blank or a prefix between."""
        strings = self._strings
        signs = np.zeros(256, np.bool_)
        signs[list(_SIGNS)] = True
        short = np.flatnonzero((strings.sizes <= _LONGEST) & (strings.starts >= 4))
        before = strings.data[strings.starts[short][:, None] - (2, 3, 4)]
        equal = ord("=")
        compared = (before[:, 0] == equal) & (before[:, 1] == equal)
        found: Ints = short[signs[before].any(axis=1) & ~compared]
        return found

    def value(self, name: bytes, place: int) -> tuple[bytes, int] | None:
        """What a name, or the last part of a path, stands for at a place, and where that is written."""
        index = self._nearest(self._names, name.rpartition(b".")[2], place)
        if index is None:
            return None
        return self._strings.plain(index), int(self._strings.starts[index])

    def item(self, name: bytes, number: int, place: int) -> tuple[bytes, int] | None:
        """An item of a list of strings that a name stands for, and where it is written."""
        first = self._nearest(self._lists, name.rpartition(b".")[2], place)
        if first is None or number > _MOST_ITEMS or first + number >= len(self._strings):
            return None
        if not self._strings.listed[first : first + number].all():
            return None
        index = first + number
        return self._strings.plain(index), int(self._strings.starts[index])

    @staticmethod
    def _nearest(table: dict[bytes, tuple[list[int], list[int]]], name: bytes, place: int) -> int | None:
        known = table.get(name)
        if known is None:
            return None
        places: Sequence[int] = known[0]
        return known[1][max(0, bisect_right(places, place) - 1)]

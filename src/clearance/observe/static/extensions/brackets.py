"""Which brackets of a script belong together, and which literals stand between them: by its literals, without a parser.

All walks of one script share a budget of bytes; where it is spent, nothing more is found.
"""

import re
from typing import Final, NamedTuple

import numpy as np

from clearance.observe.static.script import LiteralKind, Script

_BRACKET: Final = re.compile(rb"[()\[\]{}]")
_OPENING: Final = b"([{"
_WIDEST: Final = 24 << 10
"""Bytes of one pair with what is between."""
_BUDGET: Final = 6 << 20
_GOES_ON: Final = re.compile(rb"\A[\"'`]{1,3}(?:\s|\\\n|\+|\)|\(){0,200}[rRfFbBuU]{0,2}[\"'`]{1,3}\Z")
_MOST_PIECES: Final = 200


class Place(NamedTuple):
    """A literal between brackets."""

    literal: int
    depth: int
    """1 where no other brackets are around it."""


class Brackets:
    """Walks over one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._left = _BUDGET
        self._known: dict[int, tuple[int, list[Place]]] = {}

    def after(self, opened: int) -> list[Place]:
        """Strings and templates between the bracket at ``opened`` and its end; none where it has no end in reach."""
        return self._walk(opened)[1]

    def close(self, opened: int) -> int:
        """Behind the end of the bracket at ``opened``, or -1."""
        return self._walk(opened)[0]

    def open(self, at: int) -> int:
        """Where the innermost bracket around ``at`` is, or -1."""
        script, depth, stop = self.script, 0, max(0, at - _WIDEST)
        index = int(np.searchsorted(script.starts, at, side="right")) - 1
        if index >= 0 and at < script.ends[index]:
            at, index = int(script.starts[index]), index - 1
        while at > stop and self._left > 0:
            low = max(stop, int(script.ends[index]) if index >= 0 else 0)
            self._left -= at - low + 1
            for match in reversed(list(_BRACKET.finditer(script.data, low, max(low, at)))):
                depth += -1 if match[0] in _OPENING else 1
                if depth < 0:
                    return match.start()
            at, index = (int(script.starts[index]) if index >= 0 else 0), index - 1
        return -1

    def next_literal(self, at: int) -> int:
        """The first string at or behind ``at``, or -1."""
        script, index = self.script, int(np.searchsorted(self.script.starts, at))
        while index < len(script) and script.kinds[index] > LiteralKind.TEMPLATE:
            index += 1
            if index < len(script) and script.starts[index] - at > _WIDEST:
                return -1
        return index if index < len(script) else -1

    def before(self, index: int) -> bytes:
        """The 100 bytes before a literal's text."""
        start = int(self.script.starts[index])
        return bytes(self.script.data[max(0, start - 100) : start])

    def whole(self, index: int) -> str:
        """A literal with the pieces that it is put together from: templates, ``+``, and literals side by side."""
        script, text = self.script, self.script.text(index)
        for following in range(index + 1, min(len(script), index + _MOST_PIECES)):
            between = bytes(script.data[script.ends[following - 1] : script.ends[following - 1] + 260])
            gap = between[: max(0, int(script.starts[following] - script.ends[following - 1]))]
            if script.joined[following]:
                text += "${…}" + script.text(following)
            elif script.kinds[following] <= LiteralKind.TEMPLATE and len(gap) < 256 and _GOES_ON.match(gap):
                text += script.text(following)
            else:
                break
        return text

    def _walk(self, opened: int) -> tuple[int, list[Place]]:
        if opened not in self._known:
            self._known[opened] = self._walked(opened)
        return self._known[opened]

    def _walked(self, opened: int) -> tuple[int, list[Place]]:
        script, depth, at = self.script, 0, opened
        stop = min(len(script.data), opened + _WIDEST)
        index = int(np.searchsorted(script.starts, opened))
        places: list[Place] = []
        while at < stop and self._left > 0:
            high = min(stop, int(script.starts[index])) if index < len(script) else stop
            self._left -= max(0, high - at) + 1
            for match in _BRACKET.finditer(script.data, at, max(at, high)):
                depth += 1 if match[0] in _OPENING else -1
                if depth <= 0:
                    return match.end(), places
            if index >= len(script):
                break
            if script.kinds[index] <= LiteralKind.TEMPLATE and not script.joined[index]:
                places.append(Place(index, depth))
            at, index = int(script.ends[index]), index + 1
        return -1, []

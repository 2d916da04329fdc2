"""Bodies of HTTP/1.1 requests: by length, or chunked, read as they come."""

import re
from typing import Protocol

_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;[^\n]*)?\r?\n")
_MOST_LINE = 1 << 16


class MalformedError(Exception):
    """The bytes break HTTP/1.1."""


class Body(Protocol):
    """A body that is being received."""

    data: bytearray
    """Without transfer coding."""
    raw: bytearray
    """Exactly as sent, when that differs; else empty."""
    done: bool

    def feed(self, held: bytearray) -> None:
        """Takes from the front of the held bytes what belongs to it. Raises MalformedError."""
        ...


class SizedBody:
    """A body with a length; 0 for none."""

    def __init__(self, size: int) -> None:
        self.data = bytearray()
        self.raw = bytearray()
        self._left = size
        self.done = size == 0

    def feed(self, held: bytearray) -> None:
        """Takes up to its length."""
        piece = held[: self._left]
        del held[: len(piece)]
        self.data += piece
        self._left -= len(piece)
        self.done = self._left == 0


class ChunkedBody:
    """A chunked body; ``raw`` keeps sizes as written, extensions and trailers."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.raw = bytearray()
        self.done = False
        self._left = 0  # bytes of the chunk still to come, its line end included
        self._in_trailers = False

    def feed(self, held: bytearray) -> None:
        """Takes whole chunks, parts of chunks, and at last the trailers."""
        while not self.done:
            if self._left:
                if not self._take_data(held):
                    return
                continue
            end = held.find(b"\n") + 1
            if not end:
                if len(held) > _MOST_LINE:
                    raise MalformedError("an endless line in a chunked body")
                return
            line = self._take(held, end)
            if self._in_trailers:
                self.done = line in {b"\r\n", b"\n"}
            else:
                self._begin_chunk(line)

    def _begin_chunk(self, line: bytes) -> None:
        match = _SIZE_LINE.fullmatch(line)
        if match is None:
            raise MalformedError("not a chunk size")
        size = int(match[1], 16)
        self._in_trailers = size == 0
        self._left = size + 2 if size else 0

    def _take_data(self, held: bytearray) -> bool:
        if self._left > 2:
            piece = self._take(held, min(self._left - 2, len(held)))
            self.data += piece
            self._left -= len(piece)
        if self._left > 2 or len(held) < 2:
            return False
        if self._take(held, 2) != b"\r\n":
            raise MalformedError("a chunk longer than its size")
        self._left = 0
        return True

    def _take(self, held: bytearray, size: int) -> bytes:
        piece = bytes(held[:size])
        del held[:size]
        self.raw += piece
        return piece

"""A stretch of a file on disk, read in pieces.

Not ``mmap``: a file that shrinks while it is mapped ends the process, and pages that were searched count as memory.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PIECE = 1 << 20
FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Broken(Exception):  # noqa: N818 - a verdict on hostile input, which becomes an Unopened
    """The container is not what it says. ``str(error)`` says why, as the end of a sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """``size`` bytes of an open file from ``start``; offsets below count from there."""

    handle: int
    file: Path
    start: int
    size: int

    def read(self, at: int, size: int) -> bytes:
        """Up to ``size`` bytes; fewer where the region (or the file, if it was cut meanwhile) ends."""
        size = min(size, self.size - at)
        if at < 0 or size <= 0:
            return b""
        data = os.pread(self.handle, size, self.start + at)
        if len(data) == size or not data:
            return data
        parts = [data]
        while (size := size - len(parts[-1])) and parts[-1]:
            at += len(parts[-1])
            parts.append(os.pread(self.handle, size, self.start + at))
        return b"".join(parts)

    def exactly(self, at: int, size: int) -> bytes:
        """``size`` bytes. Raises Broken where there are fewer."""
        data = self.read(at, size) if size > 0 else b""
        if size < 0 or len(data) < size:
            raise Broken("it ends in the middle")
        return data

    def part(self, at: int, size: int) -> "Region":
        """A stretch of it. Raises Broken when it does not lie inside."""
        if at < 0 or size < 0 or at + size > self.size:
            raise Broken("it says that something lies where it has no bytes")
        return Region(handle=self.handle, file=self.file, start=self.start + at, size=size)

    def pieces(self, at: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Its bytes from ``at`` to ``end`` in pieces of at most 1 MiB."""
        end = self.size if end is None else min(end, self.size)
        while at < end and (piece := self.read(at, min(PIECE, end - at))):
            at += len(piece)
            yield piece

    def find(self, needle: bytes, at: int = 0, end: int | None = None) -> int:
        """Where ``needle`` begins first in ``at`` to ``end``; -1 if nowhere."""
        return next(self.finds(needle, at, end), -1)

    def finds(self, needle: bytes, at: int = 0, end: int | None = None) -> Iterator[int]:
        """Every place where ``needle`` begins, in order."""
        yield from (place for place, _ in self.finds_any((needle,), at, end))

    def finds_any(self, needles: tuple[bytes, ...], at: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Every place where one of ``needles`` begins, with the needle; in order within each MiB."""
        end = self.size if end is None else min(end, self.size)
        overlap = max(map(len, needles)) - 1
        while at < end:
            data = self.read(at, min(PIECE + overlap, end - at))
            for needle in needles:
                place = data.find(needle)
                # What begins in the overlap is the next piece's.
                while 0 <= place < PIECE:
                    yield at + place, needle
                    place = data.find(needle, place + 1)
            if not data:
                return
            at += PIECE

    def last(
        self, needles: tuple[bytes, ...], most: int, at: int = 0, end: int | None = None
    ) -> dict[bytes, list[int]]:
        """The last places of each needle in ``at`` to ``end``, the very last first; at most ``most`` of each."""
        end = self.size if end is None else min(end, self.size)
        overlap = max(map(len, needles)) - 1
        found: dict[bytes, list[int]] = {needle: [] for needle in needles}
        begin = end
        while begin > at:
            stop, begin = begin, max(at, begin - PIECE)
            data = self.read(begin, min(stop - begin + overlap, end - begin))
            for needle, places in found.items():
                # What begins at or behind ``stop`` was in the piece before.
                place = data.rfind(needle, 0, stop - begin + len(needle) - 1)
                while place >= 0 and len(places) < most:
                    places.append(begin + place)
                    place = data.rfind(needle, 0, place + len(needle) - 1)
        return found

    def as_file(self) -> io.BufferedReader:
        """A seekable file of just these bytes, for readers that want one."""
        return io.BufferedReader(_RegionFile(self), 1 << 16)


@contextmanager
def opened(file: Path) -> Iterator[Region]:
    """The whole of a regular file, while it is entered. Links are not followed. Raises OSError."""
    handle = os.open(file, FLAGS)
    try:
        yield Region(handle=handle, file=file, start=0, size=os.fstat(handle).st_size)
    finally:
        os.close(handle)


class _RegionFile(io.RawIOBase):
    def __init__(self, region: Region) -> None:
        self._region = region
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._region.size}[whence]
        if base + offset < 0:
            raise ValueError("before the begin")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._region.read(self._at, len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

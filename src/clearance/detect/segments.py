"""Long bytes in segments, so that what is made of them needs memory for one segment only.

1. A text of up to two megabytes is one segment.
2. Segments share 4 KB, more than the classifiers and the longest phrase look at in one piece.
3. A cut lies where no code can go on: behind a byte that base64 and hex do not use. Where none is near, the segment
   goes on up to four megabytes; a code that is longer is then decoded in parts.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

SIZE: Final = 1 << 20
"""Bytes of a segment."""
LONGEST: Final = 4 << 20
"""Bytes of a segment that holds a run without a place to cut."""
OVERLAP: Final = 4096
"""Bytes that a segment shares with the one before."""
_CUT: Final = re.compile(rb"[^A-Za-z0-9+/_=\r\n-]\r?\n|\n[ \t]*\r?\n")
_ANY_CUT: Final = re.compile(rb"[^A-Za-z0-9+/_=\r\n-](?![\x80-\xbf])")
_NEAR: Final = 1 << 15


class Segment(NamedTuple):
    """A piece of the bytes, and where it begins."""

    data: bytes
    start: int


def segments(data: bytes) -> Iterator[Segment]:
    """Segments that cover all of the bytes, in order. Never raises on any bytes."""
    start = 0
    while len(data) - start > 2 * SIZE:
        end = _cut(data, start + SIZE, min(len(data), start + LONGEST))
        yield Segment(data[start:end], start)
        start = _point(data, end - OVERLAP)
    yield Segment(data[start:], start)


def _cut(data: bytes, earliest: int, latest: int) -> int:
    found = _CUT.search(data, earliest, min(latest, earliest + _NEAR)) or _ANY_CUT.search(data, earliest, latest)
    return found.end() if found else _point(data, latest)


def _point(data: bytes, at: int) -> int:
    """The first byte of the code point that holds a byte, if these bytes are UTF-8."""
    for back in range(4):
        if data[at - back : at - back + 1] and not 0x80 <= data[at - back] < 0xC0:
            return at - back
    return at

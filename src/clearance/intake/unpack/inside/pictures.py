"""Pictures that end before their file does: what follows is a member of its own, read like any other.

Viewers stop at the end of a PNG, JPEG or GIF; a program can go on reading. A picture without an end is left whole.
"""

import re
from collections.abc import Callable
from typing import Final

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.model.contents import Language

BEHIND: Final = "behind-picture"
"""How such a member is found."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_LARGEST: Final = 64 << 20
_MOST_PIECES: Final = 2_000_000
_LEAST: Final = 16
"""Bytes behind a picture that are worth a look; fewer are padding of some tool."""
_CHUNK: Final = re.compile(rb"[A-Za-z]{4}")
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ALONE: Final = frozenset((0x01, *range(0xD0, 0xD9)))


def begins_picture(head: bytes) -> bool:
    """Whether bytes begin like a PNG, JPEG or GIF."""
    return head.startswith((_PNG, b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))


def open_picture(container: Container) -> Remainder | None:
    """What follows the picture's end, zeros left out. Raises LimitReached."""
    region = container.region
    if region.size > _LARGEST:
        container.closed("", region.size, f"The picture has more than {_LARGEST} bytes; its end was not looked for.")
        return None
    data = region.read(0, region.size)
    end = _end_of(data)(data)
    if end < 0:
        return None
    while data[end : end + 1] == b"\0":
        end += len(data) - end - len(data[end:].lstrip(b"\0"))
    if len(data) - end < _LEAST:
        return None
    container.lies(f"(behind the picture at {end})", end, len(data) - end, how=BEHIND)
    return Remainder(at=0, size=end, language=Language.MEDIA)


def _end_of(data: bytes) -> Callable[[bytes], int]:
    return _png_end if data.startswith(_PNG) else _gif_end if data.startswith(b"GIF8") else _jpeg_end


def _png_end(data: bytes) -> int:
    """Behind the chunk that ends it, or where no more chunks come; -1 where it is cut off."""
    at = len(_PNG)
    for _ in range(_MOST_PIECES):
        kind = data[at + 4 : at + 8]
        if len(kind) < 4:
            return -1
        if not _CHUNK.fullmatch(kind):
            return at
        at += 12 + int.from_bytes(data[at : at + 4])
        if at > len(data):
            return -1
        if kind == b"IEND":
            return at
    return -1


def _jpeg_end(data: bytes) -> int:
    """Behind the marker of the end; -1 where there is none."""
    at = 2
    for _ in range(_MOST_PIECES):
        match = _MARKER.search(data, at)
        if match is None:
            return -1
        at, marker = match.end(), data[match.end() - 1]
        if marker == 0xD9:
            return at
        if marker not in _ALONE:
            at += max(2, int.from_bytes(data[at : at + 2]))
    return -1


def _gif_end(data: bytes) -> int:
    """Behind the trailer; -1 where it is cut off, or where something else stands than a block."""
    at = 13 + _table(data[10:11])
    for _ in range(_MOST_PIECES):
        kind = data[at : at + 1]
        if kind == b";":
            return at + 1
        if kind == b"!":
            at = _blocks_end(data, at + 2)
        elif kind == b",":
            at = _blocks_end(data, at + 11 + _table(data[at + 9 : at + 10]))
        else:
            return -1
    return -1


def _table(flags: bytes) -> int:
    """Bytes of a table of colours."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1

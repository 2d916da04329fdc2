"""Where C2SP tlog-tiles keeps hashes and entries, and how entries lie in a bundle.

A tile has 256 hashes of one level; each hash of the next level is the root over one full tile. The last tile of a level
may be partial, and then carries its width in its name: ``tile/0/x001/234.p/17``.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from typing import Final

WIDTH: Final = 256
HASH: Final = 32
_LENGTH: Final = struct.Struct(">H")
_PATH: Final = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?")


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """``tile/0/000``; ``level`` is a number or ``entries``; ``width`` of a full tile is left out."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def read_tile_path(path: str) -> tuple[str, int, int] | None:
    """Level or ``entries``, number and width of a tile's path; None for any other path, also one spelt otherwise."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    number = int(match[2].replace("/", "").replace("x", ""))
    width = int(match[3]) if match[3] else WIDTH
    level = match[1]
    return (level, number, width) if tile_path(level, number, width) == path and width > 0 else None


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as one file: each behind its length in two bytes."""
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def entries_of(data: bytes) -> Iterator[bytes]:
    """The entries of a bundle. Raises ValueError where it ends in the middle of one."""
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("it ends in the middle of a length")
        end = at + 2 + _LENGTH.unpack_from(data, at)[0]
        if end > len(data):
            raise ValueError("it ends in the middle of an entry")
        yield data[at + 2 : end]
        at = end


def widths(size: int) -> Iterator[tuple[int, int, int]]:
    """Level, number of full tiles and width of the partial one, of a tree of ``size`` leaves, from the leaves up."""
    level, here = 0, size
    while here:
        yield level, here // WIDTH, here % WIDTH
        level, here = level + 1, here // WIDTH

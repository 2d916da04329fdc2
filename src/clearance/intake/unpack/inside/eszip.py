"""Deno's ``eszip`` (version 2): a table of modules, their sources, their source maps. Numbers are big-endian."""

from collections.abc import Iterator
from dataclasses import dataclass

from clearance.intake.unpack.inside.region import Region
from clearance.model.contents import Language

BEGIN = b"ESZIP2"
_MAGIC = 8
_LARGEST_TABLE = 16 << 20
_LONGEST_NAME = 1 << 16
_MODULE, _REDIRECT, _NPM = 0, 1, 2
_KINDS = {0: Language.JAVASCRIPT}
_NO_CHECKSUMS_BEFORE = b"ESZIP2.2"
_CHECKSUM = {0: 0, 1: 32, 2: 8}
"""Bytes behind each source by the kind of checksum: none, SHA-256, xxHash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EszipPart:
    """A file of a Deno program, or a part of its description."""

    name: str
    at: int
    size: int
    hint: Language | None = None


class _NoSense(Exception):  # noqa: N818 - says that the bytes are something else
    pass


def read_eszip(region: Region, at: int) -> tuple[EszipPart, ...]:
    """Sources and maps, if an eszip begins there; none otherwise. Offsets count from the region's begin."""
    magic = region.read(at, _MAGIC)
    if not magic.startswith(BEGIN):
        return ()
    try:
        return tuple(_parts(region, at + _MAGIC, magic))
    except _NoSense:
        return ()


def _parts(region: Region, at: int, magic: bytes) -> Iterator[EszipPart]:
    checksum = 32
    if magic >= _NO_CHECKSUMS_BEFORE:
        options, at = _block(region, at)
        pairs = dict(zip(options[::2], options[1::2], strict=False))
        checksum = _CHECKSUM.get(pairs.get(0, 1), 32)
        at += checksum
    table, at = _block(region, at)
    at += checksum
    if magic >= b"ESZIP2.1":
        _, at = _block(region, at)
        at += checksum
    rows = tuple(_rows(table))
    sources, maps_length = at + 4, at + 4 + _number(region.read(at, 4))
    maps = maps_length + 4
    if maps > region.size:
        raise _NoSense
    for name, (source, size, map_at, map_size), kind in rows:
        for label, base, offset, length, hint in (
            (name, sources, source, size, _KINDS.get(kind)),
            (f"{name}.map", maps, map_at, map_size, None),
        ):
            if length and base + offset + length <= region.size:
                yield EszipPart(name=label, at=base + offset, size=length, hint=hint)


def _rows(table: bytes) -> Iterator[tuple[str, tuple[int, ...], int]]:
    at = 0
    while at < len(table):
        length = _number(table[at : at + 4])
        name = table[at + 4 : at + 4 + length]
        at += 4 + length
        if length > _LONGEST_NAME or len(name) < length or at >= len(table):
            raise _NoSense
        kind, at = table[at], at + 1
        if kind == _MODULE:
            if at + 17 > len(table):
                raise _NoSense
            places = tuple(_number(table[i : i + 4]) for i in range(at, at + 16, 4))
            yield name.decode("utf-8", "backslashreplace"), places, table[at + 16]
            at += 17
        elif kind == _REDIRECT:
            at += 4 + _number(table[at : at + 4])
        elif kind == _NPM:
            at += 4
        else:
            raise _NoSense


def _block(region: Region, at: int) -> tuple[bytes, int]:
    """Bytes that follow their length, and where they end."""
    length = _number(region.read(at, 4))
    if length > _LARGEST_TABLE:
        raise _NoSense
    return region.read(at + 4, length), at + 4 + length


def _number(raw: bytes) -> int:
    if len(raw) < 4:
        raise _NoSense
    return int.from_bytes(raw, "big")

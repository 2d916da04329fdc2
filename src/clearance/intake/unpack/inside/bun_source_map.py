"""Bun's own form of a source map: names and sources by offset, the sources packed with zstd."""

import struct
from collections.abc import Iterator

from clearance.intake.unpack.inside.compressed import unpacked
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.region import Broken, Region

_HEAD = struct.Struct("<II")
_SPAN = struct.Struct("<II")
_MOST_SOURCES = 1 << 16
_LONGEST_NAME = 4096


def open_bun_source_map(container: Container, name: bytes, at: int, size: int) -> None:
    """The sources in the map that lies there, as ``name!source``. Raises LimitReached."""
    region = container.region.part(at, size)
    for source, begin, length in _sources(region):
        try:
            chunks = unpacked(region.part(begin, length), "zstd")
            container.write(name + b"!" + source, chunks, how="source-map-source")
        except Broken as broken:
            container.closed(name + b"!" + source, length, f"It was read in part only: {broken}.")


def _sources(region: Region) -> Iterator[tuple[bytes, int, int]]:
    """Name, offset and size of each; none where the bytes are no such map."""
    raw = region.read(0, _HEAD.size)
    count = _HEAD.unpack(raw)[0] if len(raw) == _HEAD.size else 0
    table = region.read(_HEAD.size, 2 * count * _SPAN.size) if count <= _MOST_SOURCES else b""
    spans = list(_SPAN.iter_unpack(table[: len(table) // _SPAN.size * _SPAN.size]))
    if len(spans) < 2 * count:
        return
    for number in range(count):
        name_at, length = spans[number]
        name = region.read(name_at, min(length, _LONGEST_NAME))
        yield name, *spans[count + number]

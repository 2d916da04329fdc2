"""Source maps: the sources that a map carries, whether it is a file or stands inside a script."""

import base64
import binascii
from collections.abc import Iterator

import msgspec

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.listed import decoded
from clearance.intake.unpack.inside.region import PIECE, Broken, Region

_LARGEST = 256 << 20
_LARGEST_SECTIONS = 16 << 20
_MOST_INLINE = 1000
_MOST_QUOTES = 4 << 20
"""Quotes that no backslash precedes: every short string becomes an object of fifty bytes and more."""
_CARRIES = b'"sourcesContent"'
_INLINE = b"sourceMappingURL=data:"
_BASE64 = b";base64,"
_LONGEST_PREFIX = 200


class _Map(msgspec.Struct, frozen=True):
    sources: list[str | None] = []
    sourcesContent: list[str | None] | None = None  # noqa: N815 - the format's own name
    sections: msgspec.Raw = msgspec.Raw(b"")


class _Section(msgspec.Struct, frozen=True):
    map: _Map | None = None


def open_map(container: Container) -> None:
    """The sources that a map carries; the map itself stays whole. Raises LimitReached."""
    region = container.region
    if region.find(_CARRIES) < 0:
        return
    if region.size > _LARGEST:
        container.closed("", region.size, "It is a source map of more than 256 MiB; the sources in it stay in it.")
        return
    _sources(container, region.read(0, region.size))


def open_script(container: Container) -> None:
    """The sources in maps that stand in a script's comments; the script itself stays whole. Raises LimitReached."""
    region = container.region
    for count, at in enumerate(region.finds(_INLINE)):
        if count >= _MOST_INLINE:
            container.closed("", region.size, f"It holds more than {_MOST_INLINE} source maps; the rest stay in it.")
            return
        start = at + len(_INLINE)
        prefix = region.read(start, _LONGEST_PREFIX)
        if (begin := prefix.find(_BASE64)) >= 0 and b"\n" not in prefix[:begin]:
            raw = _decoded(region, start + begin + len(_BASE64))
            if _CARRIES in raw:
                _sources(container, raw)


def _decoded(region: Region, at: int) -> bytes:
    """The base64 text from ``at`` on, decoded; empty when it is none."""
    text = b""
    for piece in region.pieces(at, at + _LARGEST):
        run = piece.translate(_RUN).partition(b"\0")[0]
        text += piece[: len(run)]
        if len(run) < PIECE:
            break
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return b""


_RUN = bytes(b if (chr(b).isalnum() and b < 128) or b in b"+/=" else 0 for b in range(256))
"""Bytes that base64 is written with stand for themselves, all others are 0."""


def _sources(container: Container, raw: bytes) -> None:
    try:
        # Some servers and tools put this before JSON; browsers drop the line.
        carried = _carried(raw.partition(b"\n")[2] if raw.startswith(b")]}'") else raw)
    except Broken as broken:
        container.closed("", len(raw), f"It should be a source map, but {broken}.")
        return
    for name, text in carried:
        container.write(name, _encoded(text), how="source-map-source")


def _carried(raw: bytes) -> list[tuple[str, str]]:
    """Name and text of every source. Raises Broken."""
    if raw.count(b'"') - raw.count(b'\\"') > _MOST_QUOTES:
        raise Broken(f"it holds more than {_MOST_QUOTES // 2} strings")
    top = decoded(raw, _Map)
    maps = [top]
    if 0 < len(bytes(top.sections)) <= _LARGEST_SECTIONS:
        maps += [section.map for section in decoded(top.sections, list[_Section]) if section.map]
    found = []
    for one in maps:
        for number, text in enumerate(one.sourcesContent or ()):
            if text is not None:
                name = one.sources[number] if number < len(one.sources) else None
                found.append(((name or f"source {number}").partition("?")[0], text))
    return found


def _encoded(text: str) -> Iterator[bytes]:
    for at in range(0, len(text), PIECE):
        yield text[at : at + PIECE].encode("utf-8", "backslashreplace")

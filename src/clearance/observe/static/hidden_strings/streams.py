"""Compressed streams opened, bounded: at most 4 MiB come out of any of them, whatever they promise."""

import bz2
import lzma
import zlib
from collections.abc import Iterator
from typing import Final

import brotli
import zstandard

from clearance.observe.canary_layers import LARGEST, inflated
from clearance.observe.static.hidden_strings.reading import as_text

_LEAST: Final = 12
_GLANCE: Final = 4096
_BROTLI_STEP: Final = 64
_BROTLI_INPUT: Final = 1 << 20


def opened(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What the data holds if it is a stream in some format: the format's name and what is inside."""
    if len(data) < _LEAST:
        return
    if data[:2] == b"\x1f\x8b":
        yield from _some("gzip", inflated(data, 31))
    elif data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0 and not data[1] & 0x20:
        yield from _some("zlib", inflated(data, 15))
    elif data[:3] == b"BZh":
        yield from _some("bzip2", _bounded(bz2.BZ2Decompressor(), data))
    elif data[:6] == b"\xfd7zXZ\0" or data[:3] == b"]\0\0":
        yield from _some("xz", _bounded(lzma.LZMADecompressor(memlimit=64 << 20), data))
    elif data[:4] == b"\x28\xb5\x2f\xfd":
        yield from _some("zstd", _zstd(data))
    else:
        yield from _bare(data)


def _some(name: str, inside: bytes) -> Iterator[tuple[str, bytes]]:
    if inside:
        yield name, inside


def _bare(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Raw deflate and brotli have no mark and no sum: what is inside must be text, or end where the data ends."""
    if data[0] >> 1 & 3 in (1, 2):
        inside, whole = _deflated(data)
        if _is_sense(inside, data, whole=whole):
            yield "deflate", inside
    if _is_sense(inside := _brotli(data), data, whole=True):
        yield "brotli", inside


def _is_sense(inside: bytes, data: bytes, *, whole: bool) -> bool:
    if len(inside) < len(data) * 3 // 4 or len(inside) < _LEAST:
        return False
    return whole or as_text(inside[:_GLANCE]) is not None


def _deflated(data: bytes) -> tuple[bytes, bool]:
    """What a raw stream holds, and whether it ends where the data does."""
    stream = zlib.decompressobj(-15)
    try:
        inside = stream.decompress(data, LARGEST)
    except zlib.error:
        return b"", False
    return inside, stream.eof and not stream.unused_data


def _bounded(stream: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes) -> bytes:
    try:
        return stream.decompress(data, LARGEST)
    except (OSError, EOFError, lzma.LZMAError):
        return b""


def _zstd(data: bytes) -> bytes:
    try:
        return zstandard.ZstdDecompressor(max_window_size=2 * LARGEST).stream_reader(data).read(LARGEST)
    except zstandard.ZstdError:
        return b""


def _brotli(data: bytes) -> bytes:
    stream = brotli.Decompressor()
    try:
        # nearly everything that is tried is no stream, and breaks at once
        found = stream.process(data[:_BROTLI_STEP], output_buffer_limit=LARGEST)
        if len(data) > _BROTLI_STEP and stream.can_accept_more_data():
            found += stream.process(data[_BROTLI_STEP:_BROTLI_INPUT], output_buffer_limit=LARGEST)
        return bytes(found[:LARGEST]) if stream.is_finished() or len(found) >= LARGEST else b""
    except brotli.error:
        return b""

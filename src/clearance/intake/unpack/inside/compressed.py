"""One compressed stream: gzip, bzip2, xz, lzma, brotli, zstd. A tar in it is opened in its place."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator

import brotli

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.region import PIECE, Broken, Region
from clearance.intake.unpack.inside.tarball import is_a_tar
from clearance.intake.unpack.inside.zstd import MAGIC as ZSTD
from clearance.intake.unpack.inside.zstd import unzstd
from clearance.model.contents import Language

_PACKED = 1 << 16
_MOST_STREAMS = 100_000
_MOST_MEMORY = 256 << 20
"""Bytes that an xz decoder may need; presets need at most 65 MiB."""

BY_HEAD = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x5d\0\0", "lzma"),
    (ZSTD, "zstd"),
)
"""First bytes and the name of the codec."""
_TAR_SUFFIXES = frozenset({"tgz", "tbz", "tbz2", "txz", "tlz", "tzst"})
_SUFFIXES = frozenset({"gz", "gzip", "bz2", "xz", "lzma", "br", "zst", "zstd"})
_HEADERS = 10
"""Bytes of a gzip header without its name."""


def open_compressed(container: Container, *, codec: str) -> Remainder | None:
    """The one member in it. Raises Broken and LimitReached."""
    if codec in ("bzip2", "lzma") and not _begins(container.region, codec):
        return None  # these begin with bytes that anything could begin with
    chunks = unpacked(container.region, codec)
    container.write(_inner_name(container.name), chunks, how="decompressed", inner=is_a_tar)
    return Remainder(at=0, size=min(_HEADERS, container.region.size), language=Language.DATA)


def unpacked(region: Region, codec: str) -> Iterator[bytes]:
    """The decompressed bytes in pieces of about a MiB. Raises Broken where they end or are wrong."""
    try:
        yield from _CODECS[codec](region)
    except (OSError, EOFError, lzma.LZMAError, zlib.error, brotli.error, ValueError) as error:
        raise Broken(f"the {codec} stream is corrupt ({error or 'no reason given'})") from error


def _begins(region: Region, codec: str) -> bool:
    if codec == "bzip2":
        return region.read(4, 6) in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
    # 13 bytes of header: properties, dictionary size, length; then a range coder that begins with 0.
    head = region.read(0, 14)
    length = int.from_bytes(head[5:13], "little")
    return len(head) == 14 and head[13] == 0 and (length == (1 << 64) - 1 or length < 1 << 40)


def _inner_name(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    if stem and suffix.lower() in _TAR_SUFFIXES:
        return f"{stem}.tar"
    return stem if stem and suffix.lower() in _SUFFIXES else name


class _Inflate:
    """A gzip stream with the face of the other decoders."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def unused_data(self) -> bytes:
        return self._engine.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._engine.unconsumed_tail

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._engine.decompress(self._engine.unconsumed_tail + data, most)


def _streams(
    make: Callable[[], "_Inflate | bz2.BZ2Decompressor | lzma.LZMADecompressor"], region: Region
) -> Iterator[bytes]:
    """One stream after another, as their tools read them; zeros between are padding."""
    engine, fresh, count = make(), True, 0
    for at in range(0, region.size, _PACKED):
        data = region.read(at, _PACKED)
        while data or not engine.needs_input:
            if fresh and not (data := data.lstrip(b"\0")):
                break
            if fresh and (count := count + 1) > _MOST_STREAMS:
                raise ValueError(f"more than {_MOST_STREAMS} streams")
            yield engine.decompress(data, PIECE)
            fresh, data = engine.eof, engine.unused_data if engine.eof else b""
            engine = make() if fresh else engine
    while not fresh:  # output may wait inside although all input is taken
        piece = engine.decompress(b"", PIECE)
        fresh = engine.eof
        if not piece and not fresh:
            raise EOFError("it ends in the middle")
        yield piece


def _gzip(region: Region) -> Iterator[bytes]:
    return _streams(_Inflate, region)


def _bzip2(region: Region) -> Iterator[bytes]:
    return _streams(bz2.BZ2Decompressor, region)


def _xz(region: Region) -> Iterator[bytes]:
    return _streams(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _MOST_MEMORY), region)


def _lzma(region: Region) -> Iterator[bytes]:
    engine = lzma.LZMADecompressor(lzma.FORMAT_ALONE, _MOST_MEMORY)
    for packed in region.pieces():
        yield engine.decompress(packed, PIECE)
        while not engine.needs_input and not engine.eof:
            yield engine.decompress(b"", PIECE)
        if engine.eof:
            return
    raise EOFError("it ends in the middle")


def _brotli(region: Region) -> Iterator[bytes]:
    engine = brotli.Decompressor()
    for at in range(0, region.size, _PACKED):
        yield engine.process(region.read(at, _PACKED), output_buffer_limit=PIECE)
        while not engine.can_accept_more_data():
            yield engine.process(b"", output_buffer_limit=PIECE)
    if not engine.is_finished():
        raise EOFError("it ends in the middle")


def _zlib(region: Region) -> Iterator[bytes]:
    engine = zlib.decompressobj()
    for packed in region.pieces():
        data = packed
        while data:
            yield engine.decompress(data, PIECE)
            data = engine.unconsumed_tail
            if engine.eof:
                return
    raise EOFError("it ends in the middle")


_CODECS: dict[str, Callable[[Region], Iterator[bytes]]] = {
    "gzip": _gzip,
    "bzip2": _bzip2,
    "xz": _xz,
    "lzma": _lzma,
    "brotli": _brotli,
    "zlib": _zlib,
    "zstd": unzstd,
}

"""Decompress zstd (RFC 8878), frame by frame, in pieces of bounded size whatever the stream says of itself."""

from collections.abc import Generator, Iterator

import zstandard

from clearance.intake.unpack.inside.region import Broken, Region

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
_MOST_WINDOW = 128 << 20
_FED = 512
"""Bytes fed at once: three can stand for 128 KiB, so what comes out of one call stays below 22 MiB."""


def unzstd(region: Region) -> Iterator[bytes]:
    """The decompressed bytes of its frames. Raises Broken."""
    at, first = 0, True
    while at < region.size:
        magic = region.read(at, 4)
        if magic[1:] == _SKIPPABLE and magic[0] >> 4 == 5:
            at += 8 + int.from_bytes(region.exactly(at + 4, 4), "little")
        elif magic == MAGIC:
            at = yield from _frame(region, at)
        elif first or region.read(at, 1 << 16).strip(b"\0"):
            raise Broken("something follows that is no zstd")
        else:
            return
        first = False


def _frame(region: Region, at: int) -> Generator[bytes, None, int]:
    """The bytes of one frame; gives where it ends."""
    engine = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).decompressobj()
    while not engine.eof:
        packed = region.read(at, _FED)
        if not packed:
            raise Broken("it ends in the middle")
        try:
            out = engine.decompress(packed)
        except zstandard.ZstdError as error:
            raise Broken(f"the zstd stream is corrupt ({error})") from error
        at += len(packed)
        if out:
            yield out
    return at - len(engine.unused_data)

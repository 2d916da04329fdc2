"""Decompress zstd (RFC 8878) in plain Python, at a few MB a second: Python 3.11 brings no decoder of its own.

Checksums are not compared: damage shows as a stream that does not fit its own tables. Dictionaries are not known.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from clearance.intake.unpack.inside.region import Broken, Region
from clearance.intake.unpack.inside.zstd_sequences import MOST_BLOCK, Tables, apply_sequences
from clearance.intake.unpack.inside.zstd_tables import Codes, huffman_codes, huffman_decode

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
_MOST_WINDOW = 128 << 20
_SLACK = 1 << 20
_RAW, _RUN, _COMPRESSED = 0, 1, 2
_LITERALS_RAW, _LITERALS_RUN, _LITERALS_TREE = 0, 1, 2


def unzstd(region: Region) -> Iterator[bytes]:
    """The decompressed bytes of its frames, a block at a time (at most 128 KiB). Raises Broken."""
    at, first = 0, True
    while at < region.size:
        magic = region.read(at, 4)
        if magic[1:] == _SKIPPABLE and magic[0] >> 4 == 5:
            at += 8 + int.from_bytes(region.exactly(at + 4, 4), "little")
        elif magic == MAGIC:
            at = yield from _frame(region, at + 4)
        elif first or region.read(at, 1 << 16).strip(b"\0"):
            raise Broken("something follows that is no zstd")
        else:
            return
        first = False


@dataclass(slots=True)
class _Frame:
    """What blocks of one frame share."""

    window: int
    checksum: int
    """Bytes of one behind the last block."""
    past: bytearray = field(default_factory=bytearray)
    codes: Codes | None = None
    tables: Tables = field(default_factory=Tables)


def _frame(region: Region, at: int) -> Generator[bytes, None, int]:
    """The blocks of a frame; gives where it ends."""
    frame, at = _header(region, at)
    last = 0
    while not last:
        head = int.from_bytes(region.exactly(at, 3), "little")
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        if size > MOST_BLOCK or kind > _COMPRESSED:
            raise Broken("a block is larger than it may be or of no known kind")
        packed = region.exactly(at + 3, 1 if kind == _RUN else size)
        at += 3 + len(packed)
        before = len(frame.past)
        if kind == _COMPRESSED:
            literals, rest = _literals(frame, packed)
            apply_sequences(frame.past, literals, rest, frame.tables)
        else:
            frame.past += packed * size if kind == _RUN else packed
        if len(frame.past) - before > MOST_BLOCK:
            raise Broken("a block is larger than it may be")
        yield bytes(frame.past[before:])
        if len(frame.past) > 2 * frame.window + _SLACK:
            del frame.past[: -frame.window]
    return at + frame.checksum


def _header(region: Region, at: int) -> tuple[_Frame, int]:
    """What a frame says of itself, and where its blocks begin. Raises Broken."""
    flags = region.exactly(at, 1)[0]
    single, at = flags >> 5 & 1, at + 1
    window = 0
    if not single:
        exponent, mantissa = divmod(region.exactly(at, 1)[0], 8)
        window, at = (1 << exponent + 10) // 8 * (8 + mantissa), at + 1
    dictionary = (0, 1, 2, 4)[flags & 3]
    if int.from_bytes(region.exactly(at, dictionary), "little"):
        raise Broken("it needs a dictionary that is not in it")
    length = (single, 2, 4, 8)[flags >> 6]
    content = int.from_bytes(region.exactly(at + dictionary, length), "little")
    window = content if single else window
    if window > _MOST_WINDOW:
        raise Broken(f"unpacking it would take {window >> 20} MiB of memory")
    return _Frame(window=max(window, 1), checksum=4 * (flags >> 2 & 1)), at + dictionary + length


def _literals(frame: _Frame, packed: bytes) -> tuple[bytes, bytes]:
    """A block's literals, and what follows them. Raises Broken."""
    if not packed:
        raise Broken("a block is empty")
    kind, form = packed[0] & 3, packed[0] >> 2 & 3
    if kind <= _LITERALS_RUN:
        head, shift = ((1, 3), (2, 4), (1, 3), (3, 4))[form]
        size = int.from_bytes(packed[:head], "little") >> shift
        raw = packed[head : head + (1 if kind == _LITERALS_RUN else size)]
        literals = raw * size if kind == _LITERALS_RUN else raw
        if len(literals) < size or size > MOST_BLOCK:
            raise Broken("a block ends in the middle")
        return literals, packed[head + len(raw) :]
    head, width = ((3, 10), (3, 10), (4, 14), (5, 18))[form]
    number = int.from_bytes(packed[:head], "little") >> 4
    size, length = number & ((1 << width) - 1), number >> width
    raw, rest = packed[head : head + length], packed[head + length :]
    if len(raw) < length or size > MOST_BLOCK:
        raise Broken("a block ends in the middle")
    if kind == _LITERALS_TREE:
        frame.codes, taken = huffman_codes(raw)
        raw = raw[taken:]
    if frame.codes is None:
        raise Broken("a block repeats a table that was never there")
    return (_four_streams if form else huffman_decode)(frame.codes, raw, size), rest


def _four_streams(codes: Codes, raw: bytes, size: int) -> bytes:
    ends, at = [], 6
    for place in (0, 2, 4):
        at += int.from_bytes(raw[place : place + 2], "little")
        ends.append(at)
    each = (size + 3) // 4
    streams = zip((6, *ends), (*ends, len(raw)), (each, each, each, size - 3 * each), strict=True)
    if at > len(raw) or size < 3 * each:
        raise Broken("a block ends in the middle")
    return b"".join(huffman_decode(codes, raw[begin:end], count) for begin, end, count in streams)

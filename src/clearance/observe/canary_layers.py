"""Layers that hide text and can be taken off without a key: escapes, compression, long runs in a coding.

All of it is fed by hostile bytes: nothing here raises on any input, and nothing grows beyond ``LARGEST``. Runs that are
decoded the same way are joined to one text, because a telemetry body holds thousands of ids that look like base64.
"""

import binascii
import functools
import re
import zlib
from base64 import b32decode
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import unquote_to_bytes

LARGEST = 4 << 20
"""Bytes that one layer may grow to; what lies beyond is not looked at."""

_TRIES = 64  # starts of compressed streams in one place: two magic bytes are met by chance every 16 KiB
_SHORT_RUN = 4096
_SHORT_ID = 128
_LONG_RUN = 24
_LINE = 40
_LEAST_STREAM = 30  # bytes: a compressed token with its head; ids of 16 bytes are not worth a try
_STEP = 64
_GLANCE = 256
_JOINT = b"\0\0\0\0"

_IN, _OUT = b"0", b"z"


def letter_class(letters: Container[int]) -> bytes:
    """A translation to one letter for those in the class and another for all others."""
    return bytes((_IN if octet in letters else _OUT)[0] for octet in range(256))


_RUN = letter_class(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/_-=")
_NUMBERS = letter_class(b"0123456789abcdefABCDEFxX:,;. -\n\t")
_BETWEEN_NUMBERS = b":,;. -\n\t"
_TEXT = bytes((*range(9, 14), *range(32, 256)))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_UPPER32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_HEX = b"0123456789abcdefABCDEF"

_SIGNS = (b"\\u", b"\\x", b"\\/", b"&#")  # plain JSON text is full of \n and \", which hide nothing
_SHORT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_ESCAPE = re.compile(
    rb"\\u([0-9A-Fa-f]{4})|\\u\{([0-9A-Fa-f]{1,6})\}|\\x([0-9A-Fa-f]{2})|&#x([0-9A-Fa-f]{1,6});|&#([0-9]{1,7});|\\([\"\\/bfnrt])"
)
_COMPRESSED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_ZLIB, _GZIP = re.compile(rb"\x78[\x01\x5e\x9c\xda]"), b"\x1f\x8b\x08"
_XORED = (
    (0x1F, 31, "gzip", frozenset({(0x8B, 0x08)})),
    (0x78, 15, "zlib", frozenset((second, third) for second in b"\x01\x5e\x9c\xda" for third in range(256))),
)
"""First byte, bits for zlib, name, and second and third byte of streams that are also looked for under a key."""
_DECIMALS = re.compile(rb"(?:[0-9]{1,3}[,;\s]{1,3}){15,}[0-9]{1,3}")
_HEX_PAIRS = re.compile(rb"(?:0x)?[0-9A-Fa-f]{2}(?:[:,;. \-]{1,3}(?:0x)?[0-9A-Fa-f]{2}){15,}")
_LINE_BREAK = re.compile(rb"(?:\\* ?\r)?\\* ?\n")  # JSON in a string of JSON leaves a backslash


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What was inside a coded part, or inside all parts of one coding."""

    names: tuple[str, ...]
    inside: bytes
    starts: tuple[int, ...] = (0,)
    """Where each part begins in ``inside`` …"""
    origins: tuple[int, ...] = (0,)
    """… and where its coded form began in what it was taken from."""

    def origin(self, at: int) -> int:
        """Where the coded form of the part around ``at`` began."""
        return self.origins[bisect_right(self.starts, at) - 1]


def long_runs(data: bytes, least: int, letters: bytes = _RUN) -> Iterator[tuple[int, int]]:
    """Begin and end of each run of at least so many letters of a class, in order; by default base64, both alphabets."""
    classes, run = data.translate(letters), _IN * least
    begin = classes.find(run)
    while begin >= 0:
        end = classes.find(_OUT, begin)
        end = len(data) if end < 0 else end
        yield begin, end
        begin = classes.find(run, end)


def is_text(data: bytes) -> bool:
    """No control characters but white space."""
    return not data[:_GLANCE].translate(None, _TEXT) and not data.translate(None, _TEXT)


def layers(data: bytes) -> Iterator[Layer]:
    """Whatever can be taken off the data."""
    if is_text(data):
        yield from _unescaped(data)
    yield from _decompressed(data)
    yield from _runs(data)
    yield from _number_lists(data)


def unquoted(data: bytes) -> bytes:
    """The data without the short escapes of JSON strings."""
    plain = data.replace(b"\\\\", b"\0")
    for letter, meant in ((b'"', b'"'), (b"/", b"/"), *_SHORT.items()):
        plain = plain.replace(b"\\" + letter, meant)
    return plain.replace(b"\0", b"\\")


def inflated(data: bytes | memoryview, bits: int) -> bytes:
    """What a stream holds, as far as it is whole; empty when it is none. ``bits`` as for ``zlib.decompressobj``."""
    try:
        # nearly everything that is tried is no stream, and breaks at once
        found = zlib.decompressobj(bits).decompress(data[:_STEP], LARGEST)
        if len(data) <= _STEP:
            return found
    except zlib.error:
        return b""
    try:
        return zlib.decompressobj(bits).decompress(data, LARGEST)
    except zlib.error:
        return _inflated_until_broken(data, bits)


def _inflated_until_broken(data: bytes | memoryview, bits: int) -> bytes:
    """A stream that was cut out of something may end in rubbish: keep what came before it."""
    stream, found, at = zlib.decompressobj(bits), bytearray(), 0
    try:
        while at < len(data) and len(found) < LARGEST:
            found += stream.decompress(data[at : at + _STEP], LARGEST - len(found))
            at += _STEP
    except zlib.error:
        pass
    return bytes(found)


def _unescaped(data: bytes) -> Iterator[Layer]:
    if b"%" in data and (plain := unquote_to_bytes(data)) != data:
        yield Layer(names=("URL encoding",), inside=plain)
    if any(sign in data for sign in _SIGNS):
        yield Layer(names=("escapes",), inside=_ESCAPE.sub(_character, data))
    if data.count(b"\xc2") + data.count(b"\xc3") >= 8:  # bytes above 0x7f that somebody wrote as characters
        yield Layer(names=("UTF-8",), inside=data.decode("utf-8", "replace").encode("latin-1", "replace"))


def _character(match: re.Match[bytes]) -> bytes:
    four, braced, octet, wide, decimal, short = match.groups()
    if short is not None:
        return _SHORT.get(short, short)
    code = int(decimal) if decimal is not None else int(four or braced or octet or wide, 16)
    if code < 0x100:
        return bytes((code,))
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else match[0]


def _decompressed(data: bytes) -> Iterator[Layer]:
    # each of the two alone is found much faster than both at once
    heads = _COMPRESSED.finditer(data) if _GZIP in data or _ZLIB.search(data) else ()
    for tries, match in enumerate(heads):
        if tries == _TRIES:
            break
        gzip = match[0][0] == 0x1F
        inside = inflated(memoryview(data)[match.start() :], 31 if gzip else 15)
        if len(inside) > 8:
            yield Layer(names=("gzip" if gzip else "zlib",), inside=inside, origins=(match.start(),))
    yield from _whole_stream(data)


def _whole_stream(data: bytes) -> Iterator[Layer]:
    """Streams that show only from their first byte: raw deflate, and those under a one-byte key."""
    if len(data) < 16 or data[:64].isascii():
        return
    if _may_be_deflate(data) and len(inside := inflated(data, -15)) > 16:
        yield Layer(names=("deflate",), inside=inside)
    for magic, bits, name, following in _XORED:
        key = data[0] ^ magic
        if key and (data[1] ^ key, data[2] ^ key) in following:
            inside = inflated(data.translate(bytes(octet ^ key for octet in range(256))), bits)
            if len(inside) > 8:
                yield Layer(names=(f"XOR 0x{key:02x}", name), inside=inside)


def _may_be_deflate(data: bytes) -> bool:
    """Whether zlib would take the first block: it is of one of three kinds, and a stored one has its length twice."""
    kind = data[0] >> 1 & 3
    return kind in (1, 2) or (kind == 0 and data[1] ^ data[3] == data[2] ^ data[4] == 0xFF)


def _runs(data: bytes) -> Iterator[Layer]:
    parts: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    plain = ((begin, data[begin:end]) for begin, end in long_runs(data, _LONG_RUN))
    for at, run in (*plain, *_unwrapped(data)):
        for name, begin, inside, streams in _known(run) if len(run) <= _SHORT_ID else _read(run):
            parts[name].append((at + begin, inside))
            for stream in _whole_stream(inside) if streams else ():
                yield Layer(names=(name, *stream.names), inside=stream.inside, origins=(at + begin,))
    for name, found in parts.items():
        yield _joined(name, found)


def _joined(name: str, parts: Sequence[tuple[int, bytes]]) -> Layer:
    sizes = (len(inside) + len(_JOINT) for _, inside in parts[:-1])
    return Layer(
        names=(name,),
        inside=_JOINT.join([inside for _, inside in parts]),
        starts=tuple(accumulate(sizes, initial=0)),
        origins=tuple([at for at, _ in parts]),
    )


def _unwrapped(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Coded files that were broken into lines, by line breaks or by their JSON escapes, put together again."""
    plain = data.replace(b"\\n", b" \n").replace(b"\\r", b" \r")  # as long as before, so that offsets hold
    if b"\n" not in plain:
        return
    classes, read = plain.translate(_RUN), 0
    for begin, first_end in long_runs(plain, _LINE):
        lines, end = [plain[begin:first_end]], first_end
        while begin >= read and (gap := _LINE_BREAK.match(plain, end)):
            end = classes.find(_OUT, gap.end())
            end = len(plain) if end < 0 else end
            lines.append(plain[gap.end() : end])
        read = max(read, end)
        if len(lines) > 1:
            yield begin, b"".join(lines)


@functools.lru_cache(maxsize=4096)
def _known(run: bytes) -> tuple[tuple[str, int, bytes, bool], ...]:
    """What ``_read`` says of a short run: a campaign sends the same ids and names thousands of times.

    Whether there is a stream inside is certain here; what it holds is not kept, it may be large.
    """
    found = _read(run)
    return tuple(
        (name, at, inside, tried and any(True for _ in _whole_stream(inside))) for name, at, inside, tried in found
    )


def _read(run: bytes) -> Iterator[tuple[str, int, bytes, bool]]:
    """A run in each coding: its name, begin, what is inside, and whether that can be a compressed stream."""
    for name, begin, inside in _decoded(run):
        yield name, begin, inside, len(inside) >= _LEAST_STREAM


def _decoded(run: bytes) -> Iterator[tuple[str, int, bytes]]:
    """A run as hex, as base32, and as base64 from each place where it may begin: coding, begin, inside."""
    run = run.rstrip(b"=")
    if not run.translate(None, _HEX):
        yield "hex", 0, bytes.fromhex(run[: len(run) // 2 * 2].decode())
    upper = run.upper()
    if not upper.translate(None, _UPPER32):
        yield "base32", 0, b32decode(upper + b"A" * (-len(upper) % 8))
    text = run.translate(_URL_SAFE).replace(b"=", b"/")
    # a path may stand before it ("v1/upload/…"), and a compressed stream shows its first bytes in base64
    for start in sorted({0, text.rfind(b"/", 0, 128) + 1, max(text.find(b"H4sI"), 0)}):
        yield "base64", start, _from_base64(text[start:])
    if len(text) <= _SHORT_RUN or b"Is4H" in text:
        yield "reversed base64", 0, _from_base64(text[::-1])


def _from_base64(text: bytes) -> bytes:
    rest = len(text) % 4
    return binascii.a2b_base64(text[: len(text) - 1] if rest == 1 else text + b"=" * (-rest % 4))


def _number_lists(data: bytes) -> Iterator[Layer]:
    """Bytes that were written one by one: ``[65, 75, …]``, ``41:4b:…``, ``0x41, 0x4b, …``."""
    for begin, end in long_runs(data, 31, _NUMBERS):
        if len(data[begin:end].translate(None, _BETWEEN_NUMBERS)) > end - begin - 15:
            continue
        for match in _DECIMALS.finditer(data, begin, end):
            numbers = [int(number) for number in re.findall(rb"[0-9]+", match[0])]
            if max(numbers) < 256:
                yield Layer(names=("decimal bytes",), inside=bytes(numbers), origins=(match.start(),))
        for match in _HEX_PAIRS.finditer(data, begin, end):
            digits = match[0].replace(b"0x", b"").translate(None, b":,;. -")
            yield Layer(names=("hex",), inside=bytes.fromhex(digits.decode()), origins=(match.start(),))

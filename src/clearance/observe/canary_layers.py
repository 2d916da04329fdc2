"""Layers that hide text and can be taken off without a key: escapes, compression, long runs in a coding.

All of it is fed by hostile bytes: nothing here raises on any input, and nothing grows beyond ``LARGEST``.
"""

import binascii
import re
import zlib
from base64 import b32decode
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

LARGEST = 4 << 20
"""Bytes that one layer may grow to; what lies beyond is not looked at."""

_SHORT_RUN = 4096
_TRIES = 64  # starts of compressed streams in one place: two magic bytes are met by chance every 16 KiB
_ESCAPE = re.compile(
    rb"\\u\{?([0-9A-Fa-f]{2,6})\}?|\\x([0-9A-Fa-f]{2})|&#x([0-9A-Fa-f]{1,6});|&#([0-9]{1,7});|\\([\"\\/bfnrt])"
    rb"|=([0-9A-F]{2})"
)
_SIGNS = (b"\\u", b"\\x", b"\\/", b"&#")  # plain JSON text is full of \\n and \\", which hide nothing
_QUOTED = re.compile(rb"(?:=[0-9A-F]{2}){4}")
_SHORT = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_DECIMALS = re.compile(rb"(?:[0-9]{1,3}[,;\s]{1,3}){15,}[0-9]{1,3}")
_HEX_PAIRS = re.compile(rb"(?:0x)?[0-9A-Fa-f]{2}(?:[:,;. \-]{1,3}(?:0x)?[0-9A-Fa-f]{2}){15,}")
_BREAK = re.compile(rb"(?:\\r)?\\n|\r?\n")
_WRAPPED = re.compile(rb"[A-Za-z0-9+/_-]{40,}(?:(?:(?:\\r)?\\n|\r?\n)[A-Za-z0-9+/_-]+)+")
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]|0x")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")

Layer = tuple[str, int, bytes]
"""Name, offset where the coded part begins, and what was inside."""


def layers(data: bytes) -> Iterator[Layer]:
    """Whatever can be taken off the data, each layer once."""
    yield from _unescaped(data)
    yield from _decompressed(data)
    yield from _runs(data)


def inflated(data: bytes | memoryview, bits: int) -> bytes:
    """What a stream holds, as far as it is whole; empty when it is none. ``bits`` as for ``zlib.decompressobj``."""
    try:
        return zlib.decompressobj(bits).decompress(data, LARGEST)
    except zlib.error:
        return _inflated_until_broken(data, bits)


def _inflated_until_broken(data: bytes | memoryview, bits: int) -> bytes:
    """A stream that was cut out of something may end in rubbish: keep what came before it."""
    stream, found, at = zlib.decompressobj(bits), bytearray(), 0
    try:
        while at < len(data) and len(found) < LARGEST:
            found += stream.decompress(data[at : at + 256], LARGEST - len(found))
            at += 256
    except zlib.error:
        pass
    return bytes(found)


def _unescaped(data: bytes) -> Iterator[Layer]:
    if b"%" in data and (plain := unquote_to_bytes(data)) != data:
        yield "URL encoding", data.index(b"%"), plain
    if any(sign in data for sign in _SIGNS) or _QUOTED.search(data):
        plain, count = _ESCAPE.subn(_character, data)
        if count:
            yield "escapes", 0, plain
    if data.count(b"\xc2") + data.count(b"\xc3") >= 8:  # bytes above 0x7f that somebody wrote as characters
        narrow = data.decode("utf-8", "replace").encode("latin-1", "replace")
        if narrow != data:
            yield "UTF-8", 0, narrow


def _character(match: re.Match[bytes]) -> bytes:
    unicode, octet, wide, decimal, short, quoted = match.groups()
    if short is not None:
        return _SHORT.get(short, short)
    code = int(decimal) if decimal is not None else int(unicode or octet or wide or quoted, 16)
    if code < 0x100:
        return bytes((code,))
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else match[0]


def _decompressed(data: bytes) -> Iterator[Layer]:
    for tries, match in enumerate(_ZLIB.finditer(data)):
        if tries == _TRIES:
            break
        gzip = match[0][0] == 0x1F
        inside = inflated(memoryview(data)[match.start() :], 31 if gzip else 15)
        if len(inside) > 8:
            yield "gzip" if gzip else "zlib", match.start(), inside
    yield from _decompressed_under_xor(data)
    # raw deflate has no magic: only a whole binary body is tried, and text never begins with these block headers
    if len(data) >= 16 and not data[:64].isascii() and len(inside := inflated(data, -15)) > 16:
        yield "deflate", 0, inside


def _decompressed_under_xor(data: bytes) -> Iterator[Layer]:
    """A compressed stream from the first byte on, under a one-byte key that its first bytes give away."""
    for magic, bits in ((0x1F, 31), (0x78, 15)):
        key = data[0] ^ magic if data else 0
        start = bytes(octet ^ key for octet in data[:3])
        if key and _ZLIB.match(start):
            plain = data.translate(bytes(octet ^ key for octet in range(256)))
            if len(inside := inflated(plain, bits)) > 8:
                yield f"XOR 0x{key:02x} of compressed data", 0, inside


def _runs(data: bytes) -> Iterator[Layer]:
    for match in _WRAPPED.finditer(data):
        yield from _decoded(_BREAK.sub(b"", match[0]), match.start())
    for match in _RUN.finditer(data):
        yield from _decoded(match[0], match.start())
    for match in _DECIMALS.finditer(data):
        numbers = [int(number) for number in re.findall(rb"[0-9]+", match[0])]
        if max(numbers) < 256:
            yield "decimal bytes", match.start(), bytes(numbers)
    for match in _HEX_PAIRS.finditer(data):
        yield from _from_hex(_NOT_HEX.sub(b"", match[0].replace(b"0x", b"")), match.start())


def _decoded(run: bytes, at: int) -> Iterator[Layer]:
    """A run as hex, as base32, and as base64 from each place where it may begin."""
    yield from _from_hex(run, at)
    upper = run.upper()
    if not set(upper) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        whole = upper[: len(upper) // 8 * 8]
        yield "base32", at, b32decode(whole)
    text = run.translate(_URL_SAFE)
    # a path may stand before it ("v1/upload/…"), and a compressed stream shows its first bytes in base64
    starts = {0, text.rfind(b"/", 0, 128) + 1, max(text.find(b"H4sI"), 0)}
    for start in sorted(starts):
        whole = text[start : start + (len(text) - start) // 4 * 4]
        rest = text[start + len(whole) :]
        padded = whole + (rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b"")
        yield "base64", at + start, binascii.a2b_base64(padded)
    if len(text) <= _SHORT_RUN or b"Is4H" in text:
        turned = text[::-1]
        yield "reversed base64", at, binascii.a2b_base64(turned[: len(turned) // 4 * 4])


def _from_hex(run: bytes, at: int) -> Iterator[Layer]:
    if len(run) >= 32 and not set(run) - set(b"0123456789abcdefABCDEF"):
        yield "hex", at, bytes.fromhex(run[: len(run) // 2 * 2].decode())

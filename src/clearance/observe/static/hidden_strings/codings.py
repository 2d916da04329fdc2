"""Codings that write bytes as text, taken off without a key: base64 and its kin, hex, percent signs, entities, numbers.

A coding is tried only where every byte is of its alphabet; what comes out is judged by whoever asked. Nothing here
raises on any input, and nothing reads more than ``LONGEST`` bytes of one value.
"""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from clearance.observe.static.hidden_strings.as_bytes import as_bytes
from clearance.observe.static.hidden_strings.numbers import from_numbers, numbers_in

LONGEST: Final = 6 << 20
"""Bytes of a coded value that are read; the rest is left."""

_SPACE: Final = b" \t\r\n"
_STANDARD: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE64: Final = _STANDARD + b"-_="
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_UPPER32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_HEX32: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUV"
_BASE58: Final = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_LONGEST58: Final = 512  # the work is quadratic
_ASCII85: Final = bytes((*range(0x21, 0x76), 0x7A))
_BASE85: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85: Final = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_LONGEST85: Final = 1 << 18  # decoded in Python
_LEAST_WIDE: Final = 16
_LEAST_LINE: Final = 4
_HEX_BYTES: Final = re.compile(rb"(?:(?:0x|\\x|%|#)?[0-9A-Fa-f]{2}[\s:,;.|_-]{0,3})+")
_HEX_NOISE: Final = re.compile(rb"0x|\\x|[^0-9A-Fa-f]")
_BINARY: Final = re.compile(rb"(?:[01]{8}[\s,;_-]{0,2}){3,}")
_NUMBERS: Final = re.compile(
    rb"[\s\[({]*+-?(?:0x[0-9A-Fa-f]{1,6}+|\d{1,7}+)(?:[\s,;:|._/+-]{1,4}(?:0x[0-9A-Fa-f]{1,6}+|\d{1,7}+)){5,}+[\s\])},;]*"
)
_PERCENT: Final = re.compile(rb"%[0-9A-Fa-f]{2}|%u[0-9A-Fa-f]{4}")
_LONG_PERCENT: Final = re.compile(rb"%u([0-9A-Fa-f]{4})")
_ENTITY: Final = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));?")
_ENTITY_SIGN: Final = re.compile(rb"&#(?:x[0-9A-Fa-f]{1,6}|\d{1,7});?")
_QUOTED: Final = re.compile(rb"=[0-9A-Fa-f]{2}|=\r?\n")


def decoded(
    data: bytes, alphabets: Sequence[bytes] = (), only: frozenset[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """What the text says in each coding that it can be written in, or in some of them, the likeliest first.

    ``alphabets`` are orders of base64's 64 letters that the release brings along.
    """
    data = data[:LONGEST]
    solid = data.translate(None, _SPACE)
    if (len(data) - len(solid)) * 20 > len(data) + 40 and not _is_ruled(data):
        solid = b""
    for name, decode in _CODINGS.items():
        if (only is None or name in only) and (inside := decode(data, solid)):
            yield name, inside
            if name == "hex" and only is None:  # digests are also base64 by their letters
                return
    if only is None or _OWN in only:
        for alphabet in alphabets:
            if inside := _own_base64(solid, alphabet):
                yield _OWN, inside
    if (only is None or any(name.endswith("char codes") for name in only)) and _NUMBERS.fullmatch(data):
        yield from from_numbers(numbers_in(data))


def _is_ruled(data: bytes) -> bool:
    """True for lines that are all of one length, the last perhaps shorter: no words are."""
    lines = data.split()
    sizes = {len(line) for line in lines[:-1]}
    return len(lines) > 2 and len(sizes) == 1 and _LEAST_LINE <= max(sizes) >= len(lines[-1])


def _hexadecimal(data: bytes, solid: bytes) -> bytes:
    if len(solid) < 4 or not _HEX_BYTES.fullmatch(data.strip()):
        return b""
    plain = _HEX_NOISE.sub(b"", data)
    return binascii.unhexlify(plain) if len(plain) % 2 == 0 else b""


def _base64(_: bytes, solid: bytes) -> bytes:
    body = solid.rstrip(b"=").translate(_URL_SAFE)
    if len(body) < 4 or len(body) % 4 == 1 or body.translate(None, _STANDARD):
        return b""
    return from_base64(body)


def from_base64(body: bytes) -> bytes:
    """Base64's own letters without padding as bytes; one that is over at the end is left out."""
    body = body[:-1] if len(body) % 4 == 1 else body
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4))


def _own_base64(solid: bytes, alphabet: bytes) -> bytes:
    body = solid.rstrip(b"=")
    if len(body) < 4 or len(body) % 4 == 1 or body.translate(None, alphabet):
        return b""
    return from_base64(body.translate(bytes.maketrans(alphabet, _STANDARD)))


def _base32(letters: bytes) -> Callable[[bytes, bytes], bytes]:
    to_standard = bytes.maketrans(letters, _UPPER32)

    def decode(_: bytes, solid: bytes) -> bytes:
        body = solid.rstrip(b"=")
        body = body.upper() if body.islower() else body
        if len(body) < _LEAST_WIDE or len(body) % 8 in (1, 3, 6) or body.translate(None, letters):
            return b""
        return base64.b32decode(body.translate(to_standard) + b"=" * (-len(body) % 8))

    return decode


def _base85(letters: bytes, decode: Callable[[bytes], bytes], table: bytes | None = None) -> Callable[..., bytes]:
    def decoded_85(_: bytes, solid: bytes) -> bytes:
        if solid[:2] == b"<~" and solid[-2:] == b"~>":
            solid = solid[2:-2]
        # nearly a third of its letters are signs that base64 does not have
        if not _LEAST_WIDE <= len(solid) <= _LONGEST85 or solid.translate(None, letters) or _is_plain(solid):
            return b""
        try:
            return decode(solid.translate(table))
        except ValueError:
            return b""

    return decoded_85


def _is_plain(solid: bytes) -> bool:
    return not solid.translate(None, _BASE64)


def _base58(_: bytes, solid: bytes) -> bytes:
    if not _LEAST_WIDE <= len(solid) <= _LONGEST58 or solid.translate(None, _BASE58):
        return b""
    number = 0
    for letter in solid:
        number = number * 58 + _BASE58.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8)


def _percent(data: bytes, _: bytes) -> bytes:
    if not _dense(_PERCENT, b"%", data):
        return b""
    plain = _LONG_PERCENT.sub(lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), data)
    return unquote_to_bytes(plain)


def _entities(data: bytes, _: bytes) -> bytes:
    if not _dense(_ENTITY_SIGN, b"&#", data):
        return b""
    text = _ENTITY.sub(_entity, data.decode("utf-8", "replace"))
    return as_bytes(html.unescape(text))


def _entity(match: re.Match[str]) -> str:
    """The code point of a number: 128 to 159 too, which a browser would take for others."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code < 0x110000 else match[0]


def _quoted_printable(data: bytes, _: bytes) -> bytes:
    return quopri.decodestring(data) if _dense(_QUOTED, b"=", data) else b""


def _dense(sign: re.Pattern[bytes], mark: bytes, data: bytes) -> bool:
    """True when at least a third of the bytes are such signs."""
    part = data[:4096]
    return mark in part and 3 * len(b"".join(sign.findall(part))) >= len(part)


def _binary(data: bytes, _: bytes) -> bytes:
    if not _BINARY.fullmatch(data.strip()):
        return b""
    bits = data.translate(None, b" \t\r\n,;_-")[:_LONGEST85]
    return int(bits[: len(bits) // 8 * 8], 2).to_bytes(len(bits) // 8)


_OWN: Final = "base64 (own alphabet)"
_CODINGS: Final[dict[str, Callable[[bytes, bytes], bytes]]] = {
    "hex": _hexadecimal,
    "URL encoding": _percent,
    "HTML entities": _entities,
    "quoted-printable": _quoted_printable,
    "binary digits": _binary,
    "base64": _base64,
    "base64 (swapped case)": lambda data, solid: _base64(data, solid.swapcase()),
    "base32": _base32(_UPPER32),
    "base32 (hex)": _base32(_HEX32),
    "ascii85": _base85(_ASCII85, base64.a85decode),
    "base85": _base85(_BASE85, base64.b85decode),
    "base85 (Z85)": _base85(_Z85, base64.b85decode, bytes.maketrans(_Z85, _BASE85)),
    "base58": _base58,
}
"""By the name of the layer: from the text, and the text without white space, to what is inside or nothing."""

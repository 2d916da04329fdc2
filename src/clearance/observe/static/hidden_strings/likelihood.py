"""How likely bytes are as something that people or programs write: bits of surprise for each byte behind another.

Text, lists of names and paths come out at 3.5 to 5 bits a byte, code at 4.5 to 6, base64 and other codings above 6,
random bytes above 9. One table of all pairs of bytes, so that a batch costs one look-up a byte. UTF-8 of any writing
system has its share: bytes that can follow each other there are likely, those that cannot are not.
"""

import enum
import functools
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.letters import EDGE, letter_bits

Bytes = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.float32]

NATURAL: Final = 5.3
"""Bits a byte below which something is taken to be written as it is meant."""

_SIGN_GAIN: Final = 2.2
_IMPOSSIBLE = 16.0
_AFTER_LETTER = {" ": 1.0, ",": 3, ".": 2.8, "\n": 3.5, "-": 4, "_": 4.5, "/": 4.5, ":": 5, ";": 5.5, "|": 5.5}
_AFTER_LETTER |= {'"': 5, "'": 5.5, "(": 5.5, ")": 5.5, "=": 6, "\0": 6, "\t": 6.5, "\r": 6}
_AFTER_OTHER = {" ": 2.0, "\n": 3, '"': 4, "'": 4.5, ",": 4.5, ".": 5, "-": 5.5, "/": 4.5, "(": 5.5, ")": 5, "\0": 6}


@functools.cache
def pair_bits() -> Bits:
    """Surprise of a byte behind another: entry ``before << 8 | byte``."""
    table = np.full((256, 256), _IMPOSSIBLE, np.float32)
    for before in range(128):
        for byte in range(128):
            table[before, byte] = _ascii_pair(before, byte)
    after_stop = table[ord("."), :128]
    for before in range(256):
        table[before, 0x80:] = _utf8_row(before)
        if 0x80 <= before < 0xC0:
            table[before, :128] = after_stop + 1
    return table.ravel()


def _ascii_pair(before: int, byte: int) -> float:
    old, new = _letter(before), _letter(byte)
    if new is None:
        return _other(before, byte, old)
    rows, upper = letter_bits(), byte < 0x61
    if old is None:
        return float(rows[EDGE, new]) + 0.35 + 0.9 * upper + 2.0 * chr(before).isdigit()
    if before >= 0x61 and upper:  # camelCase
        return float(rows[EDGE, new] + rows[old, EDGE] / 2) + 4
    return float(rows[old, new]) + (0.3 if upper or before < 0x61 else 0.0)


def _other(before: int, byte: int, letter: int | None) -> float:
    """Surprise of a byte that is no letter."""
    char, digit = chr(byte), 0x30 <= byte < 0x3A
    rare = 14.0 if byte < 32 or byte == 127 else 0.0
    if letter is not None:
        return float(letter_bits()[letter, EDGE]) + _AFTER_LETTER.get(char, rare or (6.0 if digit else 7.5))
    if chr(before).isdigit():
        return 3.8 if digit else _AFTER_LETTER.get(char, rare or 7.5) + 1
    return _AFTER_OTHER.get(char, rare or (5.0 if digit else 6.5))


def _letter(byte: int) -> int | None:
    return (byte | 32) - 97 if 97 <= byte | 32 <= 122 else None


def _utf8_row(before: int) -> Bits:
    """Surprise of each byte from 0x80 on behind one byte."""
    row = np.full(128, _IMPOSSIBLE, np.float32)
    lead, following = 0xC2 <= before < 0xF5, 0x80 <= before < 0xC0
    if lead or following:
        row[:0x40] = 5.4 if lead else 6.0
    if not lead and before < 0xC0:
        row[0x42:0x60] = 4.0 if following else 7.0
        row[0x60:0x70] = 3.6 if following else 6.5
        row[0x70:0x75] = 9.0
    return row


@functools.cache
def byte_bits() -> Bits:
    """Surprise of each byte by itself: what is left of :func:`pair_bits` when the order is unknown."""
    table = np.full(256, 14.0, np.float32)
    table[0x20:0x7F] = 8.0
    bits = -np.log2(_letter_shares() * 0.75)
    table[0x61:0x7B], table[0x41:0x5B] = bits, bits + 1.4
    table[0x30:0x3A] = 6.0
    for char, cost in {**_AFTER_OTHER, **_AFTER_LETTER}.items():
        table[ord(char)] = cost + 2
    table[0x80:0xC0], table[0xC3:0xF0], table[0xF0] = 5.7, 6.5, 8.0
    table[0xE0:0xEF], table[0xCE:0xDC] = 5.5, 5.5
    table[0xE3:0xEA], table[0xD0:0xD2] = 5.0, 5.0
    return table


def _letter_shares() -> Bits:
    """How often each letter comes: where going from letter to letter by the table ends, wherever it began."""
    steps = np.exp2(-letter_bits())
    steps /= steps.sum(axis=1, keepdims=True)
    shares = np.full(EDGE + 1, 1 / (EDGE + 1), np.float32)
    for _ in range(40):
        shares = shares @ steps
    found: Bits = shares[:EDGE] / shares[:EDGE].sum()
    return found


class Model(enum.Enum):
    """What text may be made of."""

    ANY = "any"
    ASCII = "ascii"
    CODE = "code"
    """Program text and addresses in ASCII, where signs are as usual as letters."""

    @functools.cache
    def pairs(self) -> Bits:
        """Surprise of a byte behind another: entry ``before << 8 | byte``."""
        table = pair_bits().reshape(256, 256).copy()
        if self is not Model.ANY:
            table[128:] = table[:, 128:] = _IMPOSSIBLE
        if self is Model.CODE:
            table[:128, _signs()] -= _SIGN_GAIN
        return table.ravel()

    @functools.cache
    def bytes(self) -> Bits:
        """Surprise of a byte by itself."""
        table = byte_bits().copy()
        if self is not Model.ANY:
            table[128:] = _IMPOSSIBLE
        if self is Model.CODE:
            table[_signs()] -= _SIGN_GAIN
        return table


def _signs() -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"()[]{}<>.,;:=+-*/%&|!?\"'`_$#@", np.uint8)

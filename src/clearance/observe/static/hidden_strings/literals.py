"""Which literals of a script are worth a look: those that are not written as anybody would write what they mean.

Of a hundred literals of an honest bundle about three are left.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from clearance.observe.canary_layers import long_runs, unquoted
from clearance.observe.static.escapes import unescape
from clearance.observe.static.hidden_strings.as_bytes import as_bytes
from clearance.observe.static.hidden_strings.batches import SAMPLE, Batch, batch_bits, bits_a_byte
from clearance.observe.static.hidden_strings.likelihood import NATURAL
from clearance.observe.static.hidden_strings.material import is_armoured
from clearance.observe.static.hidden_strings.measured import HEX, LEAST, LONGEST, NUMBERS, PLAIN, Measured
from clearance.observe.static.hidden_strings.ordinary import is_ordinary
from clearance.observe.static.hidden_strings.prose import is_prose
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.script import LiteralKind, Script

_LEAST_DIGITS: Final = 24
_LEAST_RUN: Final = 40
_BACKWARDS: Final = 0.45
"""Bits a byte that a text must gain by being read from its end."""
_ESCAPE: Final = re.compile(rb"\\x([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})|\\u\{([0-9A-Fa-f]{1,2})\}|\\([0-7]{1,3})")
_WIDE_ESCAPE: Final = re.compile(rb"\\u([0-9A-Fa-f]{2})[0-9A-Fa-f]{2}")
_LETTERS64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def odd_strings(strings: Measured) -> Iterator[Value]:
    """Strings that are surprising as they are, or of digits only, or likelier when read from the end."""
    long, forwards = strings.long, strings.surprise
    if not len(long):
        return
    sizes, backwards = strings.sizes, strings.bits(long, backwards=True)
    alphabets = strings.alphabets[long]
    digits = ((alphabets & (HEX | NUMBERS)) != 0) & (sizes[long] >= _LEAST_DIGITS)
    turned = (backwards + _BACKWARDS < forwards) & (backwards < NATURAL)
    marked = (alphabets & PLAIN) == 0
    for at in np.flatnonzero((forwards > NATURAL) | digits | turned | marked).tolist():
        index = int(long[at])
        odd = bool(forwards[at] > NATURAL or digits[at] or turned[at])
        value = _as_value(strings, index, odd=odd)
        if value:
            yield value


def _as_value(strings: Measured, index: int, *, odd: bool) -> Value | None:
    raw = bytes(strings.script.data[strings.starts[index] : min(strings.ends[index], strings.starts[index] + LONGEST)])
    if is_ordinary(raw):
        return None
    place, written = int(strings.starts[index]), strings.size(index)
    if b"\\" in raw:
        return _escaped(raw, place, written, odd=odd, python=strings.script.python)
    if not raw.isascii():
        return _beyond(raw, place, written)
    if is_armoured(raw) or (not odd and not _is_marked(raw)):
        return None
    return Value(parts=(raw,), place=place, written=written)


def _is_marked(raw: bytes) -> bool:
    """Percent signs or entities are a good part of it."""
    head = raw[:512]
    return 8 * head.count(b"%") >= len(head) or 12 * head.count(b"&#") >= len(head)


def _escaped(raw: bytes, place: int, written: int, *, odd: bool, python: bool) -> Value | None:
    """A string with escapes: as a value if they are most of it, or if it is odd without them."""
    head = raw[:2048]
    coded = head.count(b"\\x") + head.count(b"\\u") + head.count(b"\\1") + head.count(b"\\0")
    if 8 * coded < len(head):
        return _quoted(raw, place, written, python=python) if odd else None
    codes = [int(x or u or b or b"0", 16) if not o else int(o, 8) for x, u, b, o in _ESCAPE.findall(head)]
    if 3 * len(codes) >= len(_ESCAPE.sub(b".", head)):
        plain = as_bytes(unescape(raw, python=python))
        readable = sum(32 <= code < 127 for code in codes)
        layers = ("escapes",) if 2 * readable >= len(codes) else ()
        return Value(parts=(plain,), place=place, written=written, layers=layers)
    wide = _WIDE_ESCAPE.findall(head)
    if len(wide) >= LEAST // 2:
        few = len(set(wide)) <= 2
        return _beyond(unescape(raw, python=python).encode("utf-8", "replace"), place, written) if few else None
    return _quoted(raw, place, written, python=python)


def _quoted(raw: bytes, place: int, written: int, *, python: bool) -> Value | None:
    """A string with a few escapes: as a value if it is odd without them."""
    simple = not python and b"\\x" not in raw and b"\\u" not in raw
    plain = unquoted(raw) if simple else as_bytes(unescape(raw, python=python))
    odd = len(plain) >= LEAST and bits_a_byte(plain[:SAMPLE]) > NATURAL
    return Value(parts=(plain,), place=place, written=written) if odd and not is_armoured(plain) else None


def _beyond(raw: bytes, place: int, written: int) -> Value | None:
    """Text beyond ASCII: bytes that were written as code points, or letters that were moved up by a number."""
    text = raw.decode("utf-8", "replace")
    low, high = ord(min(text)), ord(max(text))
    if high < 0x100:
        plain = is_prose(text) or len(text) < LEAST
        return None if plain else Value(parts=(text.encode("latin-1"),), place=place, written=written)
    if low < 0x100 or (high - low >= 0x80 and low >> 8 != high >> 8):
        return None
    if low >> 8 == high >> 8:
        layer, inside = f"xor {low >> 8 << 8} of code points", bytes(ord(char) & 255 for char in text)
    else:
        layer, inside = f"shift {low} of code points", bytes(ord(char) - low for char in text)
    return Value(parts=(inside,), place=place, written=written, layers=(layer,), key_bytes=1)


def runs_inside(script: Script, data: bytes) -> Iterator[Value]:
    """Long odd runs of base64's letters inside strings, comments and text that hold other things too."""
    spots = np.array([*long_runs(data, _LEAST_RUN)], np.int64).reshape(-1, 2)
    owners = np.searchsorted(script.starts, spots[:, 0], side="right") - 1
    held = (owners >= 0) & (spots[:, 0] < script.ends[owners]) if len(script) else np.zeros(len(spots), np.bool_)
    begins, owners = spots[held, 0], owners[held]
    ends = np.minimum(spots[held, 1], script.ends[owners])
    whole = (begins == script.starts[owners]) & (ends == script.ends[owners])
    wanted = ~whole & (ends - begins >= _LEAST_RUN) & (script.kinds[owners] != LiteralKind.PATTERN)
    begins, ends = begins[wanted], np.minimum(ends[wanted], begins[wanted] + LONGEST)
    if not len(begins):
        return
    odd = batch_bits(Batch.slices(np.frombuffer(data, np.uint8), begins, ends)) > NATURAL
    for begin, end in zip(begins[odd].tolist(), ends[odd].tolist(), strict=True):
        yield Value(parts=(data[begin:end],), place=begin, written=end - begin)


def own_alphabets(strings: Measured) -> list[bytes]:
    """Orders of 64 different letters that the script brings along and that are not base64's own, at most four."""
    found: list[bytes] = []
    for index in np.flatnonzero((strings.ends - strings.starts >= 64) & (strings.ends - strings.starts <= 66)):
        letters = strings.plain(int(index))[:64]
        if (
            len(set(letters)) == 64
            and letters.isascii()
            and not letters.startswith((_LETTERS64, _LETTERS64.swapcase()))
            and len(found) < 4
        ):
            found.append(letters)
    return found

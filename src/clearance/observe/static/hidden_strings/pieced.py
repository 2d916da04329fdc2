"""Values cut into short pieces that stand close together: items of a list, sums, lines, what is appended one by one.

Each piece is too short to be told from chance. Taken together in the order in which they are written, or in that of a
list of numbers nearby that names each of them once, they are one value like any other.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.batches import SAMPLE, Batch, Ints, bits_a_byte
from clearance.observe.static.hidden_strings.material import is_armoured
from clearance.observe.static.hidden_strings.measured import BASE64, HEX, LEAST, NUMBERS, PLAIN, Measured
from clearance.observe.static.hidden_strings.numbers import numbers_in
from clearance.observe.static.hidden_strings.ordinary import is_ordinary
from clearance.observe.static.hidden_strings.reading import as_text
from clearance.observe.static.hidden_strings.sums import Sum
from clearance.observe.static.hidden_strings.values import Value

MOST: Final = 600
"""Values of a member that are put together so, the longest first; an honest bundle of 13 MB has about two hundred."""
_LEAST_PIECES: Final = 3
_LONGEST_PIECE: Final = 96
_MOST_BYTES: Final = 4 << 20
_MOST_PIECES: Final = 8192
_GAP: Final = 64
"""Bytes between two pieces."""
_ODD: Final = 5.0
"""Bits a byte of the pieces one by one, from which on they are worth putting together."""
_ODD_BASE64, _ODD_SIGNS = 6.4, 6.6
"""Bits a byte of all of them together: base64 has 6.8 and more, words in any case have less."""
_FEW: Final = 6
_DIGITS: Final = b"0123456789"
_HEX: Final = b"0123456789abcdefABCDEF"
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_AROUND: Final = 2048
_ORDER: Final = re.compile(rb"(?:\d{1,4}[\s,;]{1,8}+){2,4000}+\d{1,4}")
_MOST_ORDERS: Final = 8
_SILENT: Final = np.zeros(256, np.bool_)
"""Bytes of a gap that say nothing of what is done with the pieces: names, blanks, quotes and their prefixes."""
_SILENT[list(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$ \t\r\n\"'`\\")] = True
_WEIGHTS: Final = np.where(_SILENT, 0, np.arange(256) * 2654435761 % 4294967291).astype(np.int64)


def pieced(strings: Measured) -> Iterator[Value]:
    """Each run of pieces that is odd as a whole, put together; also in every order that is written down near it."""
    runs = sorted(_runs(strings), key=lambda run: run[0] - run[1])
    for first, last in sorted(runs[:MOST]):
        pieces = [strings.plain(index) for index in range(first, min(last, first + _MOST_PIECES))]
        whole = b"".join(pieces)
        if not is_coded(whole):
            continue
        starts = tuple(strings.starts[first : first + len(pieces)].tolist())
        yield _value(strings, whole, starts)
        for order in _orders(strings, first, last, len(pieces)):
            yield _value(strings, b"".join(pieces[at] for at in order), starts)


def added_up(sums: Iterable[Sum]) -> Iterator[Value]:
    """Each sum of terms that is odd as a whole."""
    left = MOST
    for one in sums:
        if b" " in one.terms[0] or b" " in one.terms[-1]:
            continue
        whole = one.whole
        if left and LEAST <= len(whole) <= _MOST_BYTES and is_coded(whole):
            left -= 1
            size = max(one.places) - min(one.places)
            yield Value(parts=(whole,), place=one.places[0], written=size, places=tuple(one.places))


def is_coded(whole: bytes) -> bool:
    """True for what may be base64, hex, or bytes under a key; false for words, search patterns and colours."""
    head = whole[:SAMPLE]
    if is_armoured(whole):
        return False
    if not head.translate(None, _HEX):
        return head.translate(None, _DIGITS) != head and len(set(head)) > _FEW
    if not head.isascii() or _CONTROL.search(head):
        return as_text(whole) is None and b"\x1b" not in head
    least = _ODD_BASE64 if not head.translate(None, _BASE64) else _ODD_SIGNS
    return bits_a_byte(head) > least and not is_ordinary(head)


def _value(strings: Measured, whole: bytes, starts: tuple[int, ...]) -> Value:
    end = int(strings.ends[np.searchsorted(strings.starts, starts[-1])])
    return Value(parts=(whole,), place=starts[0], written=end - starts[0], places=starts)


def _runs(strings: Measured) -> Iterator[tuple[int, int]]:
    """First and behind the last of each run of short coded strings that are parted by the same signs."""
    alphabets = strings.alphabets
    coded = ((alphabets & (BASE64 | HEX | NUMBERS)) != 0) | ((alphabets & PLAIN) == 0)
    short = strings.sizes <= _LONGEST_PIECE
    others = np.flatnonzero(short & ~coded)
    coded[others] = strings.bits(others) > _ODD_SIGNS
    short &= coded
    if len(short) < _LEAST_PIECES:
        return
    gaps = strings.starts[1:] - strings.ends[:-1]
    follows = np.flatnonzero(short[1:] & short[:-1] & (gaps <= _GAP) & (gaps > 0))
    if not len(follows):
        return
    between = Batch.slices(strings.data, strings.ends[follows], strings.starts[follows + 1], sample=_GAP)
    signs = np.add.reduceat(_WEIGHTS[between.flat], between.starts)
    breaks = np.flatnonzero((np.diff(follows) != 1) | (np.diff(signs) != 0)) + 1
    firsts = follows[np.concatenate(([0], breaks))]
    lasts = follows[np.concatenate((breaks - 1, [len(follows) - 1]))] + 2
    yield from _worth(strings, firsts, lasts)


def _worth(strings: Measured, firsts: Ints, lasts: Ints) -> Iterator[tuple[int, int]]:
    """Those runs that are long enough, of enough pieces, and odd piece by piece."""
    before = np.concatenate(([0], np.cumsum(strings.sizes)))
    size = before[lasts] - before[firsts]
    many = (lasts - firsts >= _LEAST_PIECES) & (size >= LEAST) & (size <= _MOST_BYTES)
    firsts, lasts = firsts[many], lasts[many]
    if not len(firsts):
        return
    chosen = np.concatenate([np.arange(first, last) for first, last in zip(firsts, lasts, strict=True)])
    weighed = strings.bits(chosen) * strings.sizes[chosen]
    begins = np.cumsum(lasts - firsts) - (lasts - firsts)
    surprise = np.add.reduceat(weighed, begins) / np.add.reduceat(strings.sizes[chosen], begins)
    digits = np.bitwise_and.reduceat(strings.alphabets[chosen], begins) & HEX
    kept: npt.NDArray[np.bool_] = (surprise > _ODD) | (digits != 0)
    yield from zip(firsts[kept].tolist(), lasts[kept].tolist(), strict=True)


def _orders(strings: Measured, first: int, last: int, many: int) -> Iterator[Sequence[int]]:
    """Each list of numbers nearby that names every piece once, both ways to take it; and the last piece first."""
    data = strings.script.data
    begin, end = int(strings.starts[first]), int(strings.ends[last - 1])
    around = bytes(data[max(0, begin - _AROUND) : begin]) + b"\0" + bytes(data[end : end + _AROUND])
    if b"everse" in around:
        yield range(many - 1, -1, -1)
    if many > 4000:
        return
    found = 0
    for match in _ORDER.finditer(around):
        order = numbers_in(match.group())
        if len(order) == many and len(set(order)) == many and found < _MOST_ORDERS:
            least = min(order)
            if least in (0, 1) and max(order) - least == many - 1:
                found += 1
                order = [number - least for number in order]
                yield order
                yield sorted(range(many), key=order.__getitem__)

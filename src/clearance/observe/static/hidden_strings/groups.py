"""Literals that belong together: pieces of one string that are added up, items of one list, arguments of one function.

Each alone is too short to be told from chance.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.batches import SAMPLE, bits_a_byte
from clearance.observe.static.hidden_strings.likelihood import NATURAL
from clearance.observe.static.hidden_strings.material import is_armoured
from clearance.observe.static.hidden_strings.measured import BASE64, HEX, LEAST, PLAIN, Measured
from clearance.observe.static.hidden_strings.values import Value

MOST_PARTS: Final = 32768
_MOST_BYTES: Final = 4 << 20
_LEAST_PARTS: Final = 3
_LEAST_CALLS: Final = 4
_SHRED: Final = 4
"""Bytes a piece, on average, below which adding pieces up is a way to hide the whole."""
_LEAST_SHREDS: Final = 5
_DIGITS: Final = b"0123456789abcdefABCDEFxX,;:. |_-"
_CALLEE: Final = re.compile(rb"([\w$.\]\[]{1,40})\([bBrRuU]{0,2}[\"'`]\Z")
_LONGEST_NEIGHBOUR: Final = 400
_LEAST_CODED: Final = 8
_ODD: Final = 6.2
_CLOSE: Final = 48
_LONGEST_ARGUMENT: Final = 64 << 10


def joined(strings: Measured) -> Iterator[Value]:
    """Strings that the program adds up, where the whole is odd or the pieces are shreds."""
    for first, last in _stretches(strings.added):
        value = _whole(strings, first, last)
        if value and not is_armoured(value.parts[0]):
            yield value


def _whole(strings: Measured, first: int, last: int) -> Value | None:
    size = int((strings.ends[first:last] - strings.starts[first:last]).sum())
    if size < LEAST or size > _MOST_BYTES:
        return None
    shreds = last - first >= _LEAST_SHREDS and size <= _SHRED * (last - first)
    whole = b"".join(strings.plain(index) for index in range(first, last))
    if not shreds and bits_a_byte(whole) < NATURAL and whole.translate(None, _DIGITS):
        return None
    layers = ("joined",) if shreds else ()
    place, written = int(strings.starts[first]), int(strings.ends[last - 1] - strings.starts[first])
    places = tuple(strings.starts[first:last].tolist())
    return Value(parts=(whole,), place=place, written=written, layers=layers, places=places)


def lists(strings: Measured) -> Iterator[Value]:
    """Lists of strings that are odd taken together, one value with a part for each; lists of single letters as one."""
    stretches = [(first, last) for first, last in _stretches(strings.listed) if last - first >= _LEAST_PARTS]
    if not stretches:
        return
    for (first, last), (size, bits) in zip(stretches, _surprise(strings, stretches), strict=True):
        if 4 * size <= 5 * (last - first) and last - first >= 12:
            value = _whole(strings, first, last)
            if value and value.layers:
                yield value
        elif size >= LEAST and (bits > NATURAL or _is_coded(strings, np.arange(first, last))):
            yield _parts(strings, np.arange(first, last))


def _surprise(strings: Measured, stretches: list[tuple[int, int]]) -> Iterator[tuple[int, float]]:
    """Size and bits a byte of each list as a whole."""
    chosen = np.concatenate([np.arange(first, last) for first, last in stretches])
    sizes = strings.sizes[chosen]
    counts = np.array([last - first for first, last in stretches])
    begins = np.cumsum(counts) - counts
    looked = np.minimum(sizes, SAMPLE)
    surprise = np.add.reduceat(strings.bits(chosen) * looked, begins) / np.add.reduceat(looked, begins)
    yield from zip(np.add.reduceat(sizes, begins).tolist(), surprise.tolist(), strict=True)


def _is_coded(strings: Measured, chosen: npt.NDArray[np.int64]) -> bool:
    """Every item is of digits and the letters of hex, and most are long enough to say something."""
    sizes = strings.ends[chosen] - strings.starts[chosen]
    return bool(((strings.alphabets[chosen] & HEX) != 0).all() and (sizes % 2 == 0).all() and sizes.mean() >= 6)


def _parts(strings: Measured, chosen: npt.NDArray[np.int64]) -> Value:
    chosen = chosen[:MOST_PARTS]
    sizes = strings.ends[chosen] - strings.starts[chosen]
    chosen = chosen[: max(1, int(np.searchsorted(np.cumsum(sizes), _MOST_BYTES)))]
    return Value(
        parts=tuple(dict.fromkeys(strings.plain(int(index)) for index in chosen)),
        place=int(strings.starts[chosen[0]]),
        written=int(sizes[: len(chosen)].sum()),
        places=tuple(strings.starts[chosen].tolist()),
    )


def calls(strings: Measured) -> Iterator[Value]:
    """Short odd strings that are handed to the same function here and there, as one value for each function."""
    sizes = strings.sizes
    chosen = np.flatnonzero((sizes >= 4) & (sizes <= _LONGEST_ARGUMENT))
    before = strings.data[np.maximum(strings.starts[chosen][:, None] - (2, 3), 0)]
    chosen = chosen[(before == ord("(")).any(axis=1)]
    if not len(chosen):
        return
    odd = strings.bits(chosen) > NATURAL
    by_name: dict[bytes, list[int]] = defaultdict(list)
    for index in chosen[odd | ((strings.alphabets[chosen] & HEX) != 0)].tolist():
        start = int(strings.starts[index])
        if match := _CALLEE.search(bytes(strings.script.data[max(0, start - 44) : start])):
            by_name[match[1]].append(index)
    for indices in by_name.values():
        value = _parts(strings, np.array(indices))
        if len(value.parts) >= _LEAST_CALLS:
            yield value


def neighbours(strings: Measured) -> Iterator[Value]:
    """Short odd strings that stand close together, whatever is between: values of an object, branches of a chain."""
    sizes = strings.sizes
    chosen = np.flatnonzero((sizes >= 4) & (sizes <= _LONGEST_NEIGHBOUR))
    if not len(chosen):
        return
    alphabets = strings.alphabets[chosen]
    coded = ((alphabets & BASE64) != 0) & (sizes[chosen] >= _LEAST_CODED) | ((alphabets & PLAIN) == 0)
    chosen = chosen[coded & ~strings.listed[chosen]]
    chosen = chosen[strings.bits(chosen) > _ODD]
    close = (np.diff(chosen) <= 2) & (strings.starts[chosen[1:]] - strings.ends[chosen[:-1]] <= _CLOSE)
    for first, last in _stretches(close):
        value = _parts(strings, chosen[first:last])
        if len(value.parts) >= _LEAST_CALLS:
            yield value


def _stretches(follows: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Ranges of two and more strings, each of which is followed by the next."""
    edges = np.diff(np.concatenate(([False], follows, [False])).astype(np.int8))
    for first, last in zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True):
        yield first, last + 1

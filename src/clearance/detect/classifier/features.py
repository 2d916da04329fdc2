"""Hashed n-grams of a window: words, pairs and triples of words, and runs of three to five bytes, as bucket numbers.

Letters are lower-case, digits are one, white space is one space. A hash of a run of bytes is a difference of prefix
sums ``sum(byte * B**i) mod 2**64`` times ``B**-start``, so that all runs of a window are hashed by a few array
operations. The same text gives the same buckets on every machine: nothing here depends on hash seeds or byte order.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

BUCKETS: Final = 1 << 18
"""How many buckets there are; a power of two."""
_LONGEST: Final = 1 << 13
"""Bytes of a window that are read; more are not looked at, and ``windows`` never gives more."""
_BASE: Final = 0x9E3779B97F4A7C15
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_RUNS: Final = (3, 4, 5)

Buckets = NDArray[np.uint32]


def _powers(base: int) -> NDArray[np.uint64]:
    power = np.empty(_LONGEST + 1, dtype=np.uint64)
    power[0], power[1:] = 1, base
    with np.errstate(over="ignore"):
        return np.multiply.accumulate(power)


_POWERS: Final = _powers(_BASE)
_INVERSES: Final = _powers(_INVERSE)
_FORMS: Final = np.arange(256, dtype=np.uint8)
_FORMS[ord("0") : ord("9") + 1] = ord("0")
_IN_WORD: Final = np.zeros(256, dtype=bool)
_IN_WORD[[*range(ord("a"), ord("z") + 1), ord("0"), ord("_"), *range(128, 256)]] = True


def buckets(text: str) -> Buckets:
    """The buckets of a window, each once, in ascending order. Empty for a text of white space."""
    joined = " ".join(text.lower().split())
    data = _FORMS[np.frombuffer(joined.encode("utf-8", "surrogatepass")[:_LONGEST], dtype=np.uint8)]
    if data.size == 0:
        return np.empty(0, dtype=np.uint32)
    sums = np.zeros(data.size + 1, dtype=np.uint64)
    np.cumsum((data.astype(np.uint64) + np.uint64(1)) * _POWERS[: data.size], out=sums[1:])
    words = _words(data, sums)
    parts = [_spread(words, 1), _spread(_joined(words, 2), 2), _spread(_joined(words, 3), 3)]
    for length in _RUNS:
        if data.size >= length:
            starts = np.arange(data.size - length + 1)
            parts.append(_spread(_hashed(sums, starts, starts + length), 10 + length))
    found = np.sort(np.concatenate(parts))
    first = np.ones(found.size, dtype=bool)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]


def _words(data: NDArray[np.uint8], sums: NDArray[np.uint64]) -> NDArray[np.uint64]:
    inside = np.concatenate(([False], _IN_WORD[data], [False]))
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    return _hashed(sums, edges[0::2], edges[1::2])


def _hashed(sums: NDArray[np.uint64], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.uint64]:
    return (sums[ends] - sums[starts]) * _INVERSES[starts]


def _joined(words: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """Hashes of runs of words."""
    length = words.size - count + 1
    if length <= 0:
        return np.empty(0, dtype=np.uint64)
    joined = np.zeros(length, dtype=np.uint64)
    for at in range(count):
        joined = joined * _MIX + words[at : at + length]
    return joined


def _spread(hashes: NDArray[np.uint64], salt: int) -> Buckets:
    mixed = (hashes + np.uint64(salt)) * _MIX
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX
    return (mixed >> np.uint64(64 - BUCKETS.bit_length() + 1)).astype(np.uint32)

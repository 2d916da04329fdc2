"""Values under repeating keys of 2 to 32 bytes: keys that are solved for, and keys that another value was under."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.batches import Batch, bits_a_byte
from clearance.observe.static.hidden_strings.belief import rank, said_either_way
from clearance.observe.static.hidden_strings.key_lengths import (
    LONGEST_KEY,
    coincidences,
    likely_lengths,
    possible_lengths,
)
from clearance.observe.static.hidden_strings.named_keys import is_clear, shown, xor
from clearance.observe.static.hidden_strings.repeating import SAMPLE, likely_keys, refined, shortest
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.hidden_strings.written import PROBE, is_varied

MOST_SOLVED: Final = 96
"""Values of a member that a repeating key is looked for in, the longest first."""
_LEAST_LIST: Final = 60
_LENGTH: Final = 0.02
"""What each byte of a key has to make up for in likelihood."""
_GLANCE: Final = 256
_NAMES: Final = b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-/_|; \n"'
_MOST_LEARNT: Final = 8
_NEARLY: Final = 6.2
"""Bits a byte that the first guess at a key has to leave for its bytes to be worth refining."""


class LongKeys:
    """Solves for repeating keys, and remembers the ones that made sense: a release mostly has one."""

    def __init__(self) -> None:
        self._left = MOST_SOLVED
        self._learnt: list[bytes] = []

    def tried(self, values: Sequence[Value]) -> Iterator[Value]:
        """Each value that a key makes sense of, under that key."""
        values = sorted((value for value in values if is_varied(value.joined)), key=lambda each: -len(each.joined))
        lengths = _lengths(values)
        for row, value in enumerate(values):
            known = list(self._known(value))
            yield from known
            if known or self._left <= 0 or not lengths.get(row):
                continue
            self._left -= 1
            solved = _solved(value, lengths[row])
            if solved:
                key, inner = solved
                self._learnt = [key, *self._learnt][:_MOST_LEARNT]
                yield inner

    def _known(self, value: Value) -> Iterator[Value]:
        for key in self._learnt:
            if all(is_clear(xor(part[:PROBE], key)) for part in value.parts[:20]):
                yield value.unlocked(f"xor {shown(key)}", tuple(xor(part, key) for part in value.parts), free=1)
                return


def _lengths(values: Sequence[Value]) -> dict[int, list[int]]:
    """Key lengths that are possible, by the number of the value."""
    found: dict[int, list[int]] = defaultdict(list)
    single = [row for row, value in enumerate(values) if len(value.parts) == 1]
    if single:
        batch = Batch.of([values[row].joined for row in single], sample=PROBE)
        for at, length in possible_lengths(batch):
            found[single[at]].append(length)
    for row, value in enumerate(values):
        if len(value.parts) > 1 and len(value.joined) >= _LEAST_LIST:
            longest = max(map(len, value.parts))
            found[row] = [*range(2, min(LONGEST_KEY, longest) + 1)]
        elif len(value.joined) >= 2 * PROBE and not found.get(row):
            found[row] = coincidences(value.joined)[:2]
    return found


def _solved(value: Value, lengths: Sequence[int]) -> tuple[bytes, Value] | None:
    """The key that makes sense of a value, and the value without it."""
    data = value.joined[:SAMPLE]
    positions = np.concatenate([np.arange(len(part)) for part in value.parts])[:SAMPLE]
    best: tuple[float, bytes, Value] | None = None
    for length in likely_lengths(data, positions, lengths):
        keys = likely_keys(data, positions, length)
        if _is_near(value, keys[0]):
            keys.append(refined(data, positions, keys[0]))
        one = _best(value, keys, length)
        if one and (best is None or one[0] < best[0]):
            best = one
    return best[1:] if best else None


def _is_near(value: Value, key: bytes) -> bool:
    """Whether what a key leaves may be hosts or zones with a few wrong letters."""
    plain = b"".join(xor(part, key) for part in value.parts[:64])[:_GLANCE]
    return 10 * len(plain.translate(None, _NAMES)) < 2 * len(plain) and bits_a_byte(plain) < _NEARLY


def _best(value: Value, keys: Sequence[bytes], length: int) -> tuple[float, bytes, Value] | None:
    """How well the best key makes the value read (less is better), the key, and the value without it."""
    best: tuple[float, bytes, Value] | None = None
    for key in dict.fromkeys(keys):
        inner = value.unlocked(_named(key), tuple(xor(part, key) for part in value.parts), free=length)
        plain = said_either_way(inner)
        if plain and (best is None or rank(plain[1]) < best[0]):
            best = rank(plain[1]) + _LENGTH * length, shortest(key), plain[0]
    return best


def _named(key: bytes) -> str:
    return f"xor {shown(shortest(key))}"

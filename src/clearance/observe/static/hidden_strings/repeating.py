"""The likeliest key of a length that repeats.

1. A column is the bytes under one byte of the key: of 256, the likeliest few dozen are kept.
2. Neighbouring columns are neighbouring letters: the best key as a whole is the cheapest way round through the columns
   (Viterbi's algorithm on a ring), with the surprise of pairs of letters as the cost.
3. Where the columns are short, single bytes are changed as long as more of the text becomes hosts or zones.
"""

import functools
import re
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.batches import Ints
from clearance.observe.static.hidden_strings.hosts import is_host
from clearance.observe.static.hidden_strings.likelihood import Bits, Bytes, Model, byte_bits, pair_bits
from clearance.observe.static.hidden_strings.zones import is_zone

SAMPLE: Final = 4096
"""Bytes of a value that the key is looked for in."""

_KEPT: Final = 32
_ALONE: Final = 0.1
"""Weight of single letters: pairs of them say nearly all."""
_TRIED: Final = 24
_REFINED: Final = 256
_ITEMS: Final = re.compile(r"[\s,;|\x00\"']+")


def likely_keys(data: bytes, positions: Ints, length: int) -> list[bytes]:
    """The likeliest keys of a length: for text and for code where that can be ASCII, for any text otherwise."""
    octets = np.frombuffer(data[:SAMPLE], np.uint8)
    columns = positions[: len(octets)] % length
    tops = np.bincount(columns, octets >> 7, minlength=length)
    steady = ((tops == 0) | (tops == np.bincount(columns, minlength=length))).all()
    models = (Model.ASCII, Model.CODE) if steady else (Model.ANY,)
    return [_likeliest(octets, columns, positions, length, model) for model in models]


def _likeliest(octets: Bytes, columns: Ints, positions: Ints, length: int, model: Model) -> bytes:
    """The likeliest key of a length by one table of surprises.

    ``positions`` say which byte of the key each byte is under, before taking the rest: the parts of a list each begin
    anew.
    """
    alone = columns_alone(octets, columns, length, model)
    keys = np.argsort(alone, axis=1)[:, :_KEPT].astype(np.uint8)
    single = np.take_along_axis(alone, keys.astype(np.int64), axis=1)
    table = model.pairs()
    pairs = [_pair_costs(octets, columns, positions, keys, column, table) for column in range(length)]
    single = single * _ALONE
    single[0] += _begins(octets, positions, keys[0], table)
    chosen = _cheapest_ring(pairs, single)
    return bytes(keys[column, choice] for column, choice in enumerate(chosen))


def columns_alone(octets: Bytes, columns: Ints, length: int, model: Model) -> Bits:
    """Surprise of each column under each of 256 keys."""
    counts = np.bincount(columns * 256 + octets, minlength=length * 256).reshape(length, 256).astype(np.float32)
    alone: Bits = counts @ _by_key(model)
    return alone


@functools.cache
def _by_key(model: Model) -> Bits:
    every = np.arange(256)
    return np.ascontiguousarray(model.bytes()[every[:, None] ^ every[None, :]])


def _pair_costs(octets: Bytes, columns: Ints, positions: Ints, keys: Bytes, column: int, table: Bits) -> Bits:
    """Surprise of all letters of the next column behind those of this one, for each pair of their keys."""
    after = (column + 1) % len(keys)
    at = np.flatnonzero((columns[:-1] == column) & (positions[1 : len(octets)] == positions[: len(octets) - 1] + 1))
    first = (octets[at][None, :] ^ keys[column][:, None]).astype(np.uint16) << 8
    second = (octets[at + 1][None, :] ^ keys[after][:, None]).astype(np.uint16)
    found: Bits = table[first[:, None, :] | second[None, :, :]].sum(axis=2)
    return found


def _begins(octets: Bytes, positions: Ints, keys: Bytes, table: Bits) -> Bits:
    """Surprise of the first letter of each part, for each key of the first column."""
    first = octets[positions[: len(octets)] == 0]
    found: Bits = table[32 << 8 | (first[None, :] ^ keys[:, None]).astype(np.uint16)].sum(axis=1)
    return found


def _cheapest_ring(pairs: list[Bits], single: Bits) -> list[int]:
    """One choice for each column so that the costs of neighbours, the last and the first included, are least."""
    length, many = single.shape
    cost = np.full((many, many), np.inf, np.float32)  # first choice, current choice
    np.fill_diagonal(cost, single[0])
    back: list[Ints] = []
    for column in range(1, length):
        ways = cost[:, :, None] + pairs[column - 1][None, :, :]
        back.append(ways.argmin(axis=1))
        cost = ways.min(axis=1) + single[column][None, :]
    closed = cost + pairs[-1].T  # from the last choice back to the first
    first, last = (int(index) for index in np.unravel_index(int(closed.argmin()), closed.shape))
    chosen = [last]
    for step in reversed(back):
        chosen.append(int(step[first, chosen[-1]]))
    return chosen[::-1]


def refined(data: bytes, positions: Ints, key: bytes) -> bytes:
    """The key with bytes changed one at a time as long as that makes more of the text hosts or zones, or likelier.

    With three or four letters a column, the order of letters alone leaves a byte or two of a long key wrong.
    """
    octets = np.frombuffer(data[:_REFINED], np.uint8)
    columns = positions[: len(octets)] % len(key)
    best, chosen = _worth(octets, positions, key), key
    for column in [*range(len(key))] * 2:
        for choice in _likely_bytes(octets[columns == column]):
            other = chosen[:column] + bytes((choice,)) + chosen[column + 1 :]
            if (worth := _worth(octets, positions, other)) > best:
                best, chosen = worth, other
    return chosen


def _likely_bytes(column: Bytes) -> list[int]:
    every = np.arange(256, dtype=np.uint8)
    best = np.argsort(byte_bits()[column[:, None] ^ every[None, :]].sum(axis=0))[:_TRIED]
    return [int(octet) for octet in best]


def _worth(octets: Bytes, positions: Ints, key: bytes) -> float:
    """How much of the plain text proves itself by its form, less its surprise."""
    places = positions[: len(octets)]
    plain = octets ^ np.frombuffer(key, np.uint8)[places % len(key)]
    before = np.concatenate(([np.uint16(32)], plain[:-1].astype(np.uint16)))
    before[places == 0] = 32
    lines = np.insert(plain, np.flatnonzero(places == 0)[1:], 10) if places[1:].min(initial=1) == 0 else plain
    items = _ITEMS.split(lines.tobytes().decode("latin-1"))
    proven = sum(len(item) + 4 for item in items if len(item) > 3 and (is_host(item) or is_zone(item)))
    return 2.0 * proven - float(pair_bits()[before << 8 | plain].sum())


def shortest(key: bytes) -> bytes:
    """The key without its repetitions."""
    for length in range(1, len(key) // 2 + 1):
        if len(key) % length == 0 and key[:length] * (len(key) // length) == key:
            return key[:length]
    return key

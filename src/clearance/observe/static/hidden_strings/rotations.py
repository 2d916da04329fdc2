"""Texts whose letters were all moved by the same number: natural enough in their spaces and lengths to pass for text.

Told by how often each letter comes: under the right turn the letters are far likelier than as they are written.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.batches import SAMPLE, Batch, Ints, bits_a_byte
from clearance.observe.static.hidden_strings.likelihood import NATURAL, byte_bits
from clearance.observe.static.hidden_strings.measured import Measured
from clearance.observe.static.hidden_strings.scrambles import tables
from clearance.observe.static.hidden_strings.values import Value

_ROWS: Final = 4096
_DOUBTFUL: Final = 4.6
"""Bits a byte from which on a string is worth counting its letters."""
_GAIN: Final = 0.25
"""Bits a letter that the turn has to gain."""
_GAIN_IN_ORDER: Final = 0.5
_LETTERS: Final = 20
_SHARE: Final = 0.55


def rotated_strings(strings: Measured) -> Iterator[Value]:
    """Strings that are likelier with their letters turned, with the turn taken off."""
    doubtful = strings.long[strings.surprise > _DOUBTFUL]
    for first in range(0, len(doubtful), _ROWS):
        yield from _chunk(strings, doubtful[first : first + _ROWS])


def _chunk(strings: Measured, doubtful: Ints) -> Iterator[Value]:
    batch = Batch.slices(strings.data, strings.starts[doubtful], strings.ends[doubtful])
    letters = (batch.flat | 32) - 97
    counts = np.bincount(batch.rows() * 256 + letters, minlength=len(doubtful) * 256).reshape(-1, 256)[:, :26]
    totals = counts.sum(axis=1)
    costs = counts @ _turns() / np.maximum(totals, 1)[:, None]
    best = costs.argmin(axis=1)
    gained = costs[:, 0] - costs[np.arange(len(doubtful)), best]
    ascii_only = np.bitwise_or.reduceat(batch.flat, batch.starts) < 0x80
    enough = (gained > _GAIN) & (totals >= _LETTERS) & (totals >= _SHARE * np.minimum(batch.sizes, SAMPLE)) & ascii_only
    for row in np.flatnonzero(enough).tolist():
        if value := _turned(strings, int(doubtful[row]), int(best[row])):
            yield value


def _turns() -> npt.NDArray[np.float32]:
    """Surprise of each letter (rows) under each turn (columns): moved on by 0 to 25, and the alphabet mirrored."""
    every = np.arange(26)
    moved = (every[:, None] - every[None, :]) % 26
    return byte_bits()[97:123][np.column_stack((moved, 25 - every))]


def _turned(strings: Measured, index: int, turn: int) -> Value | None:
    """A string with its letters turned, if they are likelier in order too."""
    names, meanings = tables()
    layer = f"shift {turn} (letters)" if turn < 26 else "reversed alphabet"
    written = strings.plain(index)
    plain = written.translate(meanings[names.index(layer)].tobytes())
    left = bits_a_byte(plain[:SAMPLE])
    if not written.isascii() or left > NATURAL or left + _GAIN_IN_ORDER > bits_a_byte(written[:SAMPLE]):
        return None
    value = Value(parts=(written,), place=int(strings.starts[index]), written=strings.size(index))
    return value.unlocked(layer, (plain,), free=1)

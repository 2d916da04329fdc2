"""How long a key is that repeats, by what the bytes under the same byte of it share."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from clearance.observe.static.hidden_strings.batches import Batch, Ints
from clearance.observe.static.hidden_strings.likelihood import Model
from clearance.observe.static.hidden_strings.repeating import SAMPLE, columns_alone

LONGEST_KEY: Final = 32

_LEAST_PROOF: Final = 16
"""Top bits that have to repeat: by chance one value in 65,536 does."""
_MANY, _SELDOM = 80, 0.28
"""Pairs of top bits that say enough, and the share of them that may differ, where not all of the text is ASCII."""
_COLUMN: Final = 6.8
"""Bits a byte above which no key of a length is likely."""
_FREEDOM: Final = 6.0
"""Bits that each byte of a key has to save."""
_COINCIDENCE: Final = 0.035
_LOOKED: Final = 2048


def possible_lengths(batch: Batch) -> Iterator[tuple[int, int]]:
    """Value and key length for which the top bits repeat, short keys first; linear in the batch.

    Always where the text is ASCII; mostly where it is another script with some ASCII between.
    """
    tops, positions = batch.flat >> 7, batch.positions()
    for length in range(2, LONGEST_KEY + 1):
        enough = batch.sizes >= max(length + _LEAST_PROOF, 3 * length)
        if not enough.any():
            return
        differs = np.zeros(len(tops), np.uint8)
        differs[length:] = (tops[length:] ^ tops[:-length]) & (positions[length:] >= length)
        many = np.add.reduceat(differs, batch.starts, dtype=np.int64)
        mostly = (batch.sizes >= length + _MANY) & (many < _SELDOM * (batch.sizes - length))
        for row in np.flatnonzero(((many == 0) & enough) | mostly):
            yield int(row), length


def likely_lengths(data: bytes, positions: Ints, lengths: Sequence[int]) -> list[int]:
    """Of possible key lengths the two at which the columns alone are likeliest, each column's freedom weighed.

    Where key and text are both ASCII all top bits are zero, and say nothing.
    """
    octets = np.frombuffer(data[:SAMPLE], np.uint8)
    costs = []
    for length in lengths:
        alone = columns_alone(octets, positions[: len(octets)] % length, length, Model.ANY)
        best = float(alone.min(axis=1).sum())
        if best < _COLUMN * len(octets):
            costs.append((best + _FREEDOM * length, length))
    return [length for _, length in sorted(costs)[:2]]


def coincidences(data: bytes) -> list[int]:
    """Key lengths at which far more equal bytes are that far apart than elsewhere, the most telling first."""
    octets = np.frombuffer(data[:_LOOKED], np.uint8)
    lengths = range(2, min(LONGEST_KEY, len(octets) // 3) + 1)
    shares = [float((octets[length:] == octets[:-length]).mean()) for length in lengths]
    usual = float(np.median(shares)) if shares else 1.0
    found = [
        (-share, length) for share, length in zip(shares, lengths, strict=True) if share > max(_COINCIDENCE, 3 * usual)
    ]
    return [length for _, length in sorted(found)]

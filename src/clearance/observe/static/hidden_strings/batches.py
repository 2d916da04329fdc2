"""Many values as one array, so that measuring all of them costs little more than measuring one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.likelihood import Bits, Bytes, pair_bits

SAMPLE: Final = 160
"""Bytes of each value that the first look is at."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Many values as one array, one behind the other."""

    flat: Bytes
    starts: Ints
    sizes: Ints

    @classmethod
    def of(cls, values: Sequence[bytes], *, sample: int = SAMPLE) -> "Batch":
        """The first bytes of each; none of them may be empty."""
        cut = [value[:sample] for value in values]
        sizes = np.array([len(value) for value in cut], np.int64)
        return cls(flat=np.frombuffer(b"".join(cut), np.uint8), starts=_starts(sizes), sizes=sizes)

    @classmethod
    def slices(cls, data: Bytes, starts: Ints, ends: Ints, *, sample: int = SAMPLE) -> "Batch":
        """The first bytes of each slice; none of them may be empty."""
        sizes = np.minimum(ends - starts, sample)
        firsts = _starts(sizes)
        return cls(
            flat=data[np.repeat(starts - firsts, sizes) + np.arange(int(sizes.sum()))], starts=firsts, sizes=sizes
        )

    def rows(self) -> Ints:
        """Which value each byte belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def positions(self) -> Ints:
        """How far each byte is from its value's begin."""
        return np.arange(len(self.flat)) - np.repeat(self.starts, self.sizes)


def _starts(sizes: Ints) -> Ints:
    return np.cumsum(sizes) - sizes


def batch_bits(batch: Batch, *, backwards: bool = False) -> Bits:
    """Bits a byte for each value, read from its begin or from its end."""
    if not len(batch.sizes):
        return np.zeros(0, np.float32)
    before = np.empty(len(batch.flat), np.uint16)
    before[1:] = batch.flat[:-1]
    before[batch.starts] = 32
    pairs = (batch.flat.astype(np.uint16) << 8 | before) if backwards else (before << 8 | batch.flat)
    total = np.add.reduceat(pair_bits()[pairs], batch.starts)
    return (total / batch.sizes).astype(np.float32)


def bits_a_byte(data: bytes) -> float:
    """Bits a byte of one value, of at most its first 4 KiB; 0 for an empty one."""
    if not data:
        return 0.0
    return float(batch_bits(Batch.of([data], sample=4096))[0])

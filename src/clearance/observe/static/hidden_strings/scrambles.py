"""Keys of one byte, all at once: XOR, addition, rotated alphabets and bits, as a table of what each byte would mean.

A value's histogram times a matrix of surprises gives the likelihood of every key of every kind in one multiplication;
the few that look possible are then read in order. The tables are closed: a new kind of key is a few more rows.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.batches import Batch, batch_bits
from clearance.observe.static.hidden_strings.likelihood import Bits, Bytes, byte_bits

SAMPLE: Final = 256
"""Bytes of each value that keys are tried on."""

_ROWS: Final = 2048
_PRINTABLE: Final = np.zeros(256, np.bool_)
_PRINTABLE[[*range(0x20, 0x7F), 9, 10, 13]] = True
_POSSIBLE: Final = 6.6
"""Bits a byte, order unknown, up to which a key is looked at more closely."""
_LIKELY: Final = 6.2
"""Bits a byte, read in order, up to which it stays."""
CODED: Final = 9.0
"""Bits a byte of a guess under which every byte is a letter of base64."""
_ODD: Final = 5.8
_GAIN: Final = 0.3
"""Bits a byte that a key has to gain where something was printable before."""
_TRIES: Final = 12
_SIMPLE: Final = 510
"""How many tables are XOR and addition: they come first."""
_CODINGS: Final = (
    (b"0123456789abcdef", 7),
    (b"0123456789ABCDEF", 7),
    (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_", 14),
)
"""Letters of codings that a key can leave, and how many different ones of them there are at the least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A key that a value may have been written with."""

    layer: str
    table: bytes
    """What each byte means: for ``bytes.translate``."""
    bits: float
    """Bits a byte of what comes out."""


@functools.cache
def tables() -> tuple[tuple[str, ...], Bytes]:
    """The name of each kind of key, and what each byte means under it."""
    octets = np.arange(256)
    names: list[str] = []
    rows: list[npt.NDArray[np.int64]] = []
    for key in range(1, 256):
        names += [f"xor {key}", f"shift {key}"]
        rows += [octets ^ key, (octets - key) & 255]
    for turn in range(1, 26):
        names.append(f"shift {turn} (letters)")
        rows.append(_turned(turn))
    for turn in range(1, 94):
        names.append(f"shift {turn} (printable)")
        rows.append(np.where((octets > 32) & (octets < 127), (octets - 33 - turn) % 94 + 33, octets))
    for turn in range(1, 8):
        names.append(f"shift of bits {turn}")
        rows.append((octets >> turn | octets << (8 - turn)) & 255)
    names += ["reversed alphabet", "reversed bits"]
    rows += [_turned(0, mirrored=True), np.array([int(f"{octet:08b}"[::-1], 2) for octet in range(256)])]
    return tuple(names), np.array(rows).astype(np.uint8)


def _turned(turn: int, *, mirrored: bool = False) -> npt.NDArray[np.int64]:
    table = np.arange(256)
    for first in (65, 97):
        letters = np.arange(26)
        table[first : first + 26] = first + (25 - letters if mirrored else (letters - turn) % 26)
    return table


@functools.cache
def _surprises() -> Bits:
    """256 by keys: surprise of what a byte would mean."""
    return np.ascontiguousarray(byte_bits()[tables()[1]].T)


@functools.cache
def _strangers(letters: bytes) -> Bits:
    """256 by keys: 1 where a byte would mean nothing that a coding has."""
    known = np.zeros(256, np.float32)
    known[np.frombuffer(letters, np.uint8)] = 1
    return np.ascontiguousarray(1 - known[tables()[1][:_SIMPLE]].T)


def guesses(values: Sequence[bytes]) -> list[list[Guess]]:
    """For each value the likeliest keys, best first; none of the values may be empty. Linear in their number."""
    found: list[list[Guess]] = []
    for first in range(0, len(values), _ROWS):
        found += _chunk(values[first : first + _ROWS])
    return found


def _chunk(values: Sequence[bytes]) -> list[list[Guess]]:
    batch = Batch.of(values, sample=SAMPLE)
    counts = np.bincount(batch.rows() * 256 + batch.flat, minlength=len(values) * 256)
    shares = counts.reshape(-1, 256).astype(np.float32) / batch.sizes[:, None].astype(np.float32)
    scores = shares @ _surprises()
    best = np.argpartition(scores, _TRIES, axis=1)[:, :_TRIES]
    rows = np.repeat(np.arange(len(values)), _TRIES)
    keys = best.ravel()
    possible = scores[rows, keys] < _POSSIBLE
    found = _in_order(batch, rows[possible], keys[possible], len(values))
    variety = (shares > 0).sum(axis=1)
    odd = (batch_bits(batch) > _ODD) | ~_legible(batch)
    for letters, least in _CODINGS:
        coded = shares[:, np.frombuffer(letters, np.uint8)].sum(axis=1) > 0.9999
        varied = np.flatnonzero((variety >= least) & odd & ~coded)
        names, meanings = tables()
        for at, key in zip(*np.nonzero(shares[varied] @ _strangers(letters) < 1e-4), strict=True):
            guess = Guess(layer=names[key], table=meanings[key].tobytes(), bits=CODED)
            if len(found[int(varied[at])]) < _TRIES + 6:
                found[int(varied[at])].append(guess)
    return found


def _legible(batch: Batch) -> npt.NDArray[np.bool_]:
    """Whether all looked at of a value is printable ASCII."""
    return np.bitwise_and.reduceat(_PRINTABLE[batch.flat], batch.starts)


def _in_order(batch: Batch, rows: npt.NDArray[np.int64], keys: npt.NDArray[np.int64], many: int) -> list[list[Guess]]:
    """The possible keys of each row whose meaning is also likely in order."""
    names, meanings = tables()
    found: list[list[Guess]] = [[] for _ in range(many)]
    if not len(rows):
        return found
    sizes = batch.sizes[rows]
    starts = np.cumsum(sizes) - sizes
    at = np.repeat(batch.starts[rows] - starts, sizes) + np.arange(int(sizes.sum()))
    plain = Batch(flat=meanings[np.repeat(keys, sizes), batch.flat[at]], starts=starts, sizes=sizes)
    limits = np.where(_legible(batch), np.minimum(batch_bits(batch) - _GAIN, _LIKELY), _LIKELY)[rows].tolist()
    for row, key, bits, limit in zip(rows.tolist(), keys.tolist(), batch_bits(plain).tolist(), limits, strict=True):
        if bits < limit:
            found[row].append(Guess(layer=names[key], table=meanings[key].tobytes(), bits=bits))
    for each in found:
        each.sort(key=lambda guess: guess.bits)
    return found

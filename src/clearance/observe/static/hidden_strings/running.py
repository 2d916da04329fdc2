"""Keys that change with the place: a counter, the byte before, a straight line modulo 256.

Most are a change of the bytes that needs no key and leaves a one-byte key to be found; the straight lines are a family
small enough to be tried whole.
"""

import functools
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.likelihood import Bytes, pair_bits

_PROBE: Final = 40
_FREE: Final = bytes(15)  # of 32 arcs: ASCII may touch one more than its half
_DENSE: Final = 6
_MOST: Final = 8
_Ints = npt.NDArray[np.int64]

_PRINTABLE: Final = np.zeros(256, np.bool_)
_PRINTABLE[[*range(0x20, 0x7F), 0, 9, 10, 13]] = True


def _place(octets: Bytes) -> Bytes:
    return (np.arange(len(octets)) & 255).astype(np.uint8)


def _before(octets: Bytes) -> Bytes:
    return np.concatenate((np.zeros(1, np.uint8), octets[:-1]))


CHANGES: Final[dict[str, Callable[[Bytes], Bytes]]] = {
    "xor place": lambda octets: octets ^ _place(octets),
    "shift by place": lambda octets: octets - _place(octets),
    "shift back by place": lambda octets: octets + _place(octets),
    "xor byte before": lambda octets: (octets ^ _before(octets))[1:],
    "shift by byte before": lambda octets: (octets - _before(octets))[1:],
    "xor all before": np.bitwise_xor.accumulate,
    "shift by all before": lambda octets: np.add.accumulate(octets, dtype=np.uint8),
}
"""By the name of the layer: what takes the influence of the place, or of what stands before, off one value.

The first byte has none before it that anybody knows, and is left out."""


def may_be_ascii(octets: Bytes) -> bool:
    """True when one XOR or one addition could make ASCII of the bytes: they lie in one half of the circle of 256."""
    taken = np.zeros(32, np.bool_)
    taken[octets >> 3] = True
    circle = np.concatenate((taken, taken)).tobytes()
    return _FREE in circle


def counting_keys(octets: Bytes) -> list[tuple[int, int]]:
    """First key and step of the likeliest ``byte ^ (key + step * place)`` that leave printable ASCII, at most eight.

    Judged by the first 40 bytes. A step of nothing is no key that runs, and is left out.
    """
    probe = octets[:_PROBE]
    dense = min(_DENSE, len(probe))
    alive = np.ones(1 << 16, np.bool_)
    alive[:256] = False
    for place in range(dense):
        alive &= _PRINTABLE[_streams()[place] ^ probe[place]]
    steps, keys = np.divmod(np.flatnonzero(alive), 256)
    for place in range(dense, len(probe)):
        kept = _PRINTABLE[(steps * place + keys) & 255 ^ int(probe[place])]
        steps, keys = steps[kept], keys[kept]
    if not len(steps):
        return []
    streams = (steps[:, None] * np.arange(len(probe)) + keys[:, None]) & 255
    plain = (probe[None, :] ^ streams).astype(np.uint16)
    surprise = pair_bits()[plain[:, :-1] << 8 | plain[:, 1:]].sum(axis=1)
    best = np.argsort(surprise, kind="stable")[:_MOST]
    return list(zip(keys[best].tolist(), steps[best].tolist(), strict=True))


@functools.cache
def _streams() -> Bytes:
    """Key plus step times place, for the first places and every step and key."""
    every = np.arange(256)
    steps, keys = every[None, :, None], every[None, None, :]
    return ((np.arange(_DENSE)[:, None, None] * steps + keys) & 255).astype(np.uint8).reshape(_DENSE, -1)


def counted(octets: Bytes, key: int, step: int) -> Bytes:
    """The bytes without ``key + step * place``."""
    return octets ^ ((np.arange(len(octets)) * step + key) & 255).astype(np.uint8)

"""RC4 for many keys at once: the cipher that script obfuscators use for their string arrays."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

_KEYS: Final = 1024


def keystreams(keys: Sequence[bytes], size: int) -> npt.NDArray[np.uint8]:
    """The first ``size`` bytes of each key's stream, one row a key; an empty key counts as one zero byte."""
    rows = [_chunk(keys[first : first + _KEYS], size) for first in range(0, len(keys), _KEYS)]
    return np.concatenate(rows) if rows else np.zeros((0, size), np.uint8)


def _chunk(keys: Sequence[bytes], size: int) -> npt.NDArray[np.uint8]:
    every = np.arange(len(keys))
    scheduled = np.array([np.resize(np.frombuffer(key or b"\0", np.uint8), 256) for key in keys], np.int64)
    state = np.tile(np.arange(256, dtype=np.uint8), (len(keys), 1))
    place = np.zeros(len(keys), np.int64)
    for step in range(256):
        moved = state[:, step].copy()
        place = (place + moved + scheduled[:, step]) & 255
        state[:, step] = state[every, place]
        state[every, place] = moved
    stream = np.empty((len(keys), size), np.uint8)
    place[:] = 0
    for step in range(size):
        at = (step + 1) & 255
        moved = state[:, at].copy()
        place = (place + moved) & 255
        other = state[every, place]
        state[:, at], state[every, place] = other, moved
        stream[:, step] = state[every, (moved.astype(np.int64) + other) & 255]
    return stream

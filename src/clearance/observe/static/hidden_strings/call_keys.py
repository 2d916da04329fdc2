"""Keys that stand where a list's items are asked for, ``item(0x1f, "k3y!")``: the form of script obfuscators.

Which item belongs to which key is not known, because the list is turned round first: every item is tried under every
key, and a list counts as deciphered when nearly all of its longer items read as text under one.
"""

import functools
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.likelihood import pair_bits
from clearance.observe.static.hidden_strings.rc4 import keystreams

_KEY: Final = rb"(?:\"([^\"\\\n]{1,32})\"|'([^'\\\n]{1,32})')"
_NUMBER: Final = rb"(?:[\"']0x[0-9a-fA-F]{1,6}[\"']|-?(?:0x[0-9a-fA-F]{1,6}|\d{1,6}))"
_BEHIND: Final = re.compile(rb"\(\s?" + _NUMBER + rb"(?:\s?[-+*]{1,2}\s?[\w-]{1,16})?,\s?" + _KEY)
_BEFORE: Final = re.compile(rb"\(\s?" + _KEY + rb",\s?" + _NUMBER)
_MOST_KEYS: Final = 2048
_MOST_PARTS: Final = 4096
_SIZE: Final = 64
_LEAST_PARTS: Final = 8
_PROBED: Final = 8
_TELLING: Final = 10
"""Bytes of an item from which on it does not read as text under a wrong key."""
_PRINTABLE: Final = np.zeros(256, np.bool_)
_PRINTABLE[[*range(0x20, 0x7F), 9, 10, 13]] = True


class CallKeys:
    """Keys at the calls of one member, looked for when the first list asks for them."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def deciphered(self, parts: Sequence[bytes]) -> tuple[bytes, ...] | None:
        """The items of a list under the keys that make sense of them, or None."""
        telling = [part for part in parts if len(part) >= _TELLING]
        if len(parts) < _LEAST_PARTS or 4 * len(telling) < len(parts) or len(telling) < 3 or not len(self._streams):
            return None
        probe = telling[:_PROBED]
        if 2 * sum(self._best(part) is not None for part in probe) < len(probe):
            return None
        found = [self._best(part) for part in parts[:_MOST_PARTS]]
        solved = sum(one is not None for one, part in zip(found, parts, strict=False) if len(part) >= _TELLING)
        if solved < 3 or solved < 0.8 * len(telling[:_MOST_PARTS]):
            return None
        return tuple(one for one in found if one is not None)

    @functools.cached_property
    def _streams(self) -> npt.NDArray[np.uint8]:
        keys: dict[bytes, None] = {}
        for pattern in (_BEHIND, _BEFORE):
            for match in pattern.finditer(self._data):
                keys[match[1] or match[2]] = None
                if len(keys) == _MOST_KEYS:
                    break
        return keystreams(list(keys), _SIZE)

    def _best(self, part: bytes) -> bytes | None:
        octets = np.frombuffer(part[:_SIZE], np.uint8)
        plain = self._streams[:, : len(octets)] ^ octets
        clear = plain[_PRINTABLE[plain].all(axis=1)]
        if not len(clear):
            return None
        before = np.concatenate((np.full((len(clear), 1), 32, np.uint16), clear[:, :-1].astype(np.uint16)), axis=1)
        surprise = pair_bits()[before << 8 | clear].sum(axis=1)
        best: bytes = clear[int(surprise.argmin())].tobytes()
        return best

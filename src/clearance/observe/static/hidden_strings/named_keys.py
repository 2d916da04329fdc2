"""Keys that are written down near the value, as a literal of their own: repeating XOR and RC4.

Whoever decodes must have the key, and mostly it stands in the same place. Such a key may be of any length.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from clearance.observe.static.escapes import unescape
from clearance.observe.static.hidden_strings.rc4 import keystreams
from clearance.observe.static.script import LiteralKind, Script

_AROUND: Final = 14
"""Literals before and behind a value that are tried."""
_SHORTEST, _LONGEST = 1, 256
_PROBE: Final = 40
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\xff]")
_CIPHER: Final = re.compile(rb"%\s?(?:256|0x100)\b|&\s?(?:255|0x[fF][fF])\b|[rR][cC]4")
_RC4_SIZE: Final = 32
_RC4_LONGEST: Final = 16 << 10
"""Bytes of a value that are deciphered; each costs a step in Python."""
_MOST_RC4_KEYS: Final = 1500
MOST_RC4_VALUES: Final = 400
"""Values of a member that are tried with RC4."""


class NamedKeys:
    """Literals of a script as keys for the values near them."""

    def __init__(self, script: Script) -> None:
        self._script = script
        strings = script.kinds <= LiteralKind.TEMPLATE
        sizes = script.ends - script.starts
        self._indices = np.flatnonzero(strings & (sizes >= _SHORTEST) & (sizes <= _LONGEST))
        self._places = script.starts[self._indices]

    @functools.cached_property
    def _may_cipher(self) -> bool:
        """The script counts modulo 256, or names the cipher."""
        return _CIPHER.search(self._script.data) is not None

    def near(self, place: int) -> Iterator[bytes]:
        """Literals around a place, each once, the nearest first."""
        middle = int(np.searchsorted(self._places, place))
        seen: set[bytes] = set()
        for distance in range(_AROUND + 1):
            for at in {middle + distance, middle - distance - 1}:
                if 0 <= at < len(self._indices) and self._places[at] != place:
                    key = self._script.raw(int(self._indices[at]))
                    key = unescape(key, python=self._script.python).encode("utf-8", "replace") if b"\\" in key else key
                    if key and key not in seen:
                        seen.add(key)
                        yield key

    def xored(self, value: Sequence[bytes], place: int) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
        """Each key under which every part begins like text, and the parts without it."""
        for key in self.near(place):
            if len(key) > 1 and all(is_clear(xor(part[:_PROBE], key)) for part in value[:20]):
                yield key, tuple(xor(part, key) for part in value)

    def enciphered(
        self, values: Sequence[tuple[Sequence[bytes], int]]
    ) -> Iterator[tuple[int, bytes, tuple[bytes, ...]]]:
        """Index of a value, the RC4 key under which every part begins like text, and the parts without it."""
        if not values or not self._may_cipher:
            return
        wanted = [list(self.near(place)) for _, place in values]
        keys = list(dict.fromkeys(key for each in wanted for key in each))[:_MOST_RC4_KEYS]
        streams = dict(zip(keys, map(bytes, keystreams(keys, _RC4_SIZE)), strict=True))
        for index, (parts, _) in enumerate(values):
            for key in wanted[index]:
                stream = streams.get(key)
                if stream and all(is_clear(xor(part[:_RC4_SIZE], stream)) for part in parts[:20]):
                    longest = keystreams([key], min(max(map(len, parts)), _RC4_LONGEST))[0].tobytes()
                    yield index, key, tuple(xor(part[: len(longest)], longest) for part in parts)


def xor(data: bytes, key: bytes) -> bytes:
    """The data under a key that repeats."""
    if not data:
        return b""
    whole = key * (len(data) // len(key) + 1)
    return (int.from_bytes(data) ^ int.from_bytes(whole[: len(data)])).to_bytes(len(data))


def shown(key: bytes) -> str:
    """A key as one can read it, cut at 32 bytes: as text, or in hex."""
    text = key[:32].decode("ascii", "replace")
    return text if text.isprintable() and text.isascii() else key[:32].hex()


def is_clear(data: bytes) -> bool:
    """True for what begins like text: ASCII without control characters, or UTF-8."""
    if data.isascii():
        return _CONTROL.search(data) is None
    try:
        data[: len(data) - 4].decode()
    except UnicodeDecodeError:
        return False
    return len(data) > 12 and re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1d\x7f]", data) is None

"""A value on its way from what is written down to what it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from clearance.observe.static.hidden_strings.batches import bits_a_byte

LOCKED: Final = 512
"""Bytes of a value that are weighed against what a key makes of them."""

_GUESSES: Final = frozenset(
    ("reversed", "base64 (swapped case)", "base64 (own alphabet)", "shift 13 (letters)", "base32 (hex)", "base85 (Z85)")
)
_LOCKS: Final = ("xor", "shift", "rc4")
_POINTS: Final = ("code points", "char codes")
_OPAQUE: Final = re.compile(rb"[^\t\n\r\x20-\x7e]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Bytes, where they are written, and what was taken off them so far.

    A list whose items are written one by one in the same way is one value of many ``parts``: each is too short to be
    told from chance, all of them together are not.
    """

    parts: tuple[bytes, ...]
    place: int
    """Where it is written: bytes from the member's begin."""
    written: int
    """Bytes of it as written."""
    places: tuple[int, ...] = ()
    """Where each part of it is written, if in more than one place."""
    layers: tuple[str, ...] = ()
    key_bytes: int = 0
    """Free bytes of the keys that were taken off; 0: none was."""
    before: float = 9.0
    """Bits of surprise a byte that stood before the last key."""

    legible: bool = False
    """Whether that was printable ASCII."""
    locked_as: tuple[bytes, ...] = ()
    """What stood before the first key, its first ``LOCKED`` bytes, in its parts; none where no key was taken off."""

    proven: frozenset[tuple[str, ...]] = frozenset()
    """Layers with a key under which another value of the member was read."""

    unlocked_last: bool = False
    """Whether the last layer was a key: two keys one on the other are one key, or none."""

    quick: bool = False
    """Whether only what is likely is tried on it: a member with many odd values gets no more for most of them."""

    @property
    def joined(self) -> bytes:
        """The parts one behind the other: what a key is looked for in."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    @property
    def lines(self) -> bytes:
        """The parts one on each line: what is read."""
        return self.parts[0] if len(self.parts) == 1 else b"\n".join(self.parts)

    def without(self, layer: str, parts: tuple[bytes, ...]) -> "Value":
        """The same value with a layer taken off that needs no key."""
        return replace(self, parts=parts, layers=(*self.layers, layer), unlocked_last=False, legible=False, before=9.0)

    def unlocked(self, layer: str, parts: tuple[bytes, ...], *, free: int) -> "Value":
        """The same value with a key of so many free bytes taken off."""
        first = self.key_bytes == 0
        legible = not _OPAQUE.search(self.joined[:4096]) if first else self.legible
        return replace(
            self,
            parts=parts,
            layers=(*self.layers, layer),
            key_bytes=self.key_bytes + free,
            before=min(bits_a_byte(self.joined), 9.0) if first and legible else self.before,
            legible=legible,
            locked_as=self.locked_as or tuple(_begin(self.parts)),
            unlocked_last=True,
        )

    def turned(self) -> "Value":
        """The same value from its end to its begin, which hides it from a reader like a key and has no free bytes."""
        changed = self.unlocked("reversed", tuple(part[::-1] for part in self.parts), free=0)
        before = self.before if self.key_bytes else 9.0
        return replace(changed, unlocked_last=self.unlocked_last, key_bytes=max(self.key_bytes, 1), before=before)

    @property
    def guessed(self) -> int:
        """How many layers were taken off that nothing pointed to: they are tried on every value of their alphabet."""
        return sum(layer in _GUESSES for layer in self.layers)

    @property
    def locked(self) -> bool:
        """Whether no key was taken off yet; another order is none, and a number added to all code points leaves one."""
        return not any(layer.startswith(_LOCKS) and not layer.endswith(_POINTS) for layer in self.layers)


def _begin(parts: Sequence[bytes]) -> Iterator[bytes]:
    """The parts as far as they are weighed."""
    left = LOCKED
    for part in parts:
        if left <= 0:
            return
        yield part[:left]
        left -= len(part)

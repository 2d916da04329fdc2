"""Memory that does not grow with a session: the oldest entries go first."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Held = TypeVar("Held")


class Bounded(Generic[Key, Held]):
    """A mapping of at most ``most`` entries; what was set last stays."""

    __slots__ = ("_held", "_most")

    def __init__(self, most: int) -> None:
        self._held: OrderedDict[Key, Held] = OrderedDict()
        self._most = most

    def set(self, key: Key, value: Held) -> None:
        """Keep a value; the entry that was set longest ago makes room."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)

    def first(self, key: Key, value: Held) -> bool:
        """Keep a value unless there is one; whether there was none."""
        if key in self._held:
            return False
        self.set(key, value)
        return True

    def get(self, key: Key) -> Held | None:
        """The value, or None."""
        return self._held.get(key)

    def all_of(self, keys: Iterable[Key]) -> Iterator[tuple[Key, Held]]:
        """Those of the keys that are held."""
        held = self._held
        return ((key, held[key]) for key in keys if key in held)

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)


_SHORT: Final = 160
"""Characters of a name that is kept as it is; of a longer one its beginning and a digest are."""


class Names(Generic[Held]):
    """As Bounded, for names of any length: an entry takes a few hundred bytes at most."""

    __slots__ = ("_names",)

    def __init__(self, most: int) -> None:
        self._names: Bounded[str, Held] = Bounded(most)

    def set(self, name: str, value: Held) -> None:
        """Keep a value; the entry that was set longest ago makes room."""
        self._names.set(_short(name), value)

    def get(self, name: str) -> Held | None:
        """The value, or None."""
        return self._names.get(_short(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _short(name) in self._names

    def __len__(self) -> int:
        return len(self._names)


def _short(name: str) -> str:
    if len(name) <= _SHORT:
        return name
    return f"{name[:64]}#{hashlib.blake2b(name.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"

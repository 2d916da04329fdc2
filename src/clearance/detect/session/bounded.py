"""Memory that does not grow with a session: the oldest entries go first, and whoever asks can know that some went."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Held = TypeVar("Held")


class Bounded(Generic[Key, Held]):
    """A mapping of at most ``most`` entries; what was used or set last stays."""

    __slots__ = ("_held", "_most", "dropped")

    def __init__(self, most: int) -> None:
        self._held: OrderedDict[Key, Held] = OrderedDict()
        self._most = most
        self.dropped = 0
        """Entries that had to go."""

    def set(self, key: Key, value: Held) -> None:
        """Keep a value; the entry that was set longest ago makes room."""
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
            self.dropped += 1

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

    def values(self) -> tuple[Held, ...]:
        """All values, the oldest first."""
        return tuple(self._held.values())

    def __contains__(self, key: object) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)

"""A node of somebody's document: it may be anything, and asking it for something else is answered by nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

_MOST_LEAVES = 20_000
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Node:
    """What stands at some place of a document; ``Node(None)`` where nothing does.

    Texts that come out of it can be encoded: half surrogate pairs are spelt out.
    """

    plain: object

    def at(self, *keys: str) -> "Node":
        """The value below those keys."""
        found = self.plain
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return Node(found)

    def has(self, *keys: str) -> bool:
        """Whether it is a table that has all these keys."""
        return isinstance(self.plain, dict) and all(key in self.plain for key in keys)

    @property
    def is_table(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.plain, dict)

    @property
    def is_text(self) -> bool:
        """Whether it is a string."""
        return isinstance(self.plain, str)

    def text(self, *keys: str) -> str:
        """The string or number there, as text; empty for everything else."""
        return scalar(self.at(*keys).plain)

    def texts(self, *keys: str) -> tuple[str, ...]:
        """The texts of the list there, or the one text; what is neither is left out."""
        found = self.at(*keys).plain
        return tuple(filter(None, map(scalar, found if isinstance(found, list) else [found])))

    def is_on(self, *keys: str) -> bool:
        """Whether ``true`` stands there (in YAML also ``yes`` and ``on``)."""
        return scalar(self.at(*keys).plain).lower() in {"true", "yes", "on"}

    def each(self, *keys: str) -> tuple["Node", ...]:
        """The values of the list there."""
        found = self.at(*keys).plain
        return tuple(Node(item) for item in found) if isinstance(found, list) else ()

    def items(self, *keys: str) -> tuple[tuple[str, "Node"], ...]:
        """Key and value of the table there, in order."""
        found = self.at(*keys).plain
        return tuple((scalar(key), Node(item)) for key, item in found.items()) if isinstance(found, dict) else ()

    def leaves(self) -> Iterator[tuple[str, str]]:
        """Every text, number and flag with its keys joined by full stops; those of a list stand under the list's key.

        At most 20,000, none that lies deeper than 40.
        """
        waiting: list[tuple[str, object, int]] = [("", self.plain, 0)]
        given = 0
        while waiting and given < _MOST_LEAVES:
            path, item, depth = waiting.pop()
            if isinstance(item, dict) and depth < _DEEPEST:
                waiting += [(_joined(path, key), below, depth + 1) for key, below in reversed(item.items())]
            elif isinstance(item, list) and depth < _DEEPEST:
                waiting += [(path, below, depth + 1) for below in reversed(item)]
            elif text := scalar(item):
                given += 1
                yield path, text


def scalar(found: object) -> str:
    """A string, number or flag as text that can be encoded; empty for everything else."""
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        return found if found.isascii() else found.encode("utf-8", "backslashreplace").decode("utf-8")
    return str(found) if isinstance(found, int | float) else ""


def _joined(path: str, key: object) -> str:
    return f"{path}.{scalar(key)}" if path else scalar(key)

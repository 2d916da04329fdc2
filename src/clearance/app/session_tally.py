"""What of a session is only counted: lines of bookkeeping by their kinds, and weak hits in short words of the user."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

_EMPTY: Final = "empty"
_MOST_KINDS: Final = 64
_NAMED: Final = 12
_OTHERS: Final = "other kinds"


class Tally:
    """Counts, and says what it counted in sentences."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()

    def line(self, kind: str) -> None:
        """A line of a kind that holds nothing a model reads or writes; no kind: it is no such line."""
        if kind and kind != _EMPTY:
            self._kinds[kind if kind in self._kinds or len(self._kinds) < _MOST_KINDS else _OTHERS] += 1

    def notes(self) -> Iterator[str]:
        """Nothing where nothing was counted."""
        if self._kinds:
            named = ", ".join(f"{kind} {count}" for kind, count in self._kinds.most_common(_NAMED))
            more = f", and {len(self._kinds) - _NAMED} more kinds" if len(self._kinds) > _NAMED else ""
            count = self._kinds.total()
            yield f"Of {count} lines, which hold nothing of the conversation, nothing was read: {named}{more}."

"""Whether a staged clock reached the program: told by the dates in what it sent, not by what kind of file it is.

A program that reads the time by system calls of its own (a static one, or one that does without the C library) goes
past a staged clock. Its runs then say nothing about what it would do at another time.
"""

import re
from collections.abc import Iterable, Sequence

from clearance.observe.behaviour.canonical import without_dates
from clearance.observe.behaviour.row import Row

_TIMED_ID = re.compile(
    r"(?<![0-9a-f])([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)
"""A UUID of version 7: its first 48 bits are milliseconds since 1970."""
_TWO_DAYS = 2 * 86400
_APART = 5 * 86400
"""Seconds between the staged and the real time below which dates cannot tell one from the other."""


class ClockWitness:
    """Takes the rows of every run and remembers what their dates say."""

    def __init__(self) -> None:
        self._real: float | None = None
        self._heeded = False
        self._ignored = 0

    def take(self, rows: Sequence[Row], *, staged: bool) -> None:
        """The rows of one run; ``staged``: its clock was staged."""
        if self._heeded or not rows:
            return
        if not staged:
            self._real = rows[0].wall_clock
        elif self._real is not None and abs(rows[0].wall_clock - self._real) > _APART:
            self._weigh(rows, self._real)

    def _weigh(self, rows: Sequence[Row], real: float) -> None:
        texts = [text for row in rows for text in row.places.values()]
        if any_near(texts, rows[0].wall_clock):
            self._heeded = True
        elif any_near(texts, real):
            self._ignored += 1

    @property
    def ignored(self) -> int:
        """Runs with a staged clock that sent dates near the real time and none near the staged one.

        0 as soon as one run sent a date near the staged one.
        """
        return 0 if self._heeded else self._ignored


def any_near(texts: Iterable[str], at: float) -> bool:
    """True when a text holds a date, an epoch or a timed id within two days of ``at`` (Unix seconds)."""
    return any(_id_near(text, at) or without_dates(text, at) != text for text in texts)


def _id_near(text: str, at: float) -> bool:
    return any(abs(int(high + low, 16) / 1000 - at) <= _TWO_DAYS for high, low in _TIMED_ID.findall(text))

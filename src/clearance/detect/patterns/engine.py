"""Which engine looks, and how a table gets to one."""

import importlib.util
from collections.abc import Sequence
from typing import Protocol

from clearance.detect.patterns.errors import NoEngine, PatternRefused
from clearance.detect.patterns.rows import Match, PatternRow


class Engine(Protocol):
    """A compiled table. Every engine gives the same matches for the same table and text."""

    @property
    def name(self) -> str:
        """``hyperscan`` or ``re2``."""
        ...

    @property
    def saved(self) -> bytes:
        """What makes a later start faster, or nothing; ``app`` may keep it where only the user can write."""
        ...

    def scan(self, text: bytes) -> list[Match]:
        """Every match by row, then by place; matches of one row do not overlap. Nothing of the text is skipped."""
        ...


class Patterns:
    """Tables of patterns become engines."""

    @staticmethod
    def compile(rows: Sequence[PatternRow], *, saved: bytes = b"") -> Engine:
        """The fastest engine that is installed, for these rows.

        Raises:
            NoEngine: none is installed.
            PatternRefused: a row cannot be looked for.
        """
        if importlib.util.find_spec("hyperscan") is not None:
            from clearance.detect.patterns.hyper import HyperscanEngine

            return HyperscanEngine(_checked(rows), saved)
        if importlib.util.find_spec("re2") is not None:
            from clearance.detect.patterns.second import Re2Engine

            return Re2Engine(_checked(rows))
        raise NoEngine


def _checked(rows: Sequence[PatternRow]) -> Sequence[PatternRow]:
    twice = {row.id for row in rows if sum(other.id == row.id for other in rows) > 1}
    if twice or not rows:
        raise PatternRefused(", ".join(sorted(twice)) or "table", "stands twice" if twice else "is empty")
    return rows

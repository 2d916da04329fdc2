"""What a table of patterns is made of, and what comes back."""

from collections.abc import Callable
from dataclasses import dataclass

Verifier = Callable[[bytes, int, int], bool]
"""Text, first byte, byte behind the last one: whether a match is one. It never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRow:
    """One pattern. It is read as bytes: words in other letters than Latin stand in it as UTF-8."""

    id: str
    expression: str
    """A regular expression without unbounded repeats; ``syntax.py`` says what may stand in it."""
    keywords: tuple[str, ...] = ()
    """Every match holds one of these. They make the search and the start cheap; without them the expression itself is
    searched for."""
    any_case: bool = False
    """Whether the keywords stand in either case; always so where the expression begins with ``(?i)``."""
    verifier: Verifier | None = None
    """What else must be true of a match."""

    @property
    def caseless(self) -> bool:
        """Whether the expression is for either case."""
        return self.expression.startswith("(?i)")


@dataclass(frozen=True, slots=True)
class Match:
    """A row at one place."""

    row: int
    """Index in the table."""
    start: int
    """First byte."""
    end: int
    """The byte behind the last one."""

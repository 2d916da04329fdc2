"""What reads one row of the engine's table: from a match to the secrets there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.seen import SeenSecret

Reading = Callable[[bytes, int, int], Iterator[SeenSecret]]
"""Text and a match's bytes in, the secrets there out. It never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A row and what is made of its matches."""

    row: PatternRow
    read: Reading

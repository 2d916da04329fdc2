"""Sealed segments: a range of records as rows of a table, for tools that do not know the log."""

from dataclasses import dataclass
from typing import TypeAlias

Range: TypeAlias = tuple[int, int]
"""First and last record of a segment, both in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """One record as a row.

    The record stands in one column as its canonical JSON, not in a column for each field: events of many kinds share
    few fields, a new kind would change the schema of every later file, and so the leaf follows from the row alone.
    """

    index: int
    at_ms: int | None
    """Milliseconds since 1970, UTC; None where the record's time is written in another form."""
    event: str
    record: bytes
    """Canonical JSON, UTF-8."""
    leaf: bytes
    """SHA-256 of 0x00 and ``record``: the leaf of the log's tree."""

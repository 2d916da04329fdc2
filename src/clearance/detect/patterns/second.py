"""The engine over re2, where hyperscan has no wheel: a set says which rows can match, each is then read by itself."""

from collections.abc import Sequence
from typing import Any, Final

import re2  # type: ignore[import-untyped]  # it ships no types

from clearance.detect.patterns.rows import Match, PatternRow
from clearance.detect.patterns.syntax import widest

_MEMORY: Final = 256 << 20
"""Bytes that re2 may use for a set; it fails rather than use more."""


class Re2Engine:
    """Rows compiled for re2. Same answers as those of hyperscan, several times slower."""

    name = "re2"

    def __init__(self, rows: Sequence[PatternRow]) -> None:
        self._rows = tuple(rows)
        for row in rows:
            widest(row)
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = _MEMORY
        options.log_errors = False
        self._readers = [re2.compile(row.expression.encode(), options) for row in rows]
        self._owners = [index for index, row in enumerate(rows) for _ in _sought(row)]
        self._set: Any = re2.Set.SearchSet(options)
        for row in rows:
            for expression in _sought(row):
                self._set.Add(expression)
        self._set.Compile()

    @property
    def saved(self) -> bytes:
        """Nothing: re2 compiles as it goes."""
        return b""

    def scan(self, text: bytes) -> list[Match]:
        """Every match by row, then by place."""
        rows = sorted({self._owners[hit] for hit in self._set.Match(text) or ()})
        return [match for row in rows for match in self._read(row, text)]

    def _read(self, row: int, text: bytes) -> list[Match]:
        verifier = self._rows[row].verifier
        spans = (found.span() for found in self._readers[row].finditer(text))
        return [Match(row, start, end) for start, end in spans if verifier is None or verifier(text, start, end)]


def _sought(row: PatternRow) -> list[bytes]:
    caseless = b"(?i)" if row.caseless or row.any_case else b""
    return [caseless + re2.escape(word.encode()) for word in row.keywords] or [row.expression.encode()]

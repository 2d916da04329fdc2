"""The engine over hyperscan: one database says where something may be, ``re`` reads it there.

1. Hyperscan finds every place of a keyword, or of an expression that has none, in one pass.
2. Places of a row that overlap are one window. Outside the windows nothing can match.
3. ``re`` reads each window from left to right. A row's matches do not overlap, and are those of a reading of the whole.
"""

import hashlib
import importlib.metadata
import re
import threading
from array import array
from collections.abc import Sequence
from typing import Final

import hyperscan

from clearance.detect.patterns.rows import Match, PatternRow
from clearance.detect.patterns.syntax import widest

_MAGIC: Final = b"clearance.patterns/2\n"


class HyperscanEngine:
    """Rows compiled for hyperscan. May be used from several threads.

    Args:
        rows: the table.
        saved: what ``saved`` of an engine of the same table gave, to start without compiling. It is native data: take
            it only from where nobody else can write. Bytes of another table, version or machine are not used.
    """

    name = "hyperscan"

    def __init__(self, rows: Sequence[PatternRow], saved: bytes = b"") -> None:
        self._rows = tuple(rows)
        self._readers: dict[int, re.Pattern[bytes]] = {}
        self._searches = [search for i, row in enumerate(rows) for search in _searches(i, row)]
        loaded = self._loaded(saved)
        self._widths = loaded[0] if loaded else [widest(row) for row in rows]
        self._reach = [(owner, self._widths[owner] if keyword else 0) for owner, _, _, keyword in self._searches]
        self._threads = threading.local()
        self._database = loaded[1] if loaded else self._compiled()

    @property
    def saved(self) -> bytes:
        """The compiled database, for ``saved`` of a later start on the same machine."""
        data: bytes = array("H", self._widths).tobytes() + hyperscan.dumpb(self._database)
        return self._head(data) + data

    def scan(self, text: bytes) -> list[Match]:
        """Every match by row, then by place. Any bytes; time and memory grow with the text only."""
        windows = self._windows(text)
        return [match for row in sorted(windows) for match in self._read(row, windows[row], text)]

    def _windows(self, text: bytes) -> dict[int, list[list[int]]]:
        found: dict[int, list[list[int]]] = {}
        reach = self._reach

        def seen(search: int, start: int, end: int, _flags: int, _context: object) -> None:
            # Called for each place, in order of their ends: what it does not do is what makes it fast.
            row, far = reach[search]
            low, high = (end - far, end + far) if far else (start, end)
            windows = found.get(row)
            if windows is None:
                found[row] = [[low, high]]
            elif low > windows[-1][1]:
                windows.append([low, high])
            else:
                _widen(windows, low, high)

        self._database.scan(text, match_event_handler=seen, scratch=self._scratch())
        return found

    def _read(self, row: int, windows: list[list[int]], text: bytes) -> list[Match]:
        reader = self._readers.get(row)
        if reader is None:  # most rows of a large table never match: what they would cost at the start is saved
            reader = self._readers[row] = re.compile(self._rows[row].expression.encode())
        search, verifier, width = reader.search, self._rows[row].verifier, self._widths[row]
        matches = []
        for low, high in windows:
            # Read on behind the window, so that what stands behind a match is seen; nothing begins there.
            found, limit = search(text, max(low, 0), high + width + 2), high
            while found is not None and found.start() < limit:
                if verifier is None or verifier(text, found.start(), found.end()):
                    matches.append(Match(row, found.start(), found.end()))
                found = search(text, found.end(), high + width + 2)
        return matches

    def _scratch(self) -> "hyperscan.Scratch":
        scratch = getattr(self._threads, "scratch", None)
        if scratch is None:
            scratch = self._threads.scratch = hyperscan.Scratch(self._database)
        return scratch

    def _compiled(self) -> "hyperscan.Database":
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[expression for _, expression, _, _ in self._searches],
            ids=list(range(len(self._searches))),
            flags=[flags for _, _, flags, _ in self._searches],
            elements=len(self._searches),
        )
        return database

    def _loaded(self, saved: bytes) -> "tuple[list[int], hyperscan.Database] | None":
        """Widths of the rows, which are as good as those that were checked when they were saved, and the database."""
        head, widths = len(_MAGIC) + 64, array("H", bytes(2 * len(self._rows)))
        if len(saved) <= head or saved[:head] != self._head(saved[head:]):
            return None
        try:
            widths = array("H", saved[head : head + 2 * len(widths)])
            database: hyperscan.Database = hyperscan.loadb(saved[head + 2 * len(widths) :], hyperscan.HS_MODE_BLOCK)
        except (hyperscan.error, ValueError):
            return None
        return widths.tolist(), database

    def _head(self, data: bytes) -> bytes:
        table = repr([(row.id, row.expression, row.keywords, row.any_case) for row in self._rows]).encode()
        version = importlib.metadata.version("hyperscan").encode()
        return _MAGIC + hashlib.sha256(version + table).digest() + hashlib.sha256(data).digest()


def _widen(windows: list[list[int]], low: int, high: int) -> None:
    """Take a place into the last window, and that into those before it that it now reaches."""
    last = windows[-1]
    last[1] = max(last[1], high)
    if low < last[0]:
        last[0] = low
        while len(windows) > 1 and low <= windows[-2][1]:
            begun, ended = windows.pop()
            windows[-1] = [min(windows[-1][0], begun), max(windows[-1][1], ended)]


def _searches(index: int, row: PatternRow) -> list[tuple[int, bytes, int, bool]]:
    """What hyperscan looks for: row, expression, flags, whether it is a keyword only."""
    caseless = hyperscan.HS_FLAG_CASELESS if row.caseless else 0
    if row.keywords:
        flags = hyperscan.HS_FLAG_CASELESS if row.caseless or row.any_case else 0
        return [(index, re.escape(word.encode()), flags, True) for word in row.keywords]
    plain = row.expression.removeprefix("(?i)").encode()
    return [(index, plain, caseless | hyperscan.HS_FLAG_SOM_LEFTMOST, False)]

"""Which ranges of a log are sealed, which come next, and whether rows are the records that the tree has."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Final

from clearance.ledger.errors import LedgerDamaged
from clearance.ledger.merkle import leaf_hash
from clearance.ledger.reading import LogReader
from clearance.model.ids import Digest
from clearance.model.record import Record, SegmentSealed, read_record
from clearance.model.segment import Range, SegmentRow

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = len("2026-07-10T00:00:00.000Z")


class SealedRanges:
    """The segments that a log's records tell of: they follow each other from record 0 on, without a hole."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.digests: dict[Range, set[Digest]] = {}
        """A range may have been written more than once: by another version of Parquet its bytes may differ."""
        self.astray: list[tuple[int, SegmentSealed]] = []
        """Number and event of what does not follow."""
        self.next = 0
        """The first record that is in no segment."""
        for record in records:
            if isinstance(record.what, SegmentSealed):
                self._take(record.index, record.what)

    def _take(self, index: int, what: SegmentSealed) -> None:
        about = (what.first, what.last)
        if about in self.digests:
            self.digests[about].add(what.file)
        elif what.first == self.next and what.first <= what.last < index:
            self.digests[about] = {what.file}
            self.next = what.last + 1
        else:
            self.astray.append((index, what))


def ranges_to_seal(begin: int, size: int, every: int, *, rest: bool) -> Iterator[Range]:
    """Ranges of ``every`` records from ``begin`` on; with ``rest`` the last may have fewer."""
    for first in range(begin, size, every):
        if first + every <= size or rest:
            yield first, min(first + every, size) - 1


def rows_of(log: LogReader, about: Range) -> Iterator[SegmentRow]:
    """The rows of a range, each checked against its leaf. Raises LedgerDamaged."""
    for logged in log.entries(about[0], about[1] + 1):
        try:
            yield row_of(logged.index, logged.entry)
        except ValueError as error:
            raise LedgerDamaged(f"Record {logged.index}: {error}.", advice="Run `clearance ledger verify`.") from error


def row_of(index: int, entry: bytes) -> SegmentRow:
    """The row that follows from a record's bytes. Raises ValueError where they are no record, or another one."""
    record = read_record(entry)
    if record.index != index:
        raise ValueError(f"it says that it is record {record.index}")
    kind = type(record.what).__name__
    return SegmentRow(index=index, at_ms=_milliseconds(record.at), event=kind, record=entry, leaf=leaf_hash(entry))


def wrong_with_rows(rows: Iterable[SegmentRow], log: LogReader, about: Range) -> tuple[int, str] | None:
    """The first row that is not the record of the tree, with what is wrong; None: all are. Raises LedgerDamaged."""
    first, last = about
    for index, (row, leaf) in enumerate(zip_longest(rows, log.leaves(first, last + 1)), first):
        if row is None:
            return index, "the row is not there"
        if leaf is None:
            return index, "there is a row too many"
        if row.leaf != leaf:
            return index, "its leaf is not the one of the tree"
        try:
            expected = row_of(index, row.record)
        except ValueError as error:
            return index, str(error)
        if row != expected:
            return index, "the row does not say what its record says"
    return None


def _milliseconds(at: str) -> int | None:
    try:
        said = datetime.fromisoformat(at) if len(at) == _TIME and at.endswith("Z") else None
    except ValueError:
        said = None
    if said is None:
        return None
    since = said - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000

"""Segments follow each other without a hole, and their rows are the records of the tree or are named."""

import dataclasses
from collections.abc import Iterable

import pytest
from logged import SIGNER, entry, written
from memory import Memory

from clearance.ledger.errors import LedgerDamaged
from clearance.ledger.merkle import leaf_hash
from clearance.ledger.reading import LogReader
from clearance.ledger.segments import SealedRanges, ranges_to_seal, row_of, rows_of, wrong_with_rows
from clearance.ledger.tiles import tile_path
from clearance.model.ids import Digest
from clearance.model.record import Noted, Record, SegmentSealed, record_bytes
from clearance.model.segment import SegmentRow

SIZE = 600
A, B = Digest("a" * 64), Digest("b" * 64)


@pytest.fixture(scope="module")
def keeper() -> Memory:
    return written(SIZE)


@pytest.fixture
def log(keeper: Memory) -> LogReader:
    return LogReader(keeper, SIGNER.verifier)


def sealed(*events: tuple[int, int, int, Digest]) -> SealedRanges:
    return SealedRanges(
        Record(index=index, at="", what=SegmentSealed(first=first, last=last, file=file))
        for index, first, last, file in events
    )


@pytest.mark.parametrize(
    ("begin", "size", "rest", "found"),
    [
        (0, 250, False, [(0, 99), (100, 199)]),
        (0, 250, True, [(0, 99), (100, 199), (200, 249)]),
        (200, 250, False, []),
        (0, 200, True, [(0, 99), (100, 199)]),
        (0, 0, True, []),
    ],
)
def test_full_ranges_are_sealed_and_the_rest_when_asked(
    begin: int, size: int, rest: bool, found: list[tuple[int, int]]
) -> None:
    assert list(ranges_to_seal(begin, size, 100, rest=rest)) == found


def test_a_range_may_be_written_twice_and_the_next_begins_behind_it() -> None:
    ranges = sealed((200, 0, 99, A), (201, 100, 149, A), (202, 0, 99, B))
    assert ranges.digests == {(0, 99): {A, B}, (100, 149): {A}}
    assert (ranges.next, ranges.astray) == (150, [])


@pytest.mark.parametrize("event", [(9, 1, 5, A), (9, 0, 9, A), (9, 0, -1, A), (9, -3, 2, A), (3, 0, 1 << 60, A)])
def test_a_segment_that_does_not_follow_or_tells_of_what_was_not_there_yet_is_astray(
    event: tuple[int, int, int, Digest],
) -> None:
    ranges = sealed(event)
    assert (ranges.next, len(ranges.astray)) == (0, 1)


def test_rows_are_the_records(log: LogReader) -> None:
    rows = list(rows_of(log, (255, 300)))
    assert [row.record for row in rows] == [entry(n) for n in range(255, 301)]
    assert rows[0] == SegmentRow(
        index=255, at_ms=1_783_641_600_000, event="Noted", record=entry(255), leaf=leaf_hash(entry(255))
    )
    assert wrong_with_rows(rows, log, (255, 300)) is None


def changed(rows: list[SegmentRow], at: int, **fields: object) -> list[SegmentRow]:
    return [*rows[:at], dataclasses.replace(rows[at], **fields), *rows[at + 1 :]]


def test_every_other_row_is_named(log: LogReader) -> None:
    rows = list(rows_of(log, (0, 9)))
    other = row_of(3, record_bytes(Record(index=3, at="2026-07-10T00:00:00.000Z", what=Noted(person="eve", text="x"))))
    cases: list[tuple[int, Iterable[SegmentRow]]] = [
        (9, rows[:-1]),
        (10, [*rows, rows[-1]]),
        (3, [*rows[:3], other, *rows[4:]]),
        (3, changed(rows, 3, record=other.record)),
        (3, changed(rows, 3, leaf=other.leaf)),
        (4, changed(rows, 4, at_ms=0)),
        (4, changed(rows, 4, at_ms=None)),
        (4, changed(rows, 4, event="ReleaseVetted")),
        (4, changed(rows, 4, index=5)),
        (4, changed(rows, 4, record=b"{}")),
        (0, [rows[1], rows[0], *rows[2:]]),
        (0, []),
    ]
    assert [(wrong_with_rows(given, log, (0, 9)) or (None,))[0] for _, given in cases] == [at for at, _ in cases]


@pytest.mark.parametrize(
    ("at", "milliseconds"),
    [
        ("1970-01-01T00:00:00.001Z", 1),
        ("2026-07-10T00:00:00.000Z", 1_783_641_600_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2026-07-10", None),
        ("2026-13-10T00:00:00.000Z", None),
        ("2026-07-10T00:00:00+08:00", None),
        ("", None),
    ],
)
def test_a_time_in_another_form_is_null_and_stays_in_the_record(at: str, milliseconds: int | None) -> None:
    assert row_of(0, record_bytes(Record(index=0, at=at, what=Noted(person="a", text="b")))).at_ms == milliseconds


def test_a_damaged_record_is_not_sealed() -> None:
    keeper = written(SIZE)
    path = tile_path("entries", 0)
    keeper.files[path] = keeper.files[path].replace(b"note 7", b"note 8")
    with pytest.raises(LedgerDamaged, match="Record 7"):
        list(rows_of(LogReader(keeper, SIGNER.verifier), (0, 99)))

"""Segments are Parquet that DuckDB reads, the same bytes for the same rows, and nothing else passes for one."""

import contextlib
import hashlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow
import pytest
from pyarrow import parquet

from clearance.model.segment import SegmentRow
from clearance.report.errors import ReportError
from clearance.report.segment_file import NoSegment, read_segment, write_segment


def row(index: int, text: str = "") -> SegmentRow:
    record = f'{{"index":{index},"what":{{"event":"Noted","text":"{text or index}"}}}}'.encode()
    leaf = hashlib.sha256(b"\0" + record).digest()
    at = None if index == 3 else 1_783_641_600_000 + index
    return SegmentRow(index=index, at_ms=at, event="Noted", record=record, leaf=leaf)


ROWS = [row(n, "ø ’" if n == 5 else "") for n in range(100)]


def segment(rows: list[SegmentRow] = ROWS) -> bytes:
    sink = io.BytesIO()
    write_segment(iter(rows), sink)
    return sink.getvalue()


def test_what_was_written_is_read() -> None:
    assert list(read_segment(io.BytesIO(segment()))) == ROWS
    assert list(read_segment(io.BytesIO(segment([])))) == []


def test_the_same_rows_are_the_same_bytes() -> None:
    assert segment() == segment()
    assert segment(ROWS[:-1]) != segment()


def test_duckdb_reads_the_records_and_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "segment.parquet").write_bytes(segment())
    with duckdb.connect(config={"threads": 1}) as base:
        base.execute("set timezone = 'UTC'")
        found = base.sql(
            f"select index, epoch_ms(\"at\"), event, record, leaf, record->>'$.what.text' "
            f"from '{tmp_path}/*.parquet' order by index"
        ).fetchall()
    assert [SegmentRow(index=i, at_ms=a, event=e, record=r.encode(), leaf=x) for i, a, e, r, x, _ in found] == ROWS
    assert (found[5][5], found[7][5]) == ("ø ’", "7")


def test_rows_are_written_while_others_are_still_to_come() -> None:
    sink = io.BytesIO()
    written: list[int] = []

    def coming() -> Iterator[SegmentRow]:
        for index in range(300):
            written.append(sink.tell())
            yield row(index, "x" * 60_000)  # as large as records get: a group is full after some 140 of them

    write_segment(coming(), sink)
    assert written[0] < 100 < written[150] < written[299]
    assert len(list(read_segment(io.BytesIO(sink.getvalue())))) == 300


@pytest.mark.parametrize("step", [1, 13])
def test_any_changed_byte_gives_other_rows_or_is_refused_and_nothing_worse(step: int) -> None:
    whole = segment(ROWS[:20])
    for at in range(step, len(whole), 29):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        with contextlib.suppress(NoSegment):
            assert len(list(read_segment(io.BytesIO(bytes(changed))))) <= 20


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" * 100, b"\0" * 1000, segment()[:-1], segment()[4:]])
def test_bytes_that_are_no_parquet_are_refused(data: bytes) -> None:
    with pytest.raises(NoSegment):
        list(read_segment(io.BytesIO(data)))


def test_other_columns_are_refused() -> None:
    sink = io.BytesIO()
    parquet.write_table(pyarrow.table({"index": [1], "record": ["x"]}), sink)
    with pytest.raises(NoSegment, match="other columns"):
        list(read_segment(io.BytesIO(sink.getvalue())))


def test_a_row_group_that_opens_to_far_more_than_ours_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearance.report.segment_file._LARGEST_GROUP", 1 << 20)
    sink = io.BytesIO()
    schema = parquet.ParquetFile(io.BytesIO(segment())).schema_arrow
    big = SegmentRow(index=0, at_ms=0, event="Noted", record=b"x" * (2 << 20), leaf=b"\0" * 32)
    arrays = [[big.index], [big.at_ms], [big.event], [big.record.decode()], [big.leaf]]
    table = pyarrow.Table.from_arrays(
        [pyarrow.array(column, field.type) for column, field in zip(arrays, schema, strict=True)], schema=schema
    )
    parquet.write_table(table, sink, compression="zstd", store_schema=False, use_dictionary=False)
    assert len(sink.getvalue()) < 1 << 15
    with pytest.raises(NoSegment, match="larger than any of ours"):
        list(read_segment(io.BytesIO(sink.getvalue())))


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ReportError) as refused:
        segment()
    assert "pip install 'clearance[parquet]'" in refused.value.advice

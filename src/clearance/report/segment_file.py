"""Segments as Parquet, written and read row group by row group: memory does not grow with the range.

The same rows give the same bytes with the same version of pyarrow. Columns: ``index``, ``at`` (timestamp, UTC,
milliseconds), ``event``, ``record`` (canonical JSON), ``leaf`` (32 bytes).
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from clearance.model.segment import SegmentRow
from clearance.report.errors import ReportError

_ROWS: Final = 8192
_BYTES: Final = 8 << 20
"""A row group ends with whichever comes first."""
_LARGEST_GROUP: Final = 64 << 20
"""Bytes, opened: a file that has more in one group is not one of ours."""


class NoSegment(Exception):  # noqa: N818 - says what is the matter
    """Bytes are no segment of ours: ``str(error)`` says why."""


def write_segment(rows: Iterable[SegmentRow], sink: IO[bytes]) -> None:
    """Write rows to a binary file that is handed in; it stays open. Raises ReportError without pyarrow, OSError."""
    arrow, parquet = _arrow()
    writer = parquet.ParquetWriter(
        sink,
        _schema(arrow),
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=["event"],
        write_statistics=["index", "at", "event"],
        store_schema=False,
    )
    with writer:
        for group in _groups(rows):
            writer.write_table(_table(arrow, group), row_group_size=_ROWS)


def read_segment(source: IO[bytes]) -> Iterator[SegmentRow]:
    """The rows of a segment. Raises NoSegment, also in the middle; ReportError without pyarrow."""
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(source) as file:
            _refuse_other(arrow, file)
            for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
                columns = [batch.column(0), batch.column(1).cast(arrow.int64()), *batch.columns[2:]]
                for index, at, event, record, leaf in zip(*(each.to_pylist() for each in columns), strict=True):
                    yield SegmentRow(index=index, at_ms=at, event=event, record=record.encode(), leaf=leaf)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise NoSegment(f"it cannot be read: {error}") from error


def _refuse_other(arrow: Any, file: Any) -> None:
    if not file.schema_arrow.equals(_schema(arrow)):
        raise NoSegment("it has other columns than a segment")
    for number in range(file.metadata.num_row_groups):
        if file.metadata.row_group(number).total_byte_size > _LARGEST_GROUP:
            raise NoSegment("it has a row group that is larger than any of ours")


def _groups(rows: Iterable[SegmentRow]) -> Iterator[list[SegmentRow]]:
    group: list[SegmentRow] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.record)
        if len(group) == _ROWS or size >= _BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _table(arrow: Any, group: list[SegmentRow]) -> Any:
    schema = _schema(arrow)
    columns = (
        [row.index for row in group],
        [row.at_ms for row in group],
        [row.event for row in group],
        [row.record.decode() for row in group],
        [row.leaf for row in group],
    )
    arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return arrow.Table.from_arrays(arrays, schema=schema)


def _schema(arrow: Any) -> Any:
    return arrow.schema(
        [
            arrow.field("index", arrow.int64(), nullable=False),
            arrow.field("at", arrow.timestamp("ms", tz="UTC")),
            arrow.field("event", arrow.string(), nullable=False),
            arrow.field("record", arrow.string(), nullable=False),
            arrow.field("leaf", arrow.binary(32), nullable=False),
        ]
    )


def _arrow() -> tuple[Any, Any]:
    """Pyarrow and its Parquet: imported only when somebody asks, it is heavy and an extra."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ReportError(
            "Parquet needs pyarrow, which is not installed.", advice="Install it: pip install 'clearance[parquet]'."
        ) from error
    return pyarrow, parquet

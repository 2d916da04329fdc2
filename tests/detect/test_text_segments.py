"""Segments cover all bytes, share a little, and do not cut a code in two."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.detect.segments import LONGEST, OVERLAP, SIZE, segments

LINE = b"A line of ordinary text, which is long enough.\n"


def of_size(unit: bytes, size: int) -> bytes:
    return (unit * (size // len(unit) + 1))[:size]


def test_two_megabytes_are_one_segment() -> None:
    data = of_size(LINE, 2 * SIZE)
    assert [tuple(each) for each in segments(data)] == [(data, 0)]


@pytest.mark.long
@settings(max_examples=30)
@given(st.binary(min_size=1, max_size=64), st.integers(2 * SIZE, 5 * SIZE))
def test_any_bytes_are_covered_in_order_and_segments_are_bounded(unit: bytes, size: int) -> None:
    data = of_size(unit, size)
    covered = 0
    for segment in segments(data):
        assert segment.start <= covered
        assert data.startswith(segment.data, segment.start)
        assert len(segment.data) <= LONGEST + OVERLAP + 4
        covered = segment.start + len(segment.data)
    assert covered == size


def test_neighbours_share_what_a_phrase_and_a_window_need() -> None:
    first, second, *_ = segments(of_size(LINE, 3 * SIZE))
    assert first.start + len(first.data) - second.start == OVERLAP


def test_a_cut_lies_at_a_line_end_and_between_code_points() -> None:
    first, *_ = segments(of_size("Zeile für Zeile größer. ü\n".encode(), 3 * SIZE))
    assert first.data.endswith(b"\n")
    for segment in segments(of_size("忽略".encode(), 3 * SIZE)):
        assert segment.data.decode().strip("忽略") == ""


def test_a_code_is_not_cut_where_it_can_be_left_whole() -> None:
    code = base64.b64encode(LINE * 9000)
    data = of_size(LINE, SIZE - 1000) + code + b" \n" + of_size(LINE, 2 * SIZE)
    assert any(code in segment.data for segment in segments(data))

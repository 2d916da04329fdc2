"""Traces on disk."""

import hashlib
import random
import resource

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.lab.recorder import RecorderError, TraceWriter, merge, read_trace, write_trace
from clearance.model.trace import BytesSeen, TraceError

EVENTS = [BytesSeen(at=float(n), conn=n, payload=b"x" * n) for n in range(50)]


def test_what_is_written_is_read_and_named_by_its_digest(tmp_path):
    path = tmp_path / "baseline-001.trace"
    digest = write_trace(path, EVENTS)
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list(read_trace(path, digest=digest)) == EVENTS
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_any_changed_byte_shows_against_the_digest(tmp_path):
    path = tmp_path / "run.trace"
    digest = write_trace(path, EVENTS)
    raw = bytearray(path.read_bytes())
    raw[random.Random(1).randrange(len(raw) - 40, len(raw))] ^= 1
    path.write_bytes(raw)
    with pytest.raises(TraceError):
        list(read_trace(path, digest=digest))


def test_until_it_is_whole_a_trace_has_no_name_but_can_be_read(tmp_path):
    path = tmp_path / "run.trace"
    writer = TraceWriter(path)
    for event in EVENTS:
        writer.write(event)
    assert not path.exists()
    assert list(read_trace(path, partial=True)) == EVENTS
    assert writer.size == (tmp_path / "run.trace.part").stat().st_size
    writer.abandon()
    assert not path.exists()


def test_a_cut_trace_is_read_to_its_last_whole_event(tmp_path):
    path = tmp_path / "run.trace"
    write_trace(path, EVENTS)
    raw = path.read_bytes()
    path.write_bytes(raw[:-3])
    assert list(read_trace(path, partial=True)) == EVENTS[:-1]
    with pytest.raises(TraceError, match="after the last whole event"):
        list(read_trace(path))


def test_a_source_that_breaks_leaves_a_partial_trace(tmp_path):
    def broken():
        yield EVENTS[0]
        raise KeyError("tracer")

    with pytest.raises(KeyError):
        write_trace(tmp_path / "run.trace", broken())
    assert list(read_trace(tmp_path / "run.trace", partial=True)) == EVENTS[:1]


def test_a_full_disk_is_one_sentence_and_a_hint(tmp_path):
    writer = TraceWriter(tmp_path / "run.trace")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(RecorderError, match=r"cannot write run\.trace") as caught:
            writer.write(BytesSeen(at=0.0, conn=1, payload=bytes(5000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        writer.abandon()
    assert "CLEARANCE_HOME" in caught.value.advice


@settings(deadline=None)
@given(st.lists(st.floats(0, 100)), st.lists(st.floats(0, 100)))
def test_merged_streams_are_in_order_and_lose_nothing(world, tracer):
    streams = [
        [BytesSeen(at=at, conn=n, payload=b"") for at in sorted(times)] for n, times in enumerate((world, tracer))
    ]
    merged = list(merge(*streams))
    assert [event.at for event in merged] == sorted(world + tracer)
    for n, stream in enumerate(streams):
        assert [event for event in merged if event.conn == n] == stream

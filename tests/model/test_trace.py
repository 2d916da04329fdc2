"""Traces as bytes: whatever way they are cut they are the same events, and what is no trace is refused."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.model.trace import (
    BytesSeen,
    Event,
    NameAsked,
    RequestSeen,
    ResponseSent,
    SessionStarted,
    TraceError,
    decode_events,
    encode_event,
)

times = st.floats(0, 1e6)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(SessionStarted, at=times, number=st.integers(1, 9)),
    st.builds(BytesSeen, at=times, conn=st.integers(0, 99), payload=st.binary(max_size=40)),
    st.builds(
        NameAsked, at=times, name=st.text(max_size=9), name_raw=st.text(max_size=9), qtype=st.just("A"),
        transport=st.just("udp"), server=st.just("10.0.0.53"),
    ),
    st.builds(
        RequestSeen, at=times, conn=st.integers(0, 99), stream=st.integers(1, 9), scheme=st.just("https"),
        host=st.text(max_size=9), port=st.just(443), method=st.just("POST"), target=st.text(max_size=9),
        version=st.just("1.1"), headers=st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=5))).map(tuple),
        head=st.binary(max_size=20), body=st.binary(max_size=40),
    ),
    st.builds(
        ResponseSent, at=times, conn=st.integers(0, 99), stream=st.integers(1, 9), status=st.just(200),
        size=st.integers(0, 99), purpose=st.text(max_size=9),
    ),
)  # fmt: skip


def encoded(events: list[Event]) -> bytes:
    return b"".join(map(encode_event, events))


@given(events=st.lists(EVENTS, max_size=6), data=st.data())
def test_where_the_bytes_are_cut_never_matters(events: list[Event], data: st.DataObject) -> None:
    whole = encoded(events)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert list(decode_events(chunks)) == events


@given(events=st.lists(EVENTS, min_size=1, max_size=3), data=st.data())
def test_a_trace_that_ends_inside_an_event_is_refused_after_its_whole_events(
    events: list[Event], data: st.DataObject
) -> None:
    last = len(encode_event(events[-1]))
    missing = data.draw(st.integers(1, last - 1))
    decoded = decode_events([encoded(events)[:-missing]])
    assert [next(decoded) for _ in events[1:]] == events[:-1]
    with pytest.raises(TraceError, match="after the last whole event"):
        next(decoded)


@given(st.binary(max_size=200))
def test_any_bytes_are_events_or_a_trace_error(data: bytes) -> None:
    events: list[Event] = []
    with contextlib.suppress(TraceError):
        events.extend(decode_events([data]))
    assert len(encoded(events)) <= len(data) + 9 * len(events)


def test_a_frame_that_claims_to_be_huge_is_refused_before_it_is_read() -> None:
    with pytest.raises(TraceError, match="a frame of"):
        list(decode_events([struct.pack(">I", 1 << 30)]))


def test_an_event_with_a_field_that_nobody_knows_is_refused() -> None:
    body = encode_event(SessionStarted(at=0, number=1))[4:].replace(b"number", b"nimber")
    with pytest.raises(TraceError):
        list(decode_events([struct.pack(">I", len(body)) + body]))


def test_nothing_is_an_empty_trace() -> None:
    assert list(decode_events([])) == []
    assert list(decode_events([b"", b""])) == []

"""Traces to rows, on events written by hand."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.cell import Cell
from clearance.model.ids import FactorName, LevelName, RunId
from clearance.model.trace import (
    BytesSeen,
    ConnectionOpened,
    DatagramSeen,
    Event,
    MessageSeen,
    NameAsked,
    RequestSeen,
    ResponseSent,
    RunStarted,
    SessionStarted,
    TlsRefused,
)
from clearance.observe.behaviour.places import is_traffic
from clearance.observe.behaviour.row import MAX_LEAVES, Row
from clearance.observe.behaviour.rows import rows_of

API = "api.vendor.example"


def begin(*, custom: bool = False, host: str = API) -> list[Event]:
    cell = Cell(run=RunId("baseline-001"), phase="baseline", levels={FactorName("timezone"): LevelName("UTC")})
    started = RunStarted(at=0, cell=cell, argv=("agent",), wall_clock=1e9, api_hosts=(host,), custom_base_url=custom)
    return [started, SessionStarted(at=0, number=1)]


def asked(
    conn: int = 1,
    *,
    at: float = 1.0,
    host: str = API,
    target: str = "/v1/messages",
    headers: tuple[tuple[bytes, bytes], ...] = ((b"Host", b"x"), (b"Content-Type", b"application/json")),
    body: bytes = b'{"a":1}',
    method: str = "POST",
    **more: object,
) -> RequestSeen:
    head = method.encode() + b" " + target.encode() + b" HTTP/1.1\r\n"
    head += b"".join(n + b": " + v + b"\r\n" for n, v in headers) + b"\r\n"
    fields = {"scheme": "https", "port": 443, "version": "1.1", **more}
    return RequestSeen(
        at=at,
        conn=conn,
        stream=1,
        host=host,
        method=method,
        target=target,
        headers=headers,
        head=head,
        body=body,
        **fields,
    )


def answered(conn: int = 1, *, at: float = 1.1, purpose: str = "model:turn-1") -> ResponseSent:
    return ResponseSent(at=at, conn=conn, stream=1, status=200, size=1, purpose=purpose)


def only(*events: Event, **how: object) -> Row:
    (row,) = rows_of([*begin(**how), *events])
    return row


def test_a_trace_without_a_session_has_no_row() -> None:
    assert rows_of([]) == ()
    assert rows_of(begin()[:1]) == ()
    assert rows_of([SessionStarted(at=0, number=1), asked(), answered()]) == ()


def test_a_model_request_is_named_by_its_turn_and_others_by_method_host_and_path() -> None:
    row = only(asked(1), answered(1), asked(2, host="T.example", target="/e/123?x=1"), answered(2, purpose="telemetry"))
    assert row.places["model:turn-1 > json/a"] == "1"
    assert row.places["POST t.example/e/* > json/a"] == "1"
    assert row.places["POST t.example/e/* > request line"] == "POST /e/123"
    assert row.places["POST t.example/e/* > query/x"] == "1"
    assert row.model_requests == 1
    assert row.places["order of requests"] == "model:turn-1\nPOST t.example/e/*"


def test_each_session_is_a_row_of_its_own() -> None:
    rows = rows_of([*begin(), asked(1), answered(1), SessionStarted(at=5, number=2), asked(2), answered(2)])
    assert [r.session for r in rows] == [1, 2]
    assert all("model:turn-1 > present" in r.places for r in rows)


def test_a_request_that_was_never_answered_is_in_the_row_of_its_session() -> None:
    first, second = rows_of([*begin(), asked(1), SessionStarted(at=5, number=2), asked(2), answered(2)])
    assert f"POST {API}/v1/messages > present" in first.places
    assert f"POST {API}/v1/messages > present" not in second.places


def test_the_staged_base_url_has_one_name_whatever_its_host() -> None:
    def row(host: str) -> Row:
        asked_for = NameAsked(at=0, name=host, name_raw=host, qtype="A", transport="udp", server="s")
        opened = ConnectionOpened(at=0, conn=1, address="10.0.0.1", port=443, name=host)
        return only(asked_for, opened, asked(1, host=host), answered(1, purpose="generic"), custom=True, host=host)

    assert row("gw.north.example").places == row("llm.east.example").places
    assert row("gw.north.example").places != only(asked(1), answered(1, purpose="generic")).places


def test_headers_have_order_case_and_values_and_bytes_that_are_no_text_are_kept_apart() -> None:
    def places(*headers: tuple[bytes, bytes]) -> dict[str, str]:
        return {k: v for k, v in only(asked(headers=headers), answered()).places.items() if "header" in k}

    usual = places((b"A", b"1"), (b"B", b"2"))
    assert usual["model:turn-1 > header order"] == "a\nb"
    assert places((b"B", b"2"), (b"A", b"1"))["model:turn-1 > header order"] == "b\na"
    assert places((b"a", b"1"), (b"B", b"2"))["model:turn-1 > header case"] == "a\nB"
    assert places((b"A", b"\xff"))["model:turn-1 > header a"] != places((b"A", b"\xfe"))["model:turn-1 > header a"]
    assert places((b"A", b"1"), (b"A", b"2"))["model:turn-1 > header a (2)"] == "2"


def test_the_pause_is_from_the_last_answer_to_the_next_request_to_the_model() -> None:
    row = only(asked(1, at=1.0), answered(1, at=1.5), asked(2, at=3.5), answered(2, at=4.0, purpose="model:turn-2"))
    assert row.gaps == {"model:turn-2": pytest.approx(2.0)}


def test_names_asked_are_places_and_their_case_is_one() -> None:
    def row(raw: str) -> Row:
        return only(NameAsked(at=0, name="a.example", name_raw=raw, qtype="A", transport="udp", server="s"))

    assert row("a.example").places["dns a.example A"] == "asked"
    assert row("a.example.").places == row("a.example").places
    differing = {k for k, v in row("a.eXample").places.items() if row("a.example").places.get(k) != v}
    assert len(differing) == 1
    assert not any(is_traffic(place) for place in differing)


def test_other_bytes_are_named_by_whom_they_went_to() -> None:
    row = only(
        ConnectionOpened(at=0, conn=7, address="203.0.113.9", port=4444),
        BytesSeen(at=1, conn=7, payload=b"hello"),
        DatagramSeen(at=2, address="203.0.113.8", port=9999, name="", payload=b"\x01\xff"),
        TlsRefused(at=3, conn=8, server_name="pin.example", reason="bad certificate"),
    )
    assert row.places["connection 203.0.113.9:4444"] == "opened"
    assert row.places["bytes 203.0.113.9:4444 #1 > text"] == "hello"
    assert row.places["udp 203.0.113.8:9999 #1 > size"] == "2"
    assert row.refused == {"pin.example"}


def test_a_web_socket_message_to_the_model_counts_as_a_request_to_it() -> None:
    row = only(MessageSeen(at=1, conn=1, stream=1, host=API, target="/v1/r", binary=False, payload=b'{"type":"x"}'))
    assert row.model_requests == 1
    assert row.places[f"message {API}/v1/r #1 > json/type"] == "x"


def test_what_could_not_be_decoded_is_told() -> None:
    coded = ((b"Content-Encoding", b"zstd"),)
    assert only(asked(headers=coded), answered()).undecoded == {"zstd"}
    assert only(asked(complete=False), answered()).undecoded == {"incomplete"}
    assert only(asked(), answered()).undecoded == set()


def test_a_flood_of_equal_places_is_bounded_and_told_in_little_time() -> None:
    body = "&".join(["a=1"] * (MAX_LEAVES * 2)).encode()
    form = ((b"Content-Type", b"application/x-www-form-urlencoded"),)
    began = time.process_time()
    row = only(asked(headers=form, body=body), answered())
    assert time.process_time() - began < 5
    assert len(row.places) == MAX_LEAVES
    assert row.undecoded


@pytest.mark.long
def test_a_flood_of_names_is_bounded_too() -> None:
    names = [
        NameAsked(at=0, name=f"{i}.x", name_raw=f"{i}.x", qtype="A", transport="udp", server="s")
        for i in range(MAX_LEAVES)
    ]
    assert len(only(*names).places) == MAX_LEAVES


def test_an_answer_to_nothing_and_events_before_the_first_session_are_no_trouble() -> None:
    assert only(answered(99)).places == {}
    started, session = begin()
    assert rows_of([asked(), started, session])[0].places == {}


@settings(max_examples=60)
@given(
    body=st.binary(max_size=80),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "a/b", "text/plain"]),
    coding=st.sampled_from(["", "gzip", "deflate", "br", "gzip,deflate"]),
    target=st.text(max_size=20),
    host=st.text(max_size=10),
    raw=st.binary(max_size=40),
)
def test_any_request_becomes_places(body: bytes, kind: str, coding: str, target: str, host: str, raw: bytes) -> None:
    headers = ((b"Content-Type", kind.encode()), (b"Content-Encoding", coding.encode()), (b"\xff", raw))
    request = RequestSeen(
        at=1, conn=1, stream=1, scheme="http", host=host, port=80, method="POST", target=target, version="1.1",
        headers=headers, head=raw, body=body, body_raw=raw,
    )  # fmt: skip
    row = only(request, answered(purpose="generic"))
    assert any(place.endswith(" > present") for place in row.places)
    assert json.dumps(list(row.places))

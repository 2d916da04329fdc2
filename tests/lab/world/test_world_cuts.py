"""Where the network cuts never matters, and no bytes ever raise."""

import struct
from dataclasses import replace

import dnslib
import h2.config
import h2.connection
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wsproto import ConnectionType, WSConnection
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Ping, Request, TextMessage

from clearance.lab.world.opening import Opening
from clearance.lab.world.session import Leg, Seen, Send
from clearance.model.trace import BytesSeen, MessageSeen, NameAsked, RequestSeen, ResponseSent

H1 = (
    b"POST /v1/messages?beta=true HTTP/1.1\r\nHost: API.example.com\r\nx-B:  two  \r\nX-a:1\r\nContent-Length: 5\r\n\r\nhello"
    b"\r\nGET /stream HTTP/1.1\r\nHost: api.example.com:8443\r\n\r\n"
    b"PUT /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    b"5;odd=1\r\nhello\r\n00A\r\n0123456789\r\n0\r\nTrailer: yes\r\n\r\n"
    b"HEAD /h HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    b"GET http://other.example/abs HTTP/1.1\nHost: other.example\n\n"
    b"CONNECT inner.example:8080 HTTP/1.1\r\nHost: inner.example:8080\r\n\r\n"
    b"GET /inside HTTP/1.1\r\nHost: inner.example\r\nConnection: close\r\n\r\nrest"
)
BROKEN = b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nno colon here\r\n\r\nmore\r\n\r\nand more"
BAD_CHUNK = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nrest"
UNFINISHED = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nhello"
SOCKS5 = b"\5\2\0\2" + b"\5\1\0\3\x0dinner.example\x00\x50" + b"GET /s HTTP/1.1\r\nHost: inner.example\r\n\r\n"
SOCKS5_PASSWORD = b"\5\1\2" + b"\1\4user\4pass" + b"\5\1\0\1\1\2\3\4\x00\x50" + b"raw words"
SOCKS4A = b"\4\1\0\x50\0\0\0\1me\0inner.example\0" + b"GET /s HTTP/1.0\r\n\r\n"
RAW = b"SSH-2.0-Go\r\n" + bytes(range(256)) * 600


def ws_bytes() -> bytes:
    client = WSConnection(ConnectionType.CLIENT)
    opening = client.send(Request(host="api.example.com", target="/ws/x", subprotocols=["one", "two"]))
    frames = Connection(ConnectionType.CLIENT)
    events = (
        TextMessage(data="hel", message_finished=False),
        Ping(payload=b"tick"),
        TextMessage(data="lo ’", message_finished=True),
        BytesMessage(data=bytes(300)),
        CloseConnection(code=1000, reason="done"),
    )
    return opening + b"".join(frames.send(event) for event in events)


def dns_bytes() -> bytes:
    queries = [dnslib.DNSRecord.question(name, "A").pack() for name in ("a.example", "B.example")]
    return b"".join(struct.pack(">H", len(query)) + query for query in queries) + b"\0\3bad tail"


def h2_bytes() -> bytes:
    client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    client.initiate_connection()
    head = [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", "api.example.com"),
        (":path", "/p"),
        ("x-b", "1"),
        ("x-a", "2"),
    ]
    client.send_headers(1, head)
    client.send_headers(3, [(":method", "GET"), *head[1:]], end_stream=True)
    client.send_data(1, b"hello " * 100)
    client.send_data(1, b"world")
    client.send_headers(1, [("trailer", "yes")], end_stream=True)
    client.send_headers(5, head)
    client.reset_stream(5)
    client.send_headers(7, head)
    return client.data_to_send()


H2 = h2_bytes()
STREAMS = {
    "h1": H1,
    "broken": BROKEN,
    "bad-chunk": BAD_CHUNK,
    "unfinished": UNFINISHED,
    "socks5": SOCKS5,
    "socks5-password": SOCKS5_PASSWORD,
    "socks4a": SOCKS4A,
    "raw": RAW,
    "websocket": ws_bytes(),
    "dns": dns_bytes(),
    "h2": H2,
}


def played(leg: Leg, pieces: list[bytes]) -> tuple[list, bytes]:
    """What is seen, and what is sent, when the bytes come in these pieces."""
    session = Opening(leg)
    steps = [step for piece in pieces for step in session.receive(piece)]
    steps += session.end()
    assert session.end() == []
    return [s.event for s in steps if isinstance(s, Seen)], b"".join(s.data for s in steps if isinstance(s, Send))


def leg_for(leg: Leg, name: str) -> Leg:
    return replace(leg, port=53) if name == "dns" else leg


def events_of(leg: Leg, name: str) -> list:
    return played(leg_for(leg, name), [STREAMS[name]])[0]


@pytest.mark.parametrize("name", STREAMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_where_the_network_cuts_never_matters(leg, name, data):
    stream = STREAMS[name]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole, cut = played(leg_for(leg, name), [stream]), played(leg_for(leg, name), [piece for piece in pieces if piece])
    assert cut[0] == whole[0]
    if name != "h2":  # window updates are granted for each piece as it comes
        assert cut[1] == whole[1]


@pytest.mark.parametrize("name", ["h1", "socks5-password", "websocket", "dns", "h2", "bad-chunk"])
def test_byte_by_byte_is_the_same_as_at_once(leg, name):
    stream = STREAMS[name]
    assert played(leg_for(leg, name), [bytes([byte]) for byte in stream])[0] == events_of(leg, name)


def test_the_way_of_an_http2_request_is_recorded(leg):
    first, second, *_ = (e.http2 for e in events_of(leg, "h2") if isinstance(e, RequestSeen) and e.complete)
    assert (first.data_frames, second.data_frames) in {((600, 5), ()), ((), (600, 5))}
    assert dict(first.settings)[4] == 65535
    assert first.settings == second.settings
    assert (first.window, first.priority) == (0, None)


def test_windows_and_priorities_are_told_as_the_client_chose_them(leg):
    client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    client.initiate_connection()
    client.increment_flow_control_window(1000)
    head = [(":method", "GET"), (":scheme", "https"), (":authority", "a.example"), (":path", "/p")]
    client.send_headers(1, head, end_stream=True, priority_weight=17, priority_depends_on=3, priority_exclusive=True)
    client.increment_flow_control_window(5)
    (request,) = (e for e in played(leg, [client.data_to_send()])[0] if isinstance(e, RequestSeen))
    assert (request.http2.window, request.http2.priority) == (1000, (17, 3, True))


def test_http1_is_recorded_byte_for_byte(leg):
    events = events_of(leg, "h1")
    requests = [event for event in events if isinstance(event, RequestSeen)]
    assert [request.target for request in requests] == [
        "/v1/messages?beta=true",
        "/stream",
        "/c",
        "/h",
        "/abs",
        "inner.example:8080",
        "/inside",
    ]
    assert [request.stream for request in requests[:6]] == [1, 2, 3, 4, 5, 6]
    first, second, chunked, _, absolute, connect, inside = requests
    assert first.headers == ((b"Host", b"API.example.com"), (b"x-B", b"two"), (b"X-a", b"1"), (b"Content-Length", b"5"))
    assert first.head == H1[: H1.index(b"hello")]
    assert (first.host, first.body, first.body_raw) == ("api.example.com", b"hello", b"")
    assert second.head.startswith(b"\r\nGET")
    assert chunked.body == b"hello0123456789"
    assert chunked.body_raw == b"5;odd=1\r\nhello\r\n00A\r\n0123456789\r\n0\r\nTrailer: yes\r\n\r\n"
    assert (absolute.scheme, absolute.host, absolute.port, absolute.proxied) == ("http", "other.example", 80, True)
    assert (connect.method, connect.host, connect.port) == ("CONNECT", "inner.example", 8080)
    assert (inside.host, inside.port, inside.proxied) == ("inner.example", 8080, True)
    assert events[-1] == BytesSeen(at=0.0, conn=1, payload=b"rest")
    assert "proxy-connect" in {event.purpose for event in events if isinstance(event, ResponseSent)}


def test_what_breaks_http_is_kept_raw_to_the_last_byte(leg):
    events = events_of(leg, "broken")
    assert [event.complete for event in events if isinstance(event, RequestSeen)] == [True]
    assert events[-1].payload == BROKEN[BROKEN.index(b"GET", 4) :]


def test_a_broken_chunk_leaves_an_incomplete_request_and_the_rest(leg):
    request, rest = events_of(leg, "bad-chunk")
    assert (request.complete, request.body, request.body_raw) == (False, b"hello", b"5\r\nhello\r\nzz\r\n")
    assert rest.payload == b"rest"


def test_an_unfinished_request_is_an_incomplete_one(leg):
    (request,) = events_of(leg, "unfinished")
    assert (request.complete, request.body) == (False, b"hello")


def test_socks_is_granted_and_its_own_bytes_are_kept(leg):
    negotiation, request, _ = events_of(leg, "socks5")
    assert negotiation.payload == SOCKS5[: SOCKS5.index(b"GET")]
    assert (request.target, request.host, request.proxied, request.port) == ("/s", "inner.example", True, 80)
    assert b"user" in events_of(leg, "socks5-password")[0].payload
    assert events_of(leg, "socks5-password")[1].payload == b"raw words"
    assert events_of(leg, "socks4a")[1].host == "inner.example"


def test_raw_bytes_come_in_pieces_that_do_not_depend_on_the_network(leg):
    assert b"".join(event.payload for event in events_of(leg, "raw")) == RAW
    assert len(events_of(leg, "raw")) == 3


def test_websocket_messages_and_asides_are_recorded(leg):
    events = events_of(leg, "websocket")
    messages = [event for event in events if isinstance(event, MessageSeen)]
    assert [(message.payload, message.binary) for message in messages] == [
        ("hello ’".encode(), False),
        (bytes(300), True),
    ]
    assert {message.target for message in messages} == {"/ws/x"}
    assert [event.payload for event in events if isinstance(event, BytesSeen)] == [b"tick", b"done"]


def test_dns_over_tcp_is_answered_and_its_broken_tail_is_kept(leg):
    events = events_of(leg, "dns")
    assert [event.name_raw for event in events if isinstance(event, NameAsked)] == ["a.example", "B.example"]
    assert events[-1].payload == b"\0\3bad tail"


def test_http2_keeps_the_header_list_its_block_and_its_trailers(leg):
    events = events_of(leg, "h2")
    requests = {event.stream: event for event in events if isinstance(event, RequestSeen)}
    assert {number: request.complete for number, request in requests.items()} == {1: True, 3: True, 5: False, 7: False}
    assert [name for name, _ in requests[1].headers] == [
        b":method",
        b":scheme",
        b":authority",
        b":path",
        b"x-b",
        b"x-a",
        b"trailer",
    ]
    assert requests[1].body == b"hello " * 100 + b"world"
    assert requests[1].head
    assert requests[1].head in H2 or requests[1].head[:20] in H2
    assert requests[3].host == "api.example.com"


SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
OPENINGS = st.sampled_from(
    [b"", b"\x16\3\1", b"\5\1\0", b"\4\1", b"GET / HTTP/1.1\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0\x0c"]
)


@SETTINGS
@given(opening=OPENINGS, pieces=st.lists(st.binary(max_size=80), max_size=5), port=st.sampled_from([53, 443]))
def test_arbitrary_bytes_never_raise(leg, opening, pieces, port):
    played(replace(leg, port=port), [piece for piece in [opening, *pieces] if piece])


@SETTINGS
@given(
    name=st.sampled_from([*STREAMS]),
    place=st.integers(0, 10_000),
    junk=st.binary(min_size=1, max_size=12),
    insert=st.booleans(),
)
def test_bytes_changed_on_the_way_never_raise(leg, name, place, junk, insert):
    stream = STREAMS[name]
    at = place % len(stream)
    played(leg_for(leg, name), [stream[:at] + junk + stream[at if insert else at + len(junk) :]])


@SETTINGS
@given(kind=st.integers(0, 12), flags=st.integers(0, 255), stream=st.integers(0, 9), payload=st.binary(max_size=60))
def test_any_http2_frame_never_raises(leg, kind, flags, stream, payload):
    frame = len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload
    preface = H2[: H2.index(b"SM") + 6]
    played(leg, [preface + bytes.fromhex("000000040000000000") + frame])
    played(leg, [H2 + frame])

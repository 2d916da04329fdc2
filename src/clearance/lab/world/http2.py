"""HTTP/2 without sockets, on top of h2: records each request's header list in order and answers it."""

from collections import deque
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
from hpack.exceptions import HPACKError
from hyperframe.exceptions import HyperframeError

from clearance.lab.world.answer import Reply
from clearance.lab.world.doh import answer_request
from clearance.lab.world.frames import FrameTap
from clearance.lab.world.head import split_host
from clearance.lab.world.response import OURS, is_bodiless, is_streamed
from clearance.lab.world.session import Close, Leg, RawSession, Seen, Send, Step
from clearance.model.trace import BytesSeen, RequestSeen, ResponseSent

_WINDOW = 1 << 24
_MOST_RESETS = 1000
_BROKEN = (h2.exceptions.H2Error, HPACKError, HyperframeError, ValueError, KeyError, IndexError, TypeError)
"""What the library raises on hostile bytes."""
_SETTINGS = {
    h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 128,
    h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
    h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: 1 << 18,
    h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL: 0,
}


@dataclass(slots=True)
class _Stream:
    headers: list[tuple[bytes, bytes]]
    body: bytearray = field(default_factory=bytearray)


class Http2Session:
    """Server side of one HTTP/2 connection. Trailers are recorded after the headers, in ``headers`` and ``head``."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg
        self._h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(
                client_side=False,
                header_encoding=None,
                # Order, case and odd values are evidence; what a strict server would refuse is recorded as well.
                validate_inbound_headers=False,
                normalize_inbound_headers=False,
                validate_outbound_headers=False,
            )
        )
        self._h2.local_settings = h2.settings.Settings(client=False, initial_values=_SETTINGS)
        self._tap = FrameTap()
        self._streams: dict[int, _Stream] = {}
        self._waiting: dict[int, deque[bytes]] = {}
        self._resets = 0
        self._begun = False
        self._raw: RawSession | None = None

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes of the stream."""
        if self._raw:
            return self._raw.receive(data)
        steps: list[Step] = [self._bytes(odd) for odd in self._tap.feed(data)]
        try:
            if not self._begun:
                self._begun = True
                self._h2.initiate_connection()
                self._h2.increment_flow_control_window(_WINDOW)
            for event in self._h2.receive_data(data):
                steps += self._on(event)
            return steps + self._flush()
        except _BROKEN:
            return steps + self._break_off(data)

    def end(self) -> list[Step]:
        """Requests that were not finished."""
        steps: list[Step] = [Seen(self._request(number, complete=False)) for number in sorted(self._streams)]
        return [*steps, *(self._raw.end() if self._raw else [])]

    def _on(self, event: h2.events.Event) -> list[Step]:
        match event:
            case h2.events.RequestReceived():
                self._streams[_id(event.stream_id)] = _Stream(_pairs(event.headers))
            case h2.events.TrailersReceived():
                self._streams[_id(event.stream_id)].headers += _pairs(event.headers)
            case h2.events.DataReceived():
                self._streams[_id(event.stream_id)].body += event.data or b""
                self._h2.acknowledge_received_data(event.flow_controlled_length or 0, _id(event.stream_id))
            case h2.events.StreamEnded():
                return self._answer(_id(event.stream_id))
            case h2.events.StreamReset():
                return self._on_reset(_id(event.stream_id))
            case h2.events.WindowUpdated() | h2.events.RemoteSettingsChanged():
                return [step for number in list(self._waiting) for step in self._pump(number)]
            case h2.events.ConnectionTerminated():
                return [self._bytes(bytes(event.additional_data))] if event.additional_data else []
            case _:
                pass
        return []

    def _answer(self, number: int) -> list[Step]:
        request = self._request(number, complete=True)
        seen, reply = answer_request(request, self._leg.setting)
        bodiless = is_bodiless(request.method, reply.status)
        chunks = () if bodiless else tuple(chunk for chunk in reply.chunks if chunk)
        self._h2.send_headers(number, self._headers(reply), end_stream=not chunks)
        self._waiting[number] = deque(chunks)
        steps = [*seen, *self._pump(number)]
        size = sum(map(len, chunks))
        return [*steps, Seen(self._sent(number, reply, size))]

    def _headers(self, reply: Reply) -> list[tuple[str, str]]:
        headers = [(":status", str(reply.status))]
        headers += [(name.lower(), value) for name, value in reply.headers if name.lower() not in OURS]
        if date := self._leg.setting.date():
            headers.append(("date", date))
        if not is_streamed(reply) and reply.status not in {204, 304}:
            headers.append(("content-length", str(sum(map(len, reply.chunks)))))
        return headers

    def _pump(self, number: int) -> list[Step]:
        """Sends what the client's windows allow; each chunk begins its own write."""
        chunks = self._waiting[number]
        steps: list[Step] = []
        while chunks:
            room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
            if room <= 0:
                return steps
            chunk = chunks.popleft()
            if len(chunk) > room:
                chunks.appendleft(chunk[room:])
            self._h2.send_data(number, chunk[:room], end_stream=not chunks)
            steps += self._flush()
        del self._waiting[number]
        return steps

    def _on_reset(self, number: int) -> list[Step]:
        self._waiting.pop(number, None)
        self._resets += 1
        if self._resets > _MOST_RESETS:
            raise h2.exceptions.ProtocolError("streams are opened and reset without end")
        return [Seen(self._request(number, complete=False))] if number in self._streams else []

    def _request(self, number: int, *, complete: bool) -> RequestSeen:
        leg, stream = self._leg, self._streams.pop(number)
        named = dict(reversed(stream.headers))
        head, way = self._tap.take(number)
        authority = (named.get(b":authority") or named.get(b"host", b"")).decode("latin-1")
        return RequestSeen(
            at=leg.setting.now(),
            conn=leg.conn,
            stream=number,
            scheme=named.get(b":scheme", leg.scheme.encode()).decode("latin-1"),
            host=split_host(authority, leg.port)[0] or leg.host,
            port=leg.port,
            method=named.get(b":method", b"").decode("latin-1"),
            target=named.get(b":path", b"").decode("latin-1"),
            version="2",
            headers=tuple(stream.headers),
            head=head,
            body=bytes(stream.body),
            complete=complete,
            proxied=leg.proxied,
            http2=way,
        )

    def _sent(self, number: int, reply: Reply, size: int) -> ResponseSent:
        leg = self._leg
        return ResponseSent(
            at=leg.setting.now(), conn=leg.conn, stream=number, status=reply.status, size=size, purpose=reply.purpose
        )

    def _flush(self) -> list[Step]:
        data = self._h2.data_to_send()
        return [Send(data)] if data else []

    def _break_off(self, data: bytes) -> list[Step]:
        unfinished = self.end()
        self._raw = RawSession(self._leg)
        return [*unfinished, *self._flush(), *self._raw.receive(data), Close()]

    def _bytes(self, payload: bytes) -> Seen:
        leg = self._leg
        return Seen(BytesSeen(at=leg.setting.now(), conn=leg.conn, payload=payload, secured=leg.secured))


def _id(number: int | None) -> int:
    return number or 0


def _pairs(headers: object) -> list[tuple[bytes, bytes]]:
    return [(bytes(name), bytes(value)) for name, value in headers] if isinstance(headers, list | tuple) else []

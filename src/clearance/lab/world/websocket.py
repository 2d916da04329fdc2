"""WebSocket over HTTP/1.1: records each message of the client and sends back what the script says."""

import base64
import hashlib

from wsproto import ConnectionType
from wsproto.connection import Connection
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from clearance.lab.world.head import Head
from clearance.lab.world.session import Close, Leg, RawSession, Seen, Send, Step
from clearance.model.trace import BytesSeen, MessageSeen, RequestSeen

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


def wants_websocket(head: Head) -> bool:
    """Whether a request asks to become a WebSocket."""
    return b"websocket" in head.tokens(b"upgrade") and bool(head.first(b"sec-websocket-key"))


def accept_upgrade(head: Head) -> bytes:
    """The 101 answer. Grants the first subprotocol offered and no extension (so that messages come uncompressed)."""
    digest = hashlib.sha1(head.first(b"sec-websocket-key") + _GUID, usedforsecurity=False).digest()
    lines = [b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade"]
    lines.append(b"Sec-WebSocket-Accept: " + base64.b64encode(digest))
    if protocol := head.first(b"sec-websocket-protocol").split(b",")[0].strip():
        lines.append(b"Sec-WebSocket-Protocol: " + protocol)
    return b"\r\n".join([*lines, b"", b""])


class WebSocketSession:
    """Server side of one WebSocket, after the upgrade."""

    def __init__(self, leg: Leg, request: RequestSeen) -> None:
        self._leg = leg
        self._request = request
        self._ws = Connection(ConnectionType.SERVER)
        self._parts: list[bytes] = []
        self._binary = False
        self._raw: RawSession | None = None

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes of the stream."""
        if self._raw:
            return self._raw.receive(data)
        steps: list[Step] = []
        try:
            self._ws.receive_data(data)
            for event in self._ws.events():
                steps += self._on(event)
        except (RemoteProtocolError, LocalProtocolError):
            self._raw = RawSession(self._leg)
            steps += [*self._raw.receive(data), Close()]
        return steps

    def end(self) -> list[Step]:
        """A message that was not finished, as raw bytes."""
        parts, self._parts = self._parts, []
        held: list[Step] = [self._aside(b"".join(parts))] if any(parts) else []
        return [*held, *(self._raw.end() if self._raw else [])]

    def _on(self, event: Event) -> list[Step]:
        match event:
            case TextMessage() | BytesMessage():
                return self._on_part(event)
            case Ping(payload=payload):
                kept: list[Step] = [self._aside(bytes(payload))] if payload else []
                return [*kept, Send(self._ws.send(event.response()))]
            case Pong(payload=payload):
                return [self._aside(bytes(payload))] if payload else []
            case CloseConnection(reason=reason):
                said: list[Step] = [self._aside(reason.encode())] if reason else []
                self._raw = RawSession(self._leg)
                return [*said, Send(self._ws.send(event.response())), Close()]
            case _:
                return []

    def _on_part(self, event: TextMessage | BytesMessage) -> list[Step]:
        if isinstance(event, BytesMessage):
            self._binary = True
            self._parts.append(bytes(event.data))
        else:
            self._parts.append(str(event.data).encode())
        if not event.message_finished:
            return []
        payload, binary = b"".join(self._parts), self._binary
        self._parts, self._binary = [], False
        answers = self._leg.setting.answerer.message(self._request, payload, binary)
        return [Seen(self._message(payload, binary)), *(Send(self._encode(answer)) for answer in answers)]

    def _message(self, payload: bytes, binary: bool) -> MessageSeen:  # noqa: FBT001 - the event's own field
        request = self._request
        return MessageSeen(
            at=self._leg.setting.now(),
            conn=request.conn,
            stream=request.stream,
            host=request.host,
            target=request.target,
            binary=binary,
            payload=payload,
        )

    def _encode(self, answer: bytes) -> bytes:
        return self._ws.send(TextMessage(data=answer.decode("utf-8", "replace")))

    def _aside(self, payload: bytes) -> Seen:
        """Pings, pongs and the reason of a close can carry words too."""
        leg = self._leg
        return Seen(BytesSeen(at=leg.setting.now(), conn=leg.conn, payload=payload, secured=leg.secured))

"""HTTP/1.0 and 1.1 without sockets: records each request byte for byte and answers it.

The head is kept exactly as sent; a body is kept without its transfer coding, and once more with it when it has one.
What breaks the protocol is answered with 400 and kept raw from there on.
"""

import re
from dataclasses import replace

from clearance.lab.world.answer import Reply
from clearance.lab.world.body import Body, MalformedError
from clearance.lab.world.doh import answer_request
from clearance.lab.world.head import MOST_HEAD, Head, read_absolute, read_head, split_host
from clearance.lab.world.response import encode_head, encode_pieces, is_bodiless, is_streamed
from clearance.lab.world.session import Close, Inside, Leg, RawSession, Seen, Send, Session, Step
from clearance.lab.world.websocket import WebSocketSession, accept_upgrade, wants_websocket
from clearance.model.trace import RequestSeen, ResponseSent

_BLANK_LINE = re.compile(rb"\n\r?\n")
_LEADING = re.compile(rb"[\r\n]*")
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Http1Session:
    """Server side of one HTTP/1.x stream: keep-alive, pipelining, proxy requests, CONNECT and WebSocket upgrades."""

    def __init__(self, leg: Leg, inside: Inside) -> None:
        self._leg = leg
        self._inside = inside
        self._held = bytearray()
        self._scanned = 0
        self._head: Head | None = None
        self._body: Body | None = None
        self._stream = 0
        self._inner: Session | None = None

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes of the stream."""
        if self._inner is not None:
            return self._inner.receive(data)
        self._held += data
        steps: list[Step] = []
        try:
            while self._inner is None and self._advance(steps):
                pass
        except MalformedError:
            steps += [*self._unfinished(), Send(_BAD_REQUEST), *self._become(RawSession(self._leg))]
        return steps

    def end(self) -> list[Step]:
        """A request that was not finished, or bytes that were no request."""
        if self._inner is not None:
            return self._inner.end()
        return [*self._unfinished(), *self._become(RawSession(self._leg)), *self.end()]

    def _advance(self, steps: list[Step]) -> bool:
        """One head, or one body; False when more bytes are wanted."""
        if self._head is None or self._body is None:
            return self._take_head(steps)
        self._body.feed(self._held)
        if not self._body.done:
            return False
        head, body = self._head, self._body
        self._head = self._body = None
        request = self._request(head, body, complete=True)
        del body  # the request holds its own copy, and bodies may be large
        self._answer(head, request, steps)
        return bool(self._held)

    def _take_head(self, steps: list[Step]) -> bool:
        leading = _LEADING.match(self._held)
        match = _BLANK_LINE.search(self._held, max(leading.end() if leading else 0, self._scanned - 3))
        if match is None:
            self._scanned = len(self._held)
            if self._scanned > MOST_HEAD:
                raise MalformedError("a head without end")
            return False
        head = read_head(bytes(self._held[: match.end()]))
        self._body = head.new_body()
        self._head = head
        del self._held[: match.end()]
        self._scanned = 0
        self._stream += 1
        if b"100-continue" in head.tokens(b"expect") and not self._body.done:
            steps.append(Send(b"HTTP/1.1 100 Continue\r\n\r\n"))
        return True

    def _request(self, head: Head, body: Body, *, complete: bool) -> RequestSeen:
        leg = self._leg
        host, port = split_host(head.first(b"host").decode("latin-1"), leg.port)
        absolute = read_absolute(head.target)
        tunnel = head.method.upper() == "CONNECT"
        if tunnel:
            host, port = split_host(head.target, 443)
        return RequestSeen(
            at=leg.setting.now(),
            conn=leg.conn,
            stream=self._stream,
            scheme=absolute.scheme if absolute else leg.scheme,
            host=absolute.host if absolute else host or leg.host,
            port=absolute.port if absolute else port if tunnel else leg.port,
            method=head.method,
            target=absolute.target if absolute else head.target,
            version=head.version,
            headers=head.headers,
            head=head.raw,
            body=bytes(body.data),
            complete=complete,
            proxied=leg.proxied or tunnel or absolute is not None,
            body_raw=bytes(body.raw),
        )

    def _answer(self, head: Head, request: RequestSeen, steps: list[Step]) -> None:
        if head.method.upper() == "CONNECT":
            steps += [Seen(request), *self._tunnel(request)]
            return
        if wants_websocket(head) and self._leg.setting.answerer.accepts_websocket(request):
            steps += [Seen(request), Send(accept_upgrade(head)), self._sent(request, 101, 0, "websocket")]
            steps += self._become(WebSocketSession(self._leg, request))
            return
        seen, reply = answer_request(request, self._leg.setting)
        steps += [*seen, *self._reply(head, request, reply)]
        if not head.keeps_alive:
            steps += [Close(), *self._become(RawSession(self._leg))]

    def _tunnel(self, request: RequestSeen) -> list[Step]:
        leg = self._leg
        name = leg.setting.names.name_of(request.host) if _is_address(request.host) else request.host
        inner = replace(leg, name=name, address=request.host, port=request.port, proxied=True, secured=False)
        established = Send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        steps: list[Step] = [established, self._sent(request, 200, 0, "proxy-connect")]
        return steps + self._become(self._inside(inner))

    def _reply(self, head: Head, request: RequestSeen, reply: Reply) -> list[Step]:
        bodiless = is_bodiless(head.method, reply.status)
        chunked = is_streamed(reply) and head.version == "1.1"
        start = encode_head(
            reply, head=head, chunked=chunked, date=self._leg.setting.date(), sized=reply.status not in {204, 304}
        )
        pieces = [] if bodiless else encode_pieces(reply, chunked=chunked)
        steps: list[Step] = [Send(start + pieces[0] if pieces else start)]
        steps += [Send(piece) for piece in pieces[1:]]
        size = 0 if bodiless else sum(map(len, reply.chunks))
        return [*steps, self._sent(request, reply.status, size, reply.purpose)]

    def _sent(self, request: RequestSeen, status: int, size: int, purpose: str) -> Seen:
        leg = self._leg
        event = ResponseSent(
            at=leg.setting.now(), conn=leg.conn, stream=request.stream, status=status, size=size, purpose=purpose
        )
        return Seen(event)

    def _unfinished(self) -> list[Step]:
        head, body = self._head, self._body
        self._head = self._body = None
        return [Seen(self._request(head, body, complete=False))] if head and body else []

    def _become(self, inner: Session) -> list[Step]:
        self._inner = inner
        held = bytes(self._held)
        self._held.clear()
        return inner.receive(held) if held else []


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()

"""TLS without sockets: ends it with a certificate of the room's authority and hands on what is inside."""

import contextlib
import ssl
from dataclasses import replace

from clearance.lab.world.hello import ClientHello, HelloError, read_hello
from clearance.lab.world.session import Close, Inside, Leg, RawSession, Seen, Send, Session, Step
from clearance.model.trace import ClientHelloSeen, TlsRefused

_READ = 1 << 18
_PROMPT = 1.0
"""Seconds: a client that leaves within them, without a word, left because of the handshake."""


class TlsSession:
    """Server side of one TLS connection.

    1. The hello is read whole and recorded; its name picks the certificate.
    2. The handshake. A client that breaks it off is recorded with the name that it wanted.
    3. Bytes inside go to the protocol inside, which finds out by itself what it is.
    """

    def __init__(self, leg: Leg, inside: Inside) -> None:
        self._leg = leg
        self._inside = inside
        self._held = b""
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        self._inner: Session | None = None
        self._shaken_at: float | None = None
        self._raw: RawSession | None = None
        self._over = False

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes on the wire."""
        if self._raw:
            return self._raw.receive(data)
        if self._tls is None:
            self._held += data
            return self._open()
        self._in.write(data)
        return self._go_on(self._tls)

    def end(self) -> list[Step]:
        """The client is gone: what was held inside, or that it left without a word."""
        if self._tls is None:
            return [*self._break_raw(), *(self._raw.end() if self._raw else [])]
        steps: list[Step] = []
        if self._inner is not None:
            if self._shaken_at is not None and self._leg.setting.now() - self._shaken_at < _PROMPT:
                steps.append(self._refused("closed right after the handshake, without a word"))
            steps += self._inner.end()
        elif not self._over:
            steps.append(self._refused("closed during the handshake"))
        self._over, self._shaken_at = True, None
        return [step for step in steps if isinstance(step, Seen)]

    def _open(self) -> list[Step]:
        try:
            hello = read_hello(self._held)
        except HelloError:
            return self._break_raw()
        if hello is None:
            return []
        setting = self._leg.setting
        if hello.server_name:
            self._leg = replace(self._leg, name=hello.server_name.lower())
        subjects = (self._leg.name,) if hello.server_name else (self._leg.name, self._leg.address)
        context = setting.authority.context(*subjects)
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self._in.write(self._held)
        self._held = b""
        return [self._hello_seen(hello), *self._go_on(self._tls)]

    def _go_on(self, tls: ssl.SSLObject) -> list[Step]:
        steps: list[Step] = []
        if self._inner is None and not self._over:
            steps += self._shake(tls)
        if self._inner is not None:
            steps += self._read(tls, self._inner)
        return steps

    def _shake(self, tls: ssl.SSLObject) -> list[Step]:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            return self._flush()
        except ssl.SSLError as error:
            self._over = True
            return [*self._flush(), self._refused(_reason(error)), Close()]
        self._shaken_at = self._leg.setting.now()
        self._inner = self._inside(replace(self._leg, secured=True))
        return self._flush()

    def _read(self, tls: ssl.SSLObject, inner: Session) -> list[Step]:
        steps: list[Step] = []
        while True:
            try:
                data = tls.read(_READ)
            except ssl.SSLWantReadError:
                return steps + self._flush()
            except ssl.SSLError as error:
                return steps + self._broken_off(error)
            if not data:
                return steps + self._broken_off(None)
            self._shaken_at = None
            for step in inner.receive(data):
                steps += self._wrap(tls, step)

    def _wrap(self, tls: ssl.SSLObject, step: Step) -> list[Step]:
        if isinstance(step, Seen):
            return [step]
        with contextlib.suppress(ssl.SSLError):  # the client has closed already, or has yet to: no more can be said
            if isinstance(step, Send):
                tls.write(step.data)
            else:
                tls.unwrap()
        return [*self._flush(), step] if isinstance(step, Close) else self._flush()

    def _broken_off(self, error: ssl.SSLError | None) -> list[Step]:
        """The client said goodbye, or sent an alert after the handshake (TLS 1.3 clients check late)."""
        if self._over:
            return []
        steps: list[Step] = []
        if error is not None and self._shaken_at is not None and "ALERT" in (error.reason or ""):
            self._shaken_at = None
            steps.append(self._refused(_reason(error)))
        steps += self.end()
        return [*steps, *self._flush(), Close()]

    def _break_raw(self) -> list[Step]:
        self._raw = RawSession(self._leg)
        held, self._held = self._held, b""
        return self._raw.receive(held)

    def _flush(self) -> list[Step]:
        data = self._out.read()
        return [Send(data)] if data else []

    def _hello_seen(self, hello: ClientHello) -> Seen:
        leg = self._leg
        event = ClientHelloSeen(
            at=leg.setting.now(), conn=leg.conn, raw=hello.raw, server_name=hello.server_name, alpn=hello.alpn
        )
        return Seen(event)

    def _refused(self, reason: str) -> Seen:
        leg = self._leg
        return Seen(TlsRefused(at=leg.setting.now(), conn=leg.conn, server_name=leg.host, reason=reason))


def _reason(error: ssl.SSLError) -> str:
    """``TLSV1_ALERT_UNKNOWN_CA`` → ``unknown ca``."""
    reason = error.reason or "handshake failed"
    return reason.rpartition("_ALERT_")[2].replace("_", " ").lower()

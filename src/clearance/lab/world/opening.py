"""The beginning of a stream: waits until its first bytes tell what is spoken, then hands over."""

from clearance.lab.world.dnstcp import DnsTcpSession
from clearance.lab.world.http1 import Http1Session
from clearance.lab.world.http2 import Http2Session
from clearance.lab.world.session import Leg, RawSession, Session, Step
from clearance.lab.world.sniff import Spoken, sniff
from clearance.lab.world.socks import SocksSession
from clearance.lab.world.tls import TlsSession

_DEEPEST = 6
"""Streams inside streams (a proxy in a proxy in TLS …); what is nested deeper is kept raw."""


class Opening:
    """A session that becomes another one."""

    def __init__(self, leg: Leg, depth: int = 0) -> None:
        self._leg = leg
        self._depth = depth
        self._held = b""
        self._inner: Session | None = None

    def receive(self, data: bytes) -> list[Step]:
        """Holds bytes until the protocol is known."""
        if self._inner is None:
            self._held += data
            spoken = sniff(self._held, self._leg.port) if self._depth < _DEEPEST else Spoken.RAW
            if spoken is None:
                return []
            self._inner = self._begin(spoken)
            data, self._held = self._held, b""
        return self._inner.receive(data)

    def end(self) -> list[Step]:
        """What was held, as raw bytes when nobody could tell what it was."""
        if self._inner is not None:
            return self._inner.end()
        raw, self._inner = RawSession(self._leg), RawSession(self._leg)
        return [*raw.receive(self._held), *raw.end()]

    def _begin(self, spoken: Spoken) -> Session:
        match spoken:
            case Spoken.TLS:
                return TlsSession(self._leg, self._inside)
            case Spoken.HTTP1:
                return Http1Session(self._leg, self._inside)
            case Spoken.HTTP2:
                return Http2Session(self._leg)
            case Spoken.DNS:
                return DnsTcpSession(self._leg)
            case Spoken.SOCKS:
                return SocksSession(self._leg, self._inside)
            case Spoken.RAW:
                return RawSession(self._leg)

    def _inside(self, leg: Leg) -> Session:
        return Opening(leg, self._depth + 1)

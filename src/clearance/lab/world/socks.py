"""SOCKS 4, 4a and 5: grants every connection and goes on inside it."""

import ipaddress
from dataclasses import dataclass, replace

from clearance.lab.world.session import Inside, Leg, RawSession, Seen, Send, Session, Step
from clearance.model.trace import BytesSeen

_MOST = 4096


@dataclass(frozen=True, slots=True)
class _Wanted:
    host: str
    port: int
    by_name: bool


class _Short(Exception):  # noqa: N818 - not an error: more bytes are wanted
    pass


class SocksSession:
    """A SOCKS server. The negotiation's own bytes are recorded (it may carry a user name), then the stream inside."""

    def __init__(self, leg: Leg, inside: Inside) -> None:
        self._leg = leg
        self._inside = inside
        self._held = b""
        self._inner: Session | None = None
        self._told = 0

    def receive(self, data: bytes) -> list[Step]:
        """The next bytes of the stream."""
        if self._inner is not None:
            return self._inner.receive(data)
        self._held += data
        reader = _Reader(self._held)
        replies: list[bytes] = []
        wanted: _Wanted | None = None
        try:
            wanted = _negotiate_5(reader, replies) if self._held[0] == 5 else _negotiate_4(reader, replies)
        except _Short:
            if len(self._held) < _MOST:
                return self._tell(replies)
        return [*self._tell(replies), *self._go_inside(wanted, reader.at)]

    def end(self) -> list[Step]:
        """A negotiation that was not finished, or what is held inside."""
        if self._inner is None:
            return [step for step in [*self._go_inside(None, 0), *self.end()] if isinstance(step, Seen)]
        return self._inner.end()

    def _tell(self, replies: list[bytes]) -> list[Step]:
        """The negotiation is read again from its start whenever bytes arrive; only new replies are sent."""
        fresh, self._told = replies[self._told :], len(replies)
        return [Send(reply) for reply in fresh]

    def _go_inside(self, wanted: _Wanted | None, used: int) -> list[Step]:
        held, self._held = self._held, b""
        if wanted is None:
            self._inner = RawSession(self._leg)
            return self._inner.receive(held)
        leg = self._leg
        seen = Seen(BytesSeen(at=leg.setting.now(), conn=leg.conn, payload=held[:used], secured=leg.secured))
        self._inner = self._inside(_leg_to(leg, wanted))
        return [seen, *(self._inner.receive(held[used:]) if held[used:] else [])]


def _leg_to(leg: Leg, wanted: _Wanted) -> Leg:
    name = wanted.host if wanted.by_name else leg.setting.names.name_of(wanted.host)
    address = "" if wanted.by_name else wanted.host
    return replace(leg, name=name, address=address, port=wanted.port, proxied=True, secured=False)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        if self.at + size > len(self._data):
            raise _Short
        self.at += size
        return self._data[self.at - size : self.at]

    def until_zero(self) -> bytes:
        end = self._data.find(b"\0", self.at)
        if end < 0:
            raise _Short
        return self.take(end + 1 - self.at)[:-1]


def _negotiate_5(reader: _Reader, replies: list[bytes]) -> _Wanted | None:
    """RFC 1928 and 1929: any method, any password, CONNECT to anywhere. None when something else is asked."""
    reader.take(1)
    methods = reader.take(reader.take(1)[0])
    method = 0 if 0 in methods else 2 if 2 in methods else 0xFF
    replies.append(bytes([5, method]))
    if method == 0xFF:
        return None
    if method == 2:
        reader.take(1)
        reader.take(reader.take(1)[0])
        reader.take(reader.take(1)[0])
        replies.append(b"\x01\x00")
    _, command, _, kind = reader.take(4)
    host = _address_5(reader, kind)
    port = int.from_bytes(reader.take(2), "big")
    if command != 1 or not host:
        replies.append(b"\x05\x07\x00\x01" + bytes(6))  # command not supported
        return None
    replies.append(b"\x05\x00\x00\x01" + bytes(6))
    return _Wanted(host, port, kind == 3)


def _address_5(reader: _Reader, kind: int) -> str:
    match kind:
        case 1:
            return str(ipaddress.IPv4Address(reader.take(4)))
        case 3:
            return _name(reader.take(reader.take(1)[0]))
        case 4:
            return str(ipaddress.IPv6Address(reader.take(16)))
        case _:
            return ""


def _negotiate_4(reader: _Reader, replies: list[bytes]) -> _Wanted | None:
    """SOCKS 4 and 4a (address 0.0.0.x: a name follows)."""
    _, command = reader.take(2)
    port = int.from_bytes(reader.take(2), "big")
    address = reader.take(4)
    reader.until_zero()  # user id
    by_name = address[:3] == bytes(3) and address[3] != 0
    host = _name(reader.until_zero()) if by_name else str(ipaddress.IPv4Address(address))
    if command != 1 or not host:
        replies.append(b"\0\x5b" + bytes(6))
        return None
    replies.append(b"\0\x5a" + bytes(6))
    return _Wanted(host, port, by_name)


def _name(raw: bytes) -> str:
    return raw.decode("ascii", "backslashreplace").lower().rstrip(".")

"""One TCP connection from a room: the socket's side of a session."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import cast

from clearance.lab.world.meter import Meter
from clearance.lab.world.opening import Opening
from clearance.lab.world.session import Close, Leg, Seen, Send, Session, Setting, Step
from clearance.model.trace import ConnectionClosed, ConnectionOpened

_LINGER_S = 5.0


class Link(asyncio.Protocol):
    """Feeds a session from a transport. Stops reading while the client does not read, so nothing piles up."""

    def __init__(self, *, setting: Setting, meter: Meter, links: set["Link"]) -> None:
        self._setting, self._meter, self._links = setting, meter, links
        self._transport: asyncio.Transport | None = None
        self._session: Session | None = None
        self._number = self._received = 0
        self._heard_at = setting.now()
        self._closing_at: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Records where the tool meant to go (the accepted socket's own name)."""
        self._transport = transport = cast("asyncio.Transport", transport)
        self._number = self._meter.admit()
        if not self._number:
            transport.abort()
            return
        sockname = transport.get_extra_info("sockname")
        address, port = plain_address(sockname[0]), int(sockname[1])
        name = self._setting.names.name_of(address)
        event = ConnectionOpened(at=self._heard_at, conn=self._number, address=address, port=port, name=name)
        self._meter.record(event)
        leg = Leg(setting=self._setting, conn=self._number, address=address, port=port, name=name)
        self._session = Opening(leg)
        self._links.add(self)

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        self._received += len(data)
        self._heard_at = self._setting.now()
        session = self._session
        if session is None or not self._meter.count(len(data)):
            self.cut()
            return
        self._guarded(lambda: session.receive(data))

    def eof_received(self) -> bool:
        """The client will send no more; what was answered is still sent."""
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, by either side."""
        del exc
        self._end()
        self._links.discard(self)
        if self._number:
            event = ConnectionClosed(at=self._setting.now(), conn=self._number, received=self._received)
            self._number = 0
            self._meter.record(event)

    def pause_writing(self) -> None:
        """The client does not read."""
        if self._transport and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def cut(self) -> None:
        """Ends the connection now; records what was held back."""
        if self._transport:
            self._transport.abort()
        self.connection_lost(None)

    def is_stale(self, idle_s: float) -> bool:
        """Whether nothing has come for so long, or the client does not leave though all is said."""
        now = self._setting.now()
        return now - self._heard_at > idle_s or (self._closing_at is not None and now - self._closing_at > _LINGER_S)

    def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._guarded(session.end)

    def _guarded(self, turn: Callable[[], Iterable[Step]]) -> None:
        """A mistake in this program must surface when the world closes, and not vanish in the loop's log."""
        try:
            for step in turn():
                self._carry_out(step)
        except Exception as error:  # noqa: BLE001 - kept and raised by World.close
            self._meter.failed(error)
            self._session = None
            self.cut()

    def _carry_out(self, step: Step) -> None:
        transport = self._transport
        match step:
            case Seen(event):
                self._meter.record(event)
            case Send(data) if transport and not transport.is_closing():
                transport.write(data)
            case Close() if transport and not transport.is_closing() and self._closing_at is None:
                self._closing_at = self._setting.now()
                with contextlib.suppress(OSError):  # the client has gone already
                    transport.write_eof()
            case _:
                pass


def plain_address(address: str) -> str:
    """An address as a person writes it: an IPv4 address that came through a dual-stack socket loses its prefix."""
    return address.removeprefix("::ffff:").partition("%")[0]

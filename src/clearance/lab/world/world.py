"""The world of one room: attaches to its sockets and turns all that arrives into events."""

import asyncio
import contextlib
import email.utils
from collections.abc import Callable

from clearance.lab.sockets import RoomSockets
from clearance.lab.world.answer import Answerer
from clearance.lab.world.authority import Authority
from clearance.lab.world.datagrams import Datagrams
from clearance.lab.world.link import Link
from clearance.lab.world.meter import Meter
from clearance.lab.world.names import NameBook
from clearance.lab.world.session import Setting
from clearance.model.trace import Event

_SWEEP_S = 5.0
_SETTLE_S = 0.25


class World:
    """Serves one room from the running asyncio loop. A capture, not a policy: it grants and records everything.

    ``now`` gives seconds since the run began; ``wall_clock`` is what the room believes the time (Unix seconds) to be
    at ``now() == 0`` and makes the ``Date`` of answers (None: no such header). ``traffic_limit`` (bytes from the room)
    and ``connections_limit`` hold for the whole run: at the first excess one ``LimitReached`` is recorded and what
    comes later is cut off. Connections that say nothing for ``idle_s`` seconds are closed.
    """

    def __init__(
        self,
        *,
        authority: Authority,
        names: NameBook,
        answerer: Answerer,
        sink: Callable[[Event], None],
        now: Callable[[], float],
        traffic_limit: int,
        connections_limit: int,
        wall_clock: float | None = None,
        idle_s: float = 120.0,
    ) -> None:
        self._now, self._wall_clock, self._idle_s = now, wall_clock, idle_s
        self._setting = Setting(answerer=answerer, authority=authority, names=names, now=now, date=self._date)
        self._links: set[Link] = set()
        self._meter = Meter(
            sink=sink,
            now=now,
            traffic_limit=traffic_limit,
            connections_limit=connections_limit,
            on_full=self._cut_soon,
        )
        self._server: asyncio.Server | None = None
        self._datagrams: Datagrams | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    async def serve(self, sockets: RoomSockets) -> None:
        """Attaches to a room's sockets, which are the world's from then on; returns when it listens."""
        loop = asyncio.get_running_loop()
        sockets.tcp.settimeout(0)
        self._server = await loop.create_server(self._new_link, sock=sockets.tcp, backlog=512)
        self._datagrams = Datagrams(sockets.dns, sockets.udp, setting=self._setting, meter=self._meter)
        self._datagrams.attach(loop)
        self._sweeper = loop.call_later(_SWEEP_S, self._sweep)

    async def close(self) -> None:
        """Takes in what has already arrived, ends every connection, closes the sockets. A second call does nothing.

        Raises what the answerer or the sink raised during the run, if they did.
        """
        server, self._server = self._server, None
        if server is None:
            return
        await self._settle()
        if self._sweeper:
            self._sweeper.cancel()
        if self._datagrams:
            self._datagrams.close()
        server.close()
        self._meter.shut()
        self._cut_all()
        await _turns()  # lets the transports close their sockets
        if self._meter.failure is not None:
            raise self._meter.failure

    async def _settle(self) -> None:
        """The last words of a room that has just died still lie in its sockets: waits until they are read."""
        await _turns()
        for _ in range(50):
            if not self._links:
                return
            await asyncio.sleep(_SETTLE_S / 50)

    def _new_link(self) -> Link:
        return Link(setting=self._setting, meter=self._meter, links=self._links)

    def _cut_soon(self) -> None:
        # Not at once: this is called from inside one of the connections.
        asyncio.get_running_loop().call_soon(self._cut_all)

    def _cut_all(self) -> None:
        for link in tuple(self._links):
            link.cut()

    def _sweep(self) -> None:
        for link in tuple(self._links):
            if link.is_stale(self._idle_s):
                link.cut()
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)

    def _date(self) -> str:
        if self._wall_clock is None:
            return ""
        with contextlib.suppress(OverflowError, ValueError, OSError):
            return email.utils.formatdate(self._wall_clock + self._now(), usegmt=True)
        return ""


async def _turns() -> None:
    """A few turns of the loop: enough for a waiting connection to be accepted, opened, read and closed."""
    for _ in range(8):
        await asyncio.sleep(0)

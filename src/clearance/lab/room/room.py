"""One sealed room as the main process sees it: sockets to attach a world to, then start, wait, outcome."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clearance.lab.errors import RoomUnavailable
from clearance.lab.room.channel import Channel, ChannelClosedError
from clearance.lab.room.tracer import TracerEvent, View, read_log
from clearance.lab.sockets import RoomSockets
from clearance.model.ids import Digest
from clearance.model.trace import FileLeft, LimitReached

_GRACE_S = 15.0
"""A warden may take this long beyond the sessions' wall limits to kill, list and report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOutcome:
    """How a room ended and what it left. ``outcome`` and the numbers mean what ``RunEnded`` says."""

    outcome: str
    exit_code: int | None
    wall_s: float
    cpu_s: float
    peak_rss_mb: float
    """The largest of: one process, the sum over the room at one of ten looks a second."""
    stdout_tail: str
    stderr_tail: str
    detail: str
    limits: tuple[LimitReached, ...]
    left: tuple[FileLeft, ...]
    view: View
    logs: tuple[Path, ...]
    """The tracer's output, one file a session."""
    began: float
    """Unix seconds at ``start()``."""

    def events(self) -> Iterator[TracerEvent]:
        """Processes, files and refused attempts in order; ``at`` in seconds since ``start()``. Read from disk."""
        for log in self.logs:
            yield from read_log(log, self.view, began=self.began)


class Room:
    """A room that is built and waits. Made by ``Keeper.open_room``."""

    def __init__(
        self,
        *,
        folder: Path,
        channel: Channel,
        sockets: RoomSockets,
        view: View,
        longest_s: float,
        on_session: Callable[[int], None] | None,
    ) -> None:
        self.sockets = sockets
        """Non-blocking; whoever serves them closes them."""
        self._folder = folder
        self._channel = channel
        self._view = view
        self._longest_s = longest_s
        self._on_session = on_session
        self._began = 0.0
        self._started = 0.0
        self._ended_as: str | None = None
        self._life: asyncio.Task[dict[str, Any]] | None = None

    async def start(self) -> None:
        """Let the command begin. Times of events count from here."""
        self._began, self._started = time.time(), time.monotonic()
        with contextlib.suppress(ChannelClosedError):  # wait() tells
            await self._channel.send(b"start")
        self._life = asyncio.create_task(self._report())  # sessions begin whether or not somebody waits already

    async def wait(self) -> RoomOutcome:
        """Until the last session is over and everything in the room is dead. Cancelling it kills the room."""
        life = self._life or asyncio.create_task(self._report())
        try:
            async with asyncio.timeout(self._longest_s + _GRACE_S):
                report = await life
        except (ChannelClosedError, TimeoutError) as error:
            silent = isinstance(error, TimeoutError)
            return self._lost("its warden did not answer" if silent else "its warden ended without a report")
        finally:
            self._channel.close()
        return self._outcome(report)

    async def _report(self) -> dict[str, Any]:
        while True:
            message = await self._channel.receive()
            if "session" in message:
                if self._on_session:
                    self._on_session(message["session"])
                await self._channel.send(b"go")
            elif "ended" in message:
                report: dict[str, Any] = message["ended"]
                return report
            else:
                raise ChannelClosedError

    async def kill(self, outcome: str = "interrupted") -> None:
        """End the room now; ``wait`` then returns with that outcome."""
        self._ended_as = outcome
        with contextlib.suppress(ChannelClosedError):
            await self._channel.send(outcome.encode())

    def abandon(self) -> None:
        """Give up a room that was never started: everything of it goes."""
        self._channel.close()
        for held in (self.sockets.tcp, self.sockets.dns, self.sockets.udp):
            held.close()
        self.discard()

    def discard(self) -> None:
        """Remove the room's folder with the tracer's output; after it ``events`` has nothing to read."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _logs(self) -> tuple[Path, ...]:
        return tuple(sorted((self._folder / "log").glob("strace.*")))

    def _lost(self, detail: str) -> RoomOutcome:
        elapsed = time.monotonic() - self._started if self._started else 0.0
        nothing = {"exit_code": None, "cpu_s": 0.0, "peak_rss_mb": 0.0, "stdout_tail": "", "stderr_tail": ""}
        outcome = self._ended_as or "room-failed"
        report = {"outcome": outcome, "detail": detail, "wall_s": elapsed, "limits": (), "left": (), **nothing}
        return self._outcome(report)

    def _outcome(self, report: dict[str, Any]) -> RoomOutcome:
        at = report["wall_s"]
        return RoomOutcome(
            outcome=report["outcome"],
            exit_code=report["exit_code"],
            wall_s=at,
            cpu_s=report["cpu_s"],
            peak_rss_mb=report["peak_rss_mb"],
            stdout_tail=report["stdout_tail"],
            stderr_tail=report["stderr_tail"],
            detail=report["detail"],
            limits=tuple(LimitReached(at=at, what=what, limit=limit) for what, limit in report["limits"]),
            left=tuple(
                FileLeft(at=at, path=path, size=size, sha256=Digest(sha256), removed=removed)
                for path, size, sha256, removed in report["left"]
            ),
            view=self._view,
            logs=self._logs(),
            began=self._began,
        )


async def built(channel: Channel, advice: Callable[[str], str]) -> RoomSockets:
    """The sockets of a room that is ready. Raises RoomUnavailable with the warden's words."""
    try:
        message = await channel.receive()
    except ChannelClosedError:
        raise RoomUnavailable("a room's warden ended before the room was built", advice=advice("")) from None
    if "failed" in message:
        raise RoomUnavailable(f"a room could not be built: {message['failed']}", advice=advice(message["failed"]))
    tcp, dns, udp = channel.handed
    for handed in (tcp, dns, udp):
        handed.setblocking(False)  # noqa: FBT003
    return RoomSockets(tcp=tcp, dns=dns, udp=udp)

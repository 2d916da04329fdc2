"""The keeper: one small process a campaign that holds the privileges and forks each room's guard and warden."""

import asyncio
import contextlib
import datetime as dt
import os
import shutil
import socket
import sys
import tempfile
import warnings
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from clearance.lab.errors import RoomUnavailable
from clearance.lab.room import plain_sleep
from clearance.lab.room.channel import Channel, ChannelClosedError
from clearance.lab.room.host import INSTALL, find_tools, interpreter_mount
from clearance.lab.room.room import Room, built
from clearance.lab.room.tracer import View
from clearance.lab.room.warden.cgroups import remove_dead_groups
from clearance.lab.room.warden.plan import PlannedFile, RoomPlan, Tools, encode_plan
from clearance.lab.staging import Mount, Staging

_SOURCE = Path(__file__).parents[3]
_MAIN = (
    "import socket, sys; sys.path.insert(0, sys.argv[1]); from clearance.lab.room.warden.guard import keep; "
    "keep(socket.socket(fileno=int(sys.argv[2])))"
)
_LOG_MB = 128
_STOP_S = 5.0
_PATH = "/usr/local/bin:/usr/bin:/bin"


class UnsafeRoom(UserWarning):
    """Rooms of this keeper are not sealed."""


class Keeper:
    """Opens sealed rooms. ``async with`` starts and closes it; when this process dies, so does every room."""

    def __init__(self, *, unsafe_share_network: bool = False) -> None:
        self._unsafe_share_network = unsafe_share_network
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._tools: Tools | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start the keeper process; remove what killed runs left. Raises RoomUnavailable."""
        if self._unsafe_share_network:
            warnings.warn("rooms share the host's network: they are not sealed", UnsafeRoom, stacklevel=2)
        self._tools = find_tools()
        clean_up_leftovers()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        arguments = ("-I", "-S", "-c", _MAIN, str(_SOURCE), str(theirs.fileno()))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, pass_fds=(theirs.fileno(),), stdin=asyncio.subprocess.DEVNULL, cwd="/"
        )
        theirs.close()
        ours.setblocking(False)  # noqa: FBT003
        self._control = ours

    async def open_room(
        self,
        staging: Staging,
        *,
        work: Path,
        on_session: Callable[[int], None] | None = None,
        trace: bool = True,
    ) -> Room:
        """Build a room below the folder ``work``; it waits for ``start()`` with its sockets listening.

        ``on_session`` is called with 1, 2 … just before each session's command starts.

        Raises:
            RoomUnavailable: this machine cannot build it, or the staging cannot be carried out.
        """
        plan = self._plan(staging, folder=_room_folder(work), trace=trace)
        channel = Channel(await self._new_line())
        try:
            await channel.send(encode_plan(plan))
            sockets = await built(channel, _advice)
        except (RoomUnavailable, ChannelClosedError, asyncio.CancelledError) as error:
            channel.close()
            shutil.rmtree(plan.folder, ignore_errors=True)
            if isinstance(error, ChannelClosedError):
                raise RoomUnavailable("the keeper is gone", advice="Start the campaign again.") from None
            raise
        longest = staging.limits.wall_s * staging.sessions
        view = View(home=staging.home, project=staging.project, mounts=tuple(target for _, target in plan.mounts))
        return Room(
            folder=Path(plan.folder),
            channel=channel,
            sockets=sockets,
            view=view,
            longest_s=longest,
            on_session=on_session,
        )

    async def close(self) -> None:
        """End every room and the keeper process."""
        if self._control:
            self._control.close()
            self._control = None
        if self._process:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), _STOP_S)
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
            self._process = None

    async def _new_line(self) -> socket.socket:
        if self._control is None:
            raise RoomUnavailable("the keeper has not been started", advice="This is a fault of the lab.")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            socket.send_fds(self._control, [b"room"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise RoomUnavailable(f"the keeper is gone: {error}", advice="Start the campaign again.") from error
        finally:
            theirs.close()
        return ours

    def _plan(self, staging: Staging, *, folder: Path, trace: bool) -> RoomPlan:
        if self._tools is None:
            raise RoomUnavailable("the keeper has not been started", advice="This is a fault of the lab.")
        if trace and not self._tools.strace:
            raise RoomUnavailable("strace is missing", advice=f"Install it: {INSTALL}")
        if staging.clock and not self._tools.faketime:
            raise RoomUnavailable("libfaketime is missing, a clock was staged", advice=f"Install it: {INSTALL}")
        mounts, env = _with_interpreter(staging)
        _refuse_nul(staging, env)
        limits = staging.limits
        return RoomPlan(
            folder=str(folder),
            command=staging.command,
            env=tuple(env.items()),
            hostname=staging.hostname,
            username=staging.username,
            home=staging.home,
            project=staging.project,
            timezone=staging.timezone,
            clock_epoch=_epoch(staging),
            sessions=staging.sessions,
            memory_mb=limits.memory_mb,
            processes=limits.processes,
            disk_mb=limits.disk_mb,
            wall_s=limits.wall_s,
            log_mb=_LOG_MB,
            mounts=tuple((os.path.realpath(mount.source), mount.target) for mount in mounts),
            trace=trace,
            unsafe_share_network=self._unsafe_share_network,
            room_id=staging.user_id,
            tools=self._tools,
            files=(*_planned_files(staging), *_clock_files(staging)),
        )


def _planned_files(staging: Staging) -> Iterator[PlannedFile]:
    for path, file in staging.files.items():
        yield PlannedFile(path=path, mode=file.mode, content=file.content)


def _clock_files(staging: Staging) -> Iterator[PlannedFile]:
    """What libfaketime needs beside itself, so that sleeping stays as it is."""
    shared_object = plain_sleep.plain_sleep() if staging.clock else None
    if shared_object:
        yield PlannedFile(path=plain_sleep.PATH, mode=0o644, content=shared_object)


def _room_folder(work: Path) -> Path:
    """A new folder for one room with the mount point and the tracer's folder in it."""
    folder = Path(tempfile.mkdtemp(prefix="room-", dir=work)).resolve()
    for name in ("stage", "log"):
        (folder / name).mkdir()
    return folder


def clean_up_leftovers() -> int:
    """Remove what a run that was killed could not: control groups without an owner. Returns how many."""
    return remove_dead_groups()


def _with_interpreter(staging: Staging) -> tuple[tuple[Mount, ...], dict[str, str]]:
    """Mounts and environment so that ``python3`` is there also where this one lies outside ``/usr``."""
    env = dict(staging.env)
    env.setdefault("PATH", _PATH)
    prefix = interpreter_mount()
    if prefix is None:
        return staging.mounts, env
    env["PATH"] = f"{env['PATH']}:{prefix}/bin"
    return (*staging.mounts, Mount(source=prefix, target=str(prefix))), env


def _refuse_nul(staging: Staging, env: dict[str, str]) -> None:
    """A NUL would cut an argument short: say so instead."""
    texts = (*staging.command, *env, *env.values(), staging.hostname, staging.username, staging.home, staging.project)
    if not staging.command or any("\0" in text for text in texts):
        raise RoomUnavailable("the command is empty or a text holds a NUL", advice="Mend the profile's [run] table.")


def _epoch(staging: Staging) -> float | None:
    """Unix seconds that the staged clock means in the room's zone (``TZ`` first, as programs do)."""
    if staging.clock is None:
        return None
    try:
        zone = zoneinfo.ZoneInfo(staging.env.get("TZ", "").removeprefix(":") or staging.timezone)
        return dt.datetime.fromisoformat(staging.clock).replace(tzinfo=zone).timestamp()
    except (ValueError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise RoomUnavailable(
            f"the clock cannot be staged: {error}", advice="A clock looks like 2027-01-04 09:30:00."
        ) from error


def _advice(words: str) -> str:
    """What mends a room that could not be built, by the words of the failure."""
    if "unshare" in words or "uid_map" in words:
        return (
            "This kernel does not let you make user namespaces. As root: sysctl -w kernel.unprivileged_userns_clone=1; "
            "sysctl -w user.max_user_namespaces=15000; on Ubuntu also "
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if any(sign in words for sign in ("may lie below", "not a plain path", "not a time zone")):
        return "The staging is at fault, not the machine: mend the profile's files, home, project or zone."
    if "nft" in words:
        return "The kernel needs nftables with tproxy. As root: modprobe nft_tproxy"
    if "No space left" in words:
        return "The staged files do not fit the room's disk limit, or this machine's memory is full."
    return "Run: clearance doctor"


__all__ = ["Keeper", "Room", "UnsafeRoom", "clean_up_leftovers"]

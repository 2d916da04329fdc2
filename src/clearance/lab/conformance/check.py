"""The self-check: one room, one probe, every result compared with what arrived at the room's own sockets."""

import asyncio
import contextlib
import json
import shutil
import socket
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.lab.conformance.host_side import HostSide, lay_out
from clearance.lab.errors import NotSealed
from clearance.lab.room.host import interpreter_mount
from clearance.lab.room.keeper import Keeper
from clearance.lab.room.room import RoomOutcome
from clearance.lab.sockets import RoomSockets
from clearance.lab.staging import Limits, SeedFile, Staging

_PROBE = Path(__file__).with_name("probe.py")
_LEAST = 40
"""Fewer results than this mean that the probe was cut short."""
_DECODER = msgspec.json.Decoder(tuple[tuple[str, bool, str], ...])
_ENV = {"HOME": "/home/dev", "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
_SET_BY_SHELLS = ("PWD", "LC_CTYPE", "OLDPWD", "SHLVL", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One way out that was tried."""

    name: str
    sealed: bool
    detail: str


async def check_sealed(keeper: Keeper, *, work: Path | None = None) -> tuple[Check, ...]:
    """Try every way out of a room of this keeper. Takes well under two seconds; never empty.

    Args:
        keeper: started.
        work: folder for the room; a temporary one if None.
    """
    folder = Path(tempfile.mkdtemp(prefix="conformance-", dir=work))
    host = lay_out(folder)
    try:
        return await _probe(keeper, host)
    finally:
        host.close()
        shutil.rmtree(folder, ignore_errors=True)


def require_sealed(checks: Iterable[Check]) -> None:
    """Raises NotSealed unless there are checks and each is sealed."""
    checks = tuple(checks)
    broken = [check for check in checks if not check.sealed]
    if broken or not checks:
        ways = "; ".join(f"{check.name} ({check.detail})" for check in broken[:5]) or "nothing was checked"
        raise NotSealed(
            f"the sealed room is not sealed, so nothing is run in it: {ways}",
            advice="Run: clearance doctor. If it finds nothing amiss, please report this; SECURITY.md says how.",
        )


async def _probe(keeper: Keeper, host: HostSide) -> tuple[Check, ...]:
    room = await keeper.open_room(_staging(host), work=host.folder, trace=False)
    arrivals: set[str] = set()
    serving = asyncio.create_task(_count_arrivals(room.sockets, arrivals))
    try:
        await room.start()
        outcome = await room.wait()
        await asyncio.sleep(0)  # what arrived last is read before the counting ends
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        _drain(room.sockets, arrivals)
        for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
            held.close()
    return _judge(outcome, host, arrivals)


def _staging(host: HostSide) -> Staging:
    prefix = interpreter_mount()
    path = _ENV["PATH"] + (f":{prefix}/bin" if prefix else "")
    expected: dict[str, tuple[str, ...]] = {"/home": ("dev",), "/var": ("tmp",)}
    if prefix and len(prefix.parts) > 2:
        top = f"/{prefix.parts[1]}"
        expected[top] = (*expected.get(top, ()), prefix.parts[2])
    told = host.told(env=(*_ENV, *_SET_BY_SHELLS), expected=expected)
    return Staging(
        command=("python3", "-I", "/tmp/probe.py", json.dumps(told)),  # noqa: S108  # inside the room
        env={**_ENV, "PATH": path},
        files={"/tmp/probe.py": SeedFile(content=_PROBE.read_bytes())},  # noqa: S108
        limits=Limits(wall_s=5.0, memory_mb=512, disk_mb=16),
    )


def _judge(outcome: RoomOutcome, host: HostSide, arrivals: set[str]) -> tuple[Check, ...]:
    try:
        results = _DECODER.decode(outcome.stdout_tail)
    except msgspec.DecodeError:
        said = (outcome.stderr_tail or outcome.detail).strip()[-300:]
        return (Check(name="probe", sealed=False, detail=f"did not report ({outcome.outcome}): {said}"),)
    checks = [_compare(name, sealed, detail, host, arrivals) for name, sealed, detail in results]
    visited = host.visited()
    detail = f"reached: {', '.join(visited)}" if visited else "nobody came"
    checks.append(Check(name="host listeners", sealed=not visited, detail=detail))
    checks.append(Check(name="probe", sealed=len(results) >= _LEAST, detail=f"{len(results)} attempts"))
    return tuple(checks)


def _compare(name: str, sealed: bool, detail: str, host: HostSide, arrivals: set[str]) -> Check:  # noqa: FBT001
    """A connection that succeeded is sealed only if it arrived at the room's own socket."""
    if not name.startswith("reached "):
        return Check(name=name, sealed=sealed, detail=detail)
    address, _, port = name.removeprefix("reached ").partition(" port ")
    caught = f"{host.nonce} {address} {port}" in arrivals
    words = "caught by the room" if caught else "connected, and not to the room"
    return Check(name=f"outside {address} port {port}", sealed=caught, detail=words)


async def _count_arrivals(sockets: RoomSockets, arrivals: set[str]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        connection, _ = await loop.sock_accept(sockets.tcp)
        _read_arrival(connection, await asyncio.wait_for(loop.sock_recv(connection, 256), 1.0), arrivals)


def _drain(sockets: RoomSockets, arrivals: set[str]) -> None:
    """Connections that wait in the listener still count: the room is dead by now, what it sent is here."""
    while True:
        try:
            connection, _ = sockets.tcp.accept()
        except OSError:
            return
        with contextlib.suppress(OSError):
            _read_arrival(connection, connection.recv(256), arrivals)


def _read_arrival(connection: socket.socket, data: bytes, arrivals: set[str]) -> None:
    """Counts only if the socket itself says that this is where the probe wanted to go."""
    address, port = connection.getsockname()[:2]
    words = data.decode("ascii", "replace").split()
    if len(words) == 3 and words[1:] == [address.removeprefix("::ffff:"), str(port)]:
        arrivals.add(" ".join(words))
    connection.close()

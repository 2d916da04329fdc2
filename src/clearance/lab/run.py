"""One run: a sealed room, a world attached to it, the command, and a trace on disk."""

import dataclasses
import datetime
import time
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from clearance.lab.recorder import TraceWriter, merge, read_trace, write_trace
from clearance.lab.room.keeper import Keeper
from clearance.lab.room.room import Room, RoomOutcome
from clearance.lab.staging import SeedFile, Staging
from clearance.lab.world.answer import Answerer
from clearance.lab.world.authority import Authority, system_bundle
from clearance.lab.world.names import NameBook
from clearance.lab.world.world import World
from clearance.model.cell import Cell
from clearance.model.ids import Digest
from clearance.model.trace import Event, RunEnded, RunStarted, SessionStarted

_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
_LOCAL_CA = "/etc/ssl/certs/local-ca.pem"
_BUNDLE_VARIABLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "AWS_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "CODEX_CA_CERTIFICATE",
    "PIP_CERT",
)
_LOCAL_VARIABLES = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
_LAST_WORDS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What one run left: its trace, and how it ended."""

    cell: Cell
    trace: Path
    digest: Digest
    outcome: str
    detail: str
    wall_s: float
    cpu_s: float


class Trust:
    """What makes a room trust the emulated world: bundles and the variables that name them."""

    def __init__(self, authority: Authority) -> None:
        bundle, alone = SeedFile(content=authority.bundle(system_bundle())), SeedFile(content=authority.pem)
        self._files = {_BUNDLE: bundle, "/etc/ssl/cert.pem": bundle, _LOCAL_CA: alone}
        self._env = dict.fromkeys(_BUNDLE_VARIABLES, _BUNDLE) | dict.fromkeys(_LOCAL_VARIABLES, _LOCAL_CA)

    def added_to(self, staging: Staging) -> Staging:
        """The staging with bundles and variables; what a profile sets itself stays."""
        env = MappingProxyType({**self._env, **staging.env})
        return dataclasses.replace(staging.with_files(self._files), env=env)


async def run_cell(
    cell: Cell,
    staging: Staging,
    *,
    keeper: Keeper,
    authority: Authority,
    answerer: Answerer,
    api_hosts: tuple[str, ...],
    api_url: str = "",
    vendor_hosts: frozenset[str] = frozenset(),
    work: Path,
    traces: Path,
    record: bool = True,
) -> RunRecord:
    """Run one cell to its end and write its trace to ``traces/<run>.trace``.

    ``vendor_hosts`` are the model API's own: a base URL that names one of them is no custom one.
    ``record=False`` leaves out the tracer (processes and files), for measuring what it costs.

    Raises:
        LabError: the room could not be built, or the trace not be written.
    """
    staging = Trust(authority).added_to(staging)
    part = traces / f"{cell.run}.world"
    writer = TraceWriter(part)
    clock = _Clock()
    room = await keeper.open_room(
        staging,
        work=work,
        trace=record,
        on_session=lambda number: writer.write(SessionStarted(at=clock.now(), number=number)),
    )
    world = World(
        authority=authority,
        names=NameBook(),
        answerer=answerer,
        sink=writer.write,
        now=clock.now,
        traffic_limit=staging.limits.traffic_mb << 20,
        connections_limit=staging.limits.connections,
        wall_clock=staged_time(staging),
    )
    try:
        started = RunStarted(
            at=0.0,
            cell=cell,
            argv=staging.command,
            wall_clock=staged_time(staging),
            api_hosts=api_hosts,
            custom_base_url=staging.base_url is not None and not vendor_hosts.intersection(api_hosts),
            api_url=api_url,
        )
        writer.write(started)
        outcome = await _through(room, world, clock)
    except BaseException:
        writer.abandon()
        room.discard()
        raise
    writer.close()
    return _finish(cell, room, outcome, part, traces, clock)


class _Clock:
    """Seconds since the run began; zero until then."""

    def __init__(self) -> None:
        self.start: float | None = None

    def now(self) -> float:
        return time.monotonic() - self.start if self.start is not None else 0.0


async def _through(room: Room, world: World, clock: _Clock) -> RoomOutcome:
    try:
        await world.serve(room.sockets)
        clock.start = time.monotonic()
        await room.start()
        return await room.wait()
    finally:
        await world.close()


def _finish(cell: Cell, room: Room, outcome: RoomOutcome, part: Path, traces: Path, clock: _Clock) -> RunRecord:
    """World and tracer events in one order, then what was left, then the end."""
    path = traces / f"{cell.run}.trace"
    ended = RunEnded(
        at=max(outcome.wall_s, clock.now()),
        outcome=outcome.outcome,
        exit_code=outcome.exit_code,
        wall_s=outcome.wall_s,
        cpu_s=outcome.cpu_s,
        peak_rss_mb=outcome.peak_rss_mb,
        stdout_tail=outcome.stdout_tail[-4096:],
        stderr_tail=outcome.stderr_tail[-4096:],
        detail=outcome.detail,
    )

    def events() -> Iterator[Event]:
        yield from merge(read_trace(part), outcome.events())
        yield from outcome.limits
        yield from outcome.left
        yield ended

    digest = write_trace(path, events())
    part.unlink()
    room.discard()
    return RunRecord(
        cell=cell,
        trace=path,
        digest=digest,
        outcome=outcome.outcome,
        detail=outcome.detail or last_words(outcome),
        wall_s=outcome.wall_s,
        cpu_s=outcome.cpu_s,
    )


def last_words(outcome: RoomOutcome) -> str:
    """The exit code, where there is one, and the end of what the program said: short enough to be quoted whole."""
    said = (outcome.stderr_tail.strip() or outcome.stdout_tail.strip())[-_LAST_WORDS:]
    code = "" if outcome.exit_code is None else f"exit code {outcome.exit_code}"
    return ": ".join(part for part in (code, said) if part)


def staged_time(staging: Staging) -> float:
    """What the room believes the time is when it starts, as Unix seconds."""
    if staging.clock is None:
        return time.time()
    local = datetime.datetime.fromisoformat(staging.clock)
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(staging.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = datetime.UTC
    return local.replace(tzinfo=zone).timestamp()


def host_of_url(url: str) -> str:
    """The host of a URL, lower case."""
    return (urlsplit(url).hostname or "").lower()


AnswererFor = Callable[[Staging], Answerer]
"""Makes the answers for one room: they name files of its project."""

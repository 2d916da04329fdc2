"""One session: start the command behind its walls, watch its limits, end everything, say what happened."""

import contextlib
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from clearance.lab.room.warden import kernel
from clearance.lab.room.warden.call_filter import call_filter
from clearance.lab.room.warden.cgroups import ControlGroup
from clearance.lab.room.warden.line import Line, LineClosedError
from clearance.lab.room.warden.mounts import DISK, LOG
from clearance.lab.room.warden.plan import RoomPlan
from clearance.lab.room.warden.sandbox import command_line, sandbox_arguments
from clearance.lab.room.warden.watch import disk_full, proportional, usage

TAIL = 64 << 10
OWN_PROCESSES = 8
"""Tracer, sandbox and their like, beside the processes that the room may have."""
_TICK_S = 0.1
_OPEN_FILES = 16384


@dataclass(slots=True)
class Progress:
    """What is known of a room so far; sessions add to it."""

    outcome: str = "exited"
    exit_code: int | None = None
    detail: str = ""
    limits: dict[str, str] = field(default_factory=dict)
    peak_bytes: int = 0
    tails: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))


class Session:
    """Runs the command once."""

    def __init__(self, plan: RoomPlan, number: int, line: Line, group: ControlGroup | None, so_far: Progress) -> None:
        self._plan = plan
        self._number = number
        self._line = line
        self._group = group
        self._so_far = so_far
        self._status: int | None = None
        self._kills_before = group.memory_kills() if group else 0

    def run(self, env: dict[str, str]) -> None:
        """Start, watch, end; the outcome is in the progress that was handed in."""
        self._pid, out, err = _spawn(self._plan, self._number, env, self._group)
        pipes = {out: self._so_far.tails[0], err: self._so_far.tails[1]}
        try:
            cause = self._watch(pipes)
            self._end()
            self._drain(pipes)
        finally:
            self._end()
            for pipe in (out, err):
                os.close(pipe)
        self._conclude(cause)

    def _watch(self, pipes: dict[int, bytearray]) -> str | None:
        """Until the command ends (None) or has to be ended (the outcome)."""
        poll = select.poll()
        pidfd = os.pidfd_open(self._pid)
        for handle in (pidfd, self._line.fileno(), *pipes):
            poll.register(handle, select.POLLIN)
        deadline = time.monotonic() + self._plan.wall_s
        looked = 0.0
        try:
            while self._status is None:
                for handle, _ in poll.poll(_TICK_S * 1000):
                    if handle == self._line.fileno():
                        return _asked_to_end(self._line)
                    if handle in pipes and not _read_tail(handle, pipes[handle]):
                        poll.unregister(handle)
                self._reap(os.WNOHANG)
                now = time.monotonic()
                if now >= deadline:
                    self._so_far.limits["wall"] = f"{self._plan.wall_s:g} s"
                    return "timeout"
                if now - looked >= _TICK_S:
                    looked = now
                    if cause := self._look():
                        return cause
        finally:
            os.close(pidfd)
        return None

    def _look(self) -> str | None:
        """Compare what the room uses with its limits."""
        plan, limits = self._plan, self._so_far.limits
        used = usage(frozenset({1, self._pid}))
        self._so_far.peak_bytes = max(self._so_far.peak_bytes, used.resident)
        if used.threads >= plan.processes - 1:
            limits["processes"] = str(plan.processes)
        if disk_full(DISK):
            limits["disk"] = f"{plan.disk_mb} MB"
        most = plan.memory_mb << 20
        if self._group is None and used.resident > most and proportional(frozenset({1, self._pid})) > most:
            limits["memory"] = f"{plan.memory_mb} MB"
            return "killed-memory"
        with contextlib.suppress(OSError):
            if os.stat(f"{LOG}/strace.{self._number}").st_size > plan.log_mb << 20:
                limits["events"] = f"{plan.log_mb} MB of system calls"
                return "killed"
        return None

    def _reap(self, options: int) -> bool:
        """Collect ended processes; this is process 1 here. Returns whether any is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, options)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._pid:
                self._status = status

    def _end(self) -> None:
        """Kill whatever lives in this PID namespace, and collect it."""
        while self._reap(os.WNOHANG):
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            time.sleep(0.001)

    def _drain(self, pipes: dict[int, bytearray]) -> None:
        for pipe, tail in pipes.items():  # every writer is dead: this ends
            while _read_tail(pipe, tail):
                pass

    def _conclude(self, cause: str | None) -> None:
        so_far, plan = self._so_far, self._plan
        if disk_full(DISK):
            so_far.limits["disk"] = f"{plan.disk_mb} MB"
        if self._group and self._group.refused_forks():
            so_far.limits["processes"] = str(plan.processes)
        if self._group and self._group.memory_kills() > self._kills_before:
            so_far.limits["memory"] = f"{plan.memory_mb} MB"
            if cause is None and self._status != 0:
                cause = "killed-memory"
        status = self._status or 0
        so_far.exit_code = os.waitstatus_to_exitcode(status) if cause is None else None
        so_far.outcome = cause or self._how_it_ended(so_far.exit_code)

    def _how_it_ended(self, exit_code: int | None) -> str:
        words = bytes(self._so_far.tails[1]).decode("utf-8", "replace").strip()
        if exit_code == 1 and words.startswith("bwrap: execvp ") and "\n" not in words:
            self._so_far.detail, self._so_far.exit_code = words.removeprefix("bwrap: execvp "), None
            return "no-command"
        if exit_code == 1 and words.startswith("bwrap: ") and "\n" not in words:
            self._so_far.detail = words
            return "room-failed"
        if exit_code is not None and exit_code < 0:
            return "killed"
        return "exited"


def _asked_to_end(line: Line) -> str:
    try:
        return line.receive().decode() or "interrupted"
    except LineClosedError:
        return "interrupted"


def _read_tail(pipe: int, tail: bytearray) -> bool:
    """Read what is there, keep the last ``TAIL`` bytes. False at the end."""
    data = os.read(pipe, TAIL)
    tail += data
    if len(tail) > TAIL:
        del tail[: len(tail) - TAIL]
    return bool(data)


def _spawn(plan: RoomPlan, number: int, env: dict[str, str], group: ControlGroup | None) -> tuple[int, int, int]:
    """Fork and execute. Returns the process id and the reading ends of its output."""
    calls = _in_memory(call_filter())
    arguments = _in_memory(b"".join(os.fsencode(a) + b"\0" for a in sandbox_arguments(plan, env, calls)))
    argv = command_line(plan, number, arguments)
    out_read, out = os.pipe()
    err_read, err = os.pipe()
    nothing = os.open("/dev/null", os.O_RDWR)
    warden = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become(lambda: _wear(plan, group, warden, (nothing, out, err), (calls, arguments)), argv)
    for handle in (calls, arguments, out, err, nothing):
        os.close(handle)
    return pid, out_read, err_read


def _in_memory(content: bytes) -> int:
    """A descriptor from which the content can be read."""
    handle = os.memfd_create("room", 0)
    with os.fdopen(os.dup(handle), "wb") as file:
        file.write(content)
    os.lseek(handle, 0, os.SEEK_SET)
    return handle


def _become(prepare: Callable[[], None], argv: tuple[str, ...]) -> None:
    try:
        prepare()
        os.execve(argv[0], argv, {"PATH": "/usr/bin:/bin"})  # noqa: S606
    except BaseException as error:  # noqa: BLE001  # a forked child must never return into the warden's code
        os.write(2, f"bwrap: {error}\n".encode())
    finally:
        os._exit(1)


def _wear(
    plan: RoomPlan,
    group: ControlGroup | None,
    warden: int,
    streams: tuple[int, int, int],
    keep: tuple[int, int],
) -> None:
    """Group, limits and descriptors of the child that is about to become the sandbox."""
    kernel.die_with_parent(warden)
    if group:
        group.enter()
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
    for first, last in ((3, keep[0]), (keep[0] + 1, keep[1]), (keep[1] + 1, 1 << 20)):
        os.closerange(first, last)
    for name, value in (
        (resource.RLIMIT_NPROC, plan.processes + OWN_PROCESSES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(name)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (most, most))
    for number in (signal.SIGPIPE, signal.SIGINT):  # ignored so far: by Python, by the keeper
        signal.signal(number, signal.SIG_DFL)

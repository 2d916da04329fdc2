"""One session: start the command behind its walls, watch its limits, end everything, say what happened."""

import contextlib
import os
import select
import signal
import time
from dataclasses import dataclass, field

from clearance.lab.room.warden.cgroups import ControlGroup
from clearance.lab.room.warden.line import Line, LineClosedError
from clearance.lab.room.warden.mounts import DISK, LOG
from clearance.lab.room.warden.plan import RoomPlan
from clearance.lab.room.warden.spawn import spawn
from clearance.lab.room.warden.watch import disk_full, proportional, usage

TAIL = 64 << 10
_TICK_S = 0.1


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
        self._pid, out, err = spawn(self._plan, self._number, env, self._group)
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

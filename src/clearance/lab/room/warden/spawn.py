"""Becoming the sandbox: pipes, limits and descriptors of the process that the warden forks for a session."""

import os
import resource
import signal
from collections.abc import Callable

from clearance.lab.room.warden import kernel
from clearance.lab.room.warden.call_filter import call_filter
from clearance.lab.room.warden.cgroups import ControlGroup
from clearance.lab.room.warden.plan import RoomPlan
from clearance.lab.room.warden.sandbox import command_line, sandbox_arguments

OWN_PROCESSES = 8
"""Tracer, sandbox and their like, beside the processes that the room may have."""
_OPEN_FILES = 16384


def spawn(plan: RoomPlan, number: int, env: dict[str, str], group: ControlGroup | None) -> tuple[int, int, int]:
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

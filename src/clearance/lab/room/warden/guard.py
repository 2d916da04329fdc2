"""The keeper process and the guard of each room: small, single-threaded, and the only ones with the host's privileges.

The keeper waits for rooms; each arrives as the main process's end of a line. It forks a guard, which leaves the host's
namespaces, makes the control group, forks the warden into a new PID namespace, waits for it, and removes the group.
Each dies with its parent, so that nothing outlives the main process, whatever kills it.
"""

import contextlib
import os
import pwd
import signal
import socket

from clearance.lab.room.warden import kernel
from clearance.lab.room.warden.cgroups import make_control_group
from clearance.lab.room.warden.etc import read_copied
from clearance.lab.room.warden.line import Line, LineClosedError
from clearance.lab.room.warden.plan import RoomPlan, decode_plan
from clearance.lab.room.warden.spawn import OWN_PROCESSES
from clearance.lab.room.warden.warden import Post, hold_room

_FIRST_UID = 61000
_UIDS = 4000


def keep(control: socket.socket) -> None:
    """Serve until the main process closes the control socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the main process decides
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # guards are reaped by the kernel
    copied = read_copied()
    parent = os.getpid()
    while True:
        try:
            data, handles, _, _ = socket.recv_fds(control, 16, 1)
        except InterruptedError:
            continue
        if not data:
            return
        line_end = socket.socket(fileno=handles[0])
        if os.fork() == 0:
            control.close()
            _guard(line_end, copied, parent)
        line_end.close()


def _guard(line_end: socket.socket, copied: dict[str, bytes], parent: int) -> None:
    """The life of a guard; never returns."""
    group = None
    line = Line(line_end)
    try:
        kernel.die_with_parent(parent)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        plan = decode_plan(line.receive())
        group = make_control_group(os.getpid(), plan.memory_mb, plan.processes + OWN_PROCESSES)
        uid = _free_uid() if os.geteuid() == 0 else None
        leave_host(plan, parent)
        warden = os.fork()
        if warden == 0:
            _warden(plan, line, Post(parent=0, uid=uid, copied=copied, group=group))
        line_end.close()
        os.waitpid(warden, 0)
    except LineClosedError:
        pass
    except (OSError, ValueError) as error:
        _tell(line, error)
    finally:
        if group:
            group.remove()
        os._exit(0)


def _warden(plan: RoomPlan, line: Line, post: Post) -> None:
    try:
        hold_room(plan, line, post)
    except LineClosedError:
        pass
    except BaseException as error:  # noqa: BLE001  # a forked child must never return into the guard's code
        _tell(line, error)
    finally:
        os._exit(0)


def leave_host(plan: RoomPlan, parent: int) -> None:
    """New namespaces for mounts, network, IPC, host name and children; a user namespace too unless this is root."""
    flags = kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWPID
    if not plan.unsafe_share_network:
        flags |= kernel.CLONE_NEWNET
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        kernel.unshare(flags)
        return
    kernel.unshare(flags | kernel.CLONE_NEWUSER)
    kernel.die_with_parent(parent)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _free_uid() -> int:
    """A user id that no other live room has (the guard's own process id decides) and that names no user."""
    for step in range(_UIDS):
        uid = _FIRST_UID + (os.getpid() + step * 61) % _UIDS
        try:
            pwd.getpwuid(uid)
        except KeyError:
            return uid
    raise OSError("every user id from 61000 to 64999 belongs to a user")


def _tell(line: Line, error: BaseException) -> None:
    with contextlib.suppress(LineClosedError):
        line.send({"failed": str(error), "kind": type(error).__name__})

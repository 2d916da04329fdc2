"""The warden: process 1 of a room's PID namespace. Builds the room, runs the sessions, lists what is left.

1. Mount the stage and lay the network, as root of the room's namespaces.
2. Give up privileges for good: an unprivileged user (as root on the host), no new privileges.
3. Write the files, hand the three sockets to the main process, wait for ``start``.
4. Run the command once for each session; after each, kill everything else in the namespace.
5. List the files left, report, exit: mounts and network go with the namespaces.
"""

import os
import resource
import time
from dataclasses import dataclass

from clearance.lab.room import plain_sleep
from clearance.lab.room.warden import kernel
from clearance.lab.room.warden.cgroups import ControlGroup
from clearance.lab.room.warden.left import compare, take_stock
from clearance.lab.room.warden.line import Line
from clearance.lab.room.warden.mounts import DISK, lay_files, lay_mounts
from clearance.lab.room.warden.network import lay_network, open_sockets, open_unsafe_sockets
from clearance.lab.room.warden.plan import RoomPlan
from clearance.lab.room.warden.session import Progress, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a warden is given beside its plan."""

    parent: int
    """Process id of the guard as seen here: 0, it is in the outer namespace."""
    uid: int | None
    """User to become; None: already one's own user, mapped to root of a user namespace."""
    copied: dict[str, bytes]
    group: ControlGroup | None


def hold_room(plan: RoomPlan, line: Line, post: Post) -> None:
    """The life of a warden. Raises OSError or ValueError while the room is being built, LineClosedError at any time."""
    kernel.die_with_parent(post.parent)
    lay_mounts(plan, post.uid or 0)
    kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV)
    if plan.unsafe_share_network:
        sockets = open_unsafe_sockets()
    else:
        lay_network(plan.tools.ip, plan.tools.nft)
        sockets = open_sockets()
    _drop(post)
    lay_files(plan, post.copied)
    line.send({"ready": True}, sockets)
    for handed in sockets:
        handed.close()
    if line.receive() == b"start":
        line.send({"ended": _live(plan, line, post.group)})


def _drop(post: Post) -> None:
    if post.uid is not None:
        os.setgroups([])
        os.setresgid(post.uid, post.uid, post.uid)
        os.setresuid(post.uid, post.uid, post.uid)
        kernel.die_with_parent(post.parent)
    kernel.no_new_privileges()


def _live(plan: RoomPlan, line: Line, group: ControlGroup | None) -> dict[str, object]:
    before, _ = take_stock(DISK)
    so_far = Progress()
    began = time.monotonic()
    offset = None if plan.clock_epoch is None else plan.clock_epoch - time.time()
    for number in range(1, plan.sessions + 1):
        line.send({"session": number})
        word = line.receive()
        if word != b"go":
            so_far.outcome = word.decode()
            break
        Session(plan, number, line, group, so_far).run(_environment(plan, offset))
        if so_far.outcome != "exited":
            break
    wall = time.monotonic() - began
    after, complete = take_stock(DISK, before)
    if not complete:
        so_far.limits["files"] = "not every file left could be looked at"
    return _report(so_far, wall, compare(before, after))


def _environment(plan: RoomPlan, offset: float | None) -> dict[str, str]:
    env = dict(plan.env)
    if offset is not None:
        # an offset, not a start time: every process of the room then agrees on what time it is
        sleep = plain_sleep.PATH if any(file.path == plain_sleep.PATH for file in plan.files) else ""
        env["LD_PRELOAD"] = " ".join(filter(None, (sleep, plan.tools.faketime, env.get("LD_PRELOAD", ""))))
        env |= {"FAKETIME": f"{offset:+.3f}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return env


def _report(so_far: Progress, wall: float, left: tuple[object, ...]) -> dict[str, object]:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    cpu = children.ru_utime + children.ru_stime + own.ru_utime + own.ru_stime
    return {
        "outcome": so_far.outcome,
        "exit_code": so_far.exit_code,
        "detail": so_far.detail,
        "wall_s": wall,
        "cpu_s": cpu,
        "peak_rss_mb": max(so_far.peak_bytes, children.ru_maxrss << 10) / (1 << 20),
        "limits": sorted(so_far.limits.items()),
        "left": [(item.path, item.size, item.sha256, item.removed) for item in left],  # type: ignore[attr-defined]
        "stdout_tail": bytes(so_far.tails[0]).decode("utf-8", "replace"),
        "stderr_tail": bytes(so_far.tails[1]).decode("utf-8", "replace"),
    }

"""What the room's processes use, read from the ``/proc`` of the warden's own PID namespace."""

import os
from dataclasses import dataclass

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """A moment: bytes resident (shared pages counted for each process) and threads."""

    resident: int
    threads: int


def usage(leave_out: frozenset[int]) -> Usage:
    """Sum over all processes of this PID namespace but those named."""
    resident = threads = 0
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) in leave_out:
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        threads += int(fields[17])
        resident += int(fields[21]) * _PAGE
    return Usage(resident, threads)


def proportional(leave_out: frozenset[int]) -> int:
    """Bytes resident, each shared page counted once in all.

    Exact but slow: asked only when ``usage`` looks like too much, as it does after many forks.
    """
    total = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in leave_out:
            total += _share(name)
    return total


def _share(process: str) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as file:
            for line in file:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) << 10
    except OSError:  # it ended meanwhile
        pass
    return 0


def disk_full(folder: str) -> bool:
    """No block or no inode is left on the file system that holds the folder."""
    state = os.statvfs(folder)
    return state.f_bavail == 0 or state.f_favail == 0

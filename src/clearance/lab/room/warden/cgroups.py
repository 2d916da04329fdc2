"""Limits on memory and on processes by control groups (version 1 or 2), where this process may make them."""

import contextlib
import os
import time

_ROOT = "/sys/fs/cgroup"
_PREFIX = "clearance-"


class ControlGroup:
    """One room's groups; its descriptors stay usable after privileges are dropped."""

    def __init__(self, folders: tuple[str, ...]) -> None:
        self.folders = folders
        self._doors = tuple(os.open(f"{folder}/cgroup.procs", os.O_WRONLY) for folder in folders)
        self._oom = self._open("memory.events", "memory.oom_control")
        self._pids = self._open("pids.events")

    def _open(self, *names: str) -> int | None:
        for folder in self.folders:
            for name in names:
                with contextlib.suppress(OSError):
                    return os.open(f"{folder}/{name}", os.O_RDONLY)
        return None

    def enter(self) -> None:
        """Move this process in; what it starts follows."""
        for door in self._doors:
            os.write(door, b"0")

    def memory_kills(self) -> int:
        """Processes that the kernel killed for memory."""
        return _counter(self._oom, "oom_kill")

    def refused_forks(self) -> int:
        """Forks refused for the number of processes."""
        return _counter(self._pids, "max")

    def remove(self) -> None:
        """Remove the empty groups; dying processes are given a moment."""
        for folder in self.folders:
            for _ in range(100):
                try:
                    os.rmdir(folder)
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)
                else:
                    break


def _counter(handle: int | None, key: str) -> int:
    if handle is None:
        return 0
    for line in os.pread(handle, 4096, 0).decode().splitlines():
        name, _, value = line.partition(" ")
        if name == key:
            return int(value)
    return 0


def make_control_group(owner: int, memory_mb: int, processes: int) -> ControlGroup | None:
    """Groups named after the process ``owner``, or None where that is not possible (then the watchdog stands in)."""
    name = f"{_PREFIX}{owner}"
    memory = str(memory_mb << 20)
    try:
        if os.path.exists(f"{_ROOT}/cgroup.controllers"):
            return _make_second(name, memory, str(processes))
        return _make_first(name, memory, str(processes))
    except OSError:
        _remove_quietly(name)
        return None


def _make_first(name: str, memory: str, processes: str) -> ControlGroup:
    by_memory, by_pids = f"{_ROOT}/memory/{name}", f"{_ROOT}/pids/{name}"
    os.mkdir(by_memory)
    os.mkdir(by_pids)
    _set(f"{by_memory}/memory.limit_in_bytes", memory)
    if os.path.exists(f"{by_memory}/memory.memsw.limit_in_bytes"):
        _set(f"{by_memory}/memory.memsw.limit_in_bytes", memory)
    _set(f"{by_pids}/pids.max", processes)
    return ControlGroup((by_memory, by_pids))


def _make_second(name: str, memory: str, processes: str) -> ControlGroup:
    folder = f"{_ROOT}/{name}"
    with contextlib.suppress(OSError):  # delegated already, or not ours to delegate: writing the limits will tell
        _set(f"{_ROOT}/cgroup.subtree_control", "+memory +pids")
    os.mkdir(folder)
    _set(f"{folder}/memory.max", memory)
    if os.path.exists(f"{folder}/memory.swap.max"):
        _set(f"{folder}/memory.swap.max", "0")
    _set(f"{folder}/pids.max", processes)
    return ControlGroup((folder,))


def _set(path: str, value: str) -> None:
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, value.encode())
    finally:
        os.close(handle)


def _groups() -> tuple[tuple[str, str], ...]:
    found = []
    for parent in (_ROOT, f"{_ROOT}/memory", f"{_ROOT}/pids"):
        with contextlib.suppress(OSError):
            found += [(parent, name) for name in os.listdir(parent) if name.startswith(_PREFIX)]
    return tuple(found)


def _remove_quietly(name: str) -> None:
    for parent, found in _groups():
        if found == name:
            with contextlib.suppress(OSError):
                os.rmdir(f"{parent}/{found}")


def remove_dead_groups() -> int:
    """Remove groups whose owner is no longer there (a run that was killed). Returns how many were removed."""
    removed = 0
    for parent, name in _groups():
        owner = name.removeprefix(_PREFIX)
        if owner.isdigit() and not os.path.exists(f"/proc/{owner}"):
            with contextlib.suppress(OSError):
                os.rmdir(f"{parent}/{name}")
                removed += 1
    return removed

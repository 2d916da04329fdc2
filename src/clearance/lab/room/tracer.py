"""The tracer's output as events: processes started, files touched, attempts that the room refused.

1. What bubblewrap does to build the room is left out: events begin when the command itself is executed.
2. Reads of system folders, of /proc, /sys and /dev, and of the read-only mounts are left out; writes there are not.
3. A read that was seen before (same path, same result) is left out.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clearance.lab.room.strace_lines import Call, calls, folder_of, text_of, texts_of
from clearance.model.trace import AttemptFailed, FileTouched, ProcessStarted

TracerEvent = ProcessStarted | FileTouched | AttemptFailed

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/proc", "/sys", "/dev", "/etc/ld.so.cache")
_SYSTEM_PREFIXES = ("/etc/ld.so.", "/etc/alternatives/")
_NAME_CACHE = "nscd/socket"  # the C library asks for it at every look-up of a name or user
_WRITING = (b"O_WRONLY", b"O_RDWR", b"O_CREAT", b"O_TRUNC", b"O_APPEND")
_PENDING = frozenset({"EINPROGRESS", "EINTR", "EAGAIN", "ERESTARTSYS", "EALREADY", "EISCONN"})
_MOST_REMEMBERED = 20_000

_REMOVES = {"unlink": 0, "rmdir": 0, "unlinkat": 1}
"""Calls to the position of the path argument; where it is not 0 the argument before it is the folder."""
_MAKES = {"mkdir": 0, "mkdirat": 1}
_MODES = {"chmod": 0, "fchmodat": 1}
_LINKS = {"link": 1, "symlink": 1, "linkat": 3, "symlinkat": 2}
_RENAMES = {"rename": (0, 1), "renameat": (1, 3), "renameat2": (1, 3)}
_OPENS = {"open": 0, "creat": 0, "openat": 1, "openat2": 1}
_AT_CALLS = frozenset(
    {"unlinkat", "mkdirat", "fchmodat", "linkat", "symlinkat", "renameat", "renameat2", "openat", "openat2"}
)
_REFUSED = frozenset(
    {
        "connect", "bind", "ptrace", "mount", "umount2", "pivot_root", "chroot", "setns", "unshare", "bpf",
        "init_module", "finit_module", "process_vm_readv", "process_vm_writev", "keyctl", "add_key",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where things lie in the room."""

    home: str
    project: str
    mounts: tuple[str, ...]
    """Targets of the read-only mounts."""


def read_log(log: Path, view: View, *, began: float) -> Iterator[TracerEvent]:
    """The events of one session's log, streamed from disk; ``began`` is the Unix time that ``at`` counts from."""
    try:
        with log.open("rb") as lines:
            yield from events_of(lines, view, began=began)
    except FileNotFoundError:
        return


def events_of(lines: Iterable[bytes], view: View, *, began: float) -> Iterator[TracerEvent]:
    """The events in lines of strace. No bytes make it raise."""
    reader = _Reader(view, began)
    builders: set[int] = set()
    executed = False
    for call in calls(lines):
        if not reader.running:
            if call.name == "execve" and executed and not call.error:
                builders.discard(call.pid)
                reader.running = True
            else:
                executed = executed or call.name == "execve"
                builders.add(call.pid)
                continue
        if call.pid not in builders:
            yield from reader.events(call)


class _Reader:
    """Turns calls to events; knows working folders and what was read before."""

    def __init__(self, view: View, began: float) -> None:
        self.running = False
        self._view = view
        self._began = began
        self._folders: dict[int, str] = {}
        self._read: set[tuple[str, str]] = set()
        self._quiet = (*_SYSTEM, *view.mounts)

    def events(self, call: Call) -> Iterator[TracerEvent]:
        at = max(0.0, call.at - self._began)
        match call.name:
            case "execve":
                yield self._process(call, at, 0)
            case "execveat":
                yield self._process(call, at, 1)
            case "chdir":
                if not call.error and (path := self._path(call, 0)):
                    self._remember_folder(call.pid, path)
            case "fchdir":
                if not call.error and call.arguments and (folder := folder_of(call.arguments[0])):
                    self._remember_folder(call.pid, folder)
            case "clone" | "clone3" | "fork" | "vfork":
                if call.value > 0:
                    self._remember_folder(call.value, self._folders.get(call.pid, self._view.project))
            case name if name in _REFUSED:
                if call.error and call.error not in _PENDING and not self._name_cache(call):
                    detail = ", ".join(argument.decode("utf-8", "backslashreplace") for argument in call.arguments)
                    yield AttemptFailed(at=at, pid=call.pid, call=name, detail=detail[:2000], error=call.error)
            case _:
                yield from self._files(call, at)

    def _files(self, call: Call, at: float) -> Iterator[FileTouched]:
        for operation, path in self._touched(call):
            if operation == "read":
                if self._is_quiet(path) or (path, call.error) in self._read:
                    continue
                if len(self._read) < _MOST_REMEMBERED:
                    self._read.add((path, call.error))
            elif path.startswith(("/dev/null", "/dev/tty", "/dev/pts", "/dev/ptmx", "/proc/")) and not call.error:
                continue
            yield FileTouched(at=at, pid=call.pid, operation=operation, path=path, ok=not call.error, error=call.error)

    def _touched(self, call: Call) -> Iterator[tuple[str, str]]:
        name = call.name
        if name in _OPENS:
            flags = b", ".join(call.arguments[_OPENS[name] + 1 :])
            writes = name == "creat" or any(flag in flags for flag in _WRITING)
            path = call.path if call.path.startswith("/") else self._path(call, _OPENS[name])
            if path:
                yield ("write" if writes else "read"), path.removesuffix(" (deleted)")
        elif name == "truncate":
            yield from self._one("write", call, 0)
        elif name == "fchmod":
            if call.arguments and (folder := folder_of(call.arguments[0])):
                yield "mode", folder
        elif name in _RENAMES:
            for position in _RENAMES[name]:
                yield from self._one("rename", call, position)
        else:
            for operation, table in (("remove", _REMOVES), ("make-folder", _MAKES), ("mode", _MODES), ("link", _LINKS)):
                if name in table:
                    yield from self._one(operation, call, table[name])

    def _one(self, operation: str, call: Call, position: int) -> Iterator[tuple[str, str]]:
        if path := self._path(call, position):
            yield operation, path

    def _path(self, call: Call, position: int) -> str | None:
        """The path at that position, made absolute; None where there is none."""
        if position >= len(call.arguments):
            return None
        path = text_of(call.arguments[position])
        if path is None or path.startswith("/"):
            return path and os.path.normpath(path)
        folder = None
        if call.name in _AT_CALLS and position > 0:
            folder = folder_of(call.arguments[position - 1])
            if folder and call.arguments[position - 1].startswith(b"AT_FDCWD"):
                self._remember_folder(call.pid, folder)
        folder = folder or self._folders.get(call.pid, self._view.project)
        return os.path.normpath(f"{folder}/{path}") if path else folder

    def _process(self, call: Call, at: float, position: int) -> ProcessStarted:
        path = self._path(call, position) or "?"
        argv = texts_of(call.arguments[position + 1]) if len(call.arguments) > position + 1 else ()
        return ProcessStarted(at=at, pid=call.pid, path=path, argv=argv, ok=not call.error, error=call.error)

    def _remember_folder(self, pid: int, folder: str) -> None:
        if pid in self._folders or len(self._folders) < _MOST_REMEMBERED:
            self._folders[pid] = folder

    def _is_quiet(self, path: str) -> bool:
        if path.startswith(_SYSTEM_PREFIXES):
            return True
        return any(path == top or path.startswith(f"{top}/") for top in self._quiet)

    def _name_cache(self, call: Call) -> bool:
        return call.name == "connect" and any(_NAME_CACHE.encode() in argument for argument in call.arguments)

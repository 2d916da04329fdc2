"""Files of a ledger on a disk: replaced as a whole, appended and synchronised, one writer at a time.

1. ``replace`` writes beside the file, waits for the disk, renames, and waits for the folder.
2. Folders are 0700, files 0600. Links are not followed, paths that climb out are refused.
3. Only regular files of a bounded size are read.
4. The lock is the kernel's: it ends with the process that holds it.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK, _BESIDE = ".lock", ".new"
LARGEST = 1 << 30
"""Bytes of a file that is read: a copy that somebody handed over may hold anything."""


class Files:
    """A folder that keeps a ledger's files by relative path."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._open: dict[str, int] = {}

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer. Raises BlockingIOError when another process is."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            for appended in self._open.values():
                os.close(appended)
            self._open.clear()
            os.close(handle)

    def read(self, path: str) -> bytes | None:
        """The whole file, or None. A pipe, a device or a file that is too large is refused with OSError."""
        try:
            handle = os.open(self._at(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise PermissionError(errno.EPERM, "It is no regular file", str(self._at(path)))
            if about.st_size > LARGEST:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(self._at(path)))
            return file.read(LARGEST)

    def replace(self, path: str, data: bytes) -> None:
        """These bytes, or after a crash the ones before."""
        at = self._at(path)
        self._folder(at.parent)
        beside = at.with_name(at.name + _BESIDE)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.rename(at)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        _sync_folder(at.parent)

    def append(self, path: str, data: bytes) -> None:
        """Add to the end."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._appended(path), view) :]

    def sync(self, path: str) -> None:
        """Wait for the disk."""
        os.fdatasync(self._appended(path))

    def cut(self, path: str, size: int) -> None:
        """The file has so many bytes from now on."""
        handle = self._appended(path)
        os.ftruncate(handle, size)
        os.fdatasync(handle)

    def remove(self, path: str) -> None:
        """The file is gone."""
        if (handle := self._open.pop(path, None)) is not None:
            os.close(handle)
        self._at(path).unlink(missing_ok=True)

    def paths(self) -> Iterator[str]:
        """Every file, save the lock and what a crash left beside others."""
        for folder, _, names in os.walk(self._root):
            for name in names:
                if name != _LOCK and not name.endswith(_BESIDE):
                    yield Path(folder, name).relative_to(self._root).as_posix()

    def _at(self, path: str) -> Path:
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path!r} leads out of the ledger")
        return self._root / path

    def _appended(self, path: str) -> int:
        handle = self._open.get(path)
        if handle is None:
            at = self._at(path)
            self._folder(at.parent)
            handle = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            self._open[path] = handle
            _sync_folder(at.parent)
        return handle

    def _folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(each.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

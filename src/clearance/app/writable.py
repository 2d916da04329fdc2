"""Whether something can be written, found out by trying, before hours are spent on what should be written there.

Trying changes nothing: no byte of an existing file, and what has to be made for it is removed again.
"""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path


class Unwritable(Exception):  # noqa: N818 - says what is the matter
    """Something that has to be kept cannot be written. ``str(error)`` is a sentence; ``advice`` says what to do."""

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def try_file(path: Path) -> None:
    """Raise OSError if a file could not be written there, its folders made where they are missing."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        target = Path(os.path.realpath(path))  # what a link that leads nowhere would make
        with _made(target.parent):
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            target.unlink()
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISREG(mode):
        os.close(os.open(path, os.O_WRONLY | os.O_CLOEXEC))
    elif not os.access(path, os.W_OK):  # to open a pipe or a device does something, to ask does not
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def try_folder(folder: Path) -> None:
    """Raise OSError if the folder cannot be made or nothing can be written into it. It is there afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    made: list[Path] = []
    try:
        for path in reversed(missing):
            path.mkdir()
            made.append(path)
        yield
    finally:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir()

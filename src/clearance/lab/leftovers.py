"""What a killed campaign leaves on disk: the work folder of its rooms. The next campaign removes it; traces stay.

A work folder's lock goes last: where something else could not be removed, the folder is still known as a leftover.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_LOCK = "in-use"


@contextlib.contextmanager
def work_folder(campaign: Path) -> Iterator[Path]:
    """``campaign/work`` for as long as the block runs; the kernel gives its lock back even after a kill."""
    work = campaign / "work"
    work.mkdir(parents=True, exist_ok=True)
    lock = os.open(work / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield work
    finally:
        _removed(work)
        os.close(lock)


def remove_leftovers(vettings: Path) -> int:
    """Remove work folders that nobody holds any more; how many went. What cannot be removed waits for the next time."""
    removed = 0
    for lock_path in vettings.glob(f"*/work/{_LOCK}"):
        with contextlib.suppress(OSError):
            lock = os.open(lock_path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                removed += _removed(lock_path.parent)
            finally:
                os.close(lock)
    return removed


def _removed(work: Path) -> bool:
    """Whether the folder is gone: everything else first, then the lock, then the folder itself."""
    with contextlib.suppress(OSError):
        for inside in () if work.is_symlink() else work.iterdir():
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside, ignore_errors=True)
            elif inside.name != _LOCK:
                inside.unlink()
        if [inside.name for inside in work.iterdir()] in ([], [_LOCK]):
            (work / _LOCK).unlink(missing_ok=True)
            work.rmdir()
            return True
    return False

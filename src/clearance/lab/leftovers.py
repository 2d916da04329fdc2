"""What a killed campaign leaves on disk: the work folder of its rooms. The next campaign removes it; traces stay."""

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
        shutil.rmtree(work, ignore_errors=True)
        os.close(lock)


def remove_leftovers(vettings: Path) -> int:
    """Remove work folders that nobody holds any more; how many there were."""
    removed = 0
    for lock_path in vettings.glob(f"*/work/{_LOCK}"):
        with contextlib.suppress(OSError):
            lock = os.open(lock_path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_path.parent, ignore_errors=True)
                removed += 1
            finally:
                os.close(lock)
    return removed

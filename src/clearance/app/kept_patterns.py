"""Compiled patterns in the user's state folder, so that the next start need not compile them.

They are native data: what somebody else could have written is not read, and is compiled anew.
"""

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

from clearance.app.places import state_folder

_LARGEST: Final = 16 << 20


def kept_patterns(name: str) -> bytes:
    """What was kept under a name; empty where there is nothing, or where somebody else could have written it."""
    path = _path(name)
    try:
        with path.open("rb") as file:
            ours = _only_ours(os.fstat(file.fileno())) and _only_ours(path.parent.stat()) and not path.is_symlink()
            return file.read(_LARGEST) if ours else b""
    except OSError:
        return b""


def keep_patterns(name: str, data: bytes) -> None:
    """Keep it for the next start, whole or not at all. That it cannot be kept only makes the next start slower."""
    path = _path(name)
    half = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)


def _path(name: str) -> Path:
    return state_folder() / "classifiers" / f"{name}.patterns"


def _only_ours(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

"""What this host offers for building rooms: programs, the staged-clock library, the interpreter's folder."""

import os
import shutil
import sys
from pathlib import Path

from clearance.lab.errors import RoomUnavailable
from clearance.lab.room.warden.plan import Tools

_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"))
_FAKETIME = ("libfaketimeMT.so.1", "libfaketime.so.1")
INSTALL = "apt-get install bubblewrap nftables iproute2 strace libfaketime"


def which(program: str) -> str:
    """Absolute path of a program, administrators' folders included; empty where there is none."""
    return shutil.which(program, path=_PATH) or ""


def find_faketime() -> str:
    """libfaketime, the version for threads where it exists; empty where there is none."""
    for name in _FAKETIME:
        for pattern in ("lib/*/faketime", "lib64/faketime", "lib/faketime"):
            for folder in sorted(Path("/usr").glob(pattern)):
                if (folder / name).exists():
                    return str(folder / name)
    return ""


def find_tools() -> Tools:
    """The programs a room needs. Raises RoomUnavailable naming those that are missing.

    strace and libfaketime may be missing until a room asks for them.
    """
    found = {name: which(name) for name in ("bwrap", "ip", "nft", "strace")}
    missing = [name for name in ("bwrap", "ip", "nft") if not found[name]]
    if missing:
        raise RoomUnavailable(f"missing: {', '.join(missing)}", advice=f"Install it: {INSTALL}")
    return Tools(**found, faketime=find_faketime())


def interpreter_mount() -> Path | None:
    """The folder of this Python where it lies outside ``/usr``: mounted at its own path, so that python3 works."""
    prefix = Path(sys.base_prefix).resolve()
    return None if prefix.is_relative_to("/usr") else prefix

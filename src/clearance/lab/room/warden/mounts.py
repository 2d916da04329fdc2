"""What the warden mounts before it gives up its privileges: the stage, from which the sandbox then takes its folders.

1. The mount namespace is private: nothing of this reaches the host.
2. A tmpfs on the room's ``stage`` folder holds ``etc``, ``log`` and one mount point for each read-only mount.
3. A second tmpfs, ``disk``, holds home, project and /tmp; its size and number of files are the disk limit.
4. Sources are bound now, while a folder under ``/root`` can still be reached.
5. The stage moves to ``/tmp``, where any user can reach it, and covers the host's ``/tmp``.
"""

import os

from clearance.lab.room.warden import kernel
from clearance.lab.room.warden.etc import bound_folders, links, made_up
from clearance.lab.room.warden.plan import RoomPlan

STAGE = "/tmp"  # noqa: S108  # the one folder that every host has and every user may pass
DISK = f"{STAGE}/disk"
ETC = f"{STAGE}/etc"
LOG = f"{STAGE}/log"

_INODES_PER_MB = 256
_LEAST_INODES = 16384


def lay_mounts(plan: RoomPlan, uid: int) -> None:
    """Mount the stage as the numbered list above says; what the room may write belongs to ``uid``."""
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    stage = f"{plan.folder}/stage"
    nosuid = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("tmpfs", stage, "tmpfs", nosuid, "size=64m,mode=0755")
    for name in ("disk", "etc", "log"):
        os.mkdir(f"{stage}/{name}", 0o755)
    inodes = max(_LEAST_INODES, plan.disk_mb * _INODES_PER_MB)
    kernel.mount("tmpfs", f"{stage}/disk", "tmpfs", nosuid, f"size={plan.disk_mb}m,nr_inodes={inodes},mode=0755")
    kernel.mount(f"{plan.folder}/log", f"{stage}/log", flags=kernel.MS_BIND)
    for number, (source, _) in enumerate(plan.mounts):
        os.mkdir(f"{stage}/m{number}", 0o755)
        kernel.mount(source, f"{stage}/m{number}", flags=kernel.MS_BIND | kernel.MS_REC)
    for name in ("disk", "etc", "log"):
        os.chown(f"{stage}/{name}", uid, uid)
    kernel.mount(stage, STAGE, flags=kernel.MS_MOVE)
    os.chdir("/")


def staged_path(plan: RoomPlan, path: str) -> str:
    """Where a path of the room lies on the stage. Raises ValueError for a path that may not hold files."""
    if os.path.normpath(path) != path:
        raise ValueError(f"not a plain path: {path!r}")
    if path.startswith("/etc/"):
        return f"{ETC}{path[4:]}"
    for top in (plan.home, plan.project, "/tmp"):  # noqa: S108
        if path.startswith(f"{top}/"):
            return f"{DISK}{path}"
    raise ValueError(f"files may lie below home, project, /tmp and /etc only: {path!r}")


def lay_files(plan: RoomPlan, copied: dict[str, bytes]) -> None:
    """Write ``/etc``, the folders and the files of the room; called after privileges are dropped."""
    os.umask(0o022)
    for path, mode in ((plan.home, 0o755), (plan.project, 0o755), ("/tmp", 0o1777), ("/shm", 0o1777)):  # noqa: S108
        os.makedirs(f"{DISK}{path}", exist_ok=True)
        os.chmod(f"{DISK}{path}", mode)
    for name, content in {**copied, **made_up(plan)}.items():
        _write(f"{ETC}/{name}", content, 0o644)
    for name, target in links(plan).items():
        os.symlink(target, f"{ETC}/{name}")
    for name in (*bound_folders(), "ssl/certs", "ssl/private"):
        os.makedirs(f"{ETC}/{name}", exist_ok=True)
    for file in plan.files:
        _write(staged_path(plan, file.path), file.content, file.mode)


def _write(path: str, content: bytes, mode: int) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), mode)

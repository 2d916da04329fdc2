"""The command line of bubblewrap and of the tracer: the last wall around the command."""

import os

from clearance.lab.room.warden.etc import bound_folders
from clearance.lab.room.warden.mounts import DISK, ETC, LOG, STAGE
from clearance.lab.room.warden.plan import RoomPlan

_TRACED = (
    "execve,execveat,open,openat,openat2,creat,unlink,unlinkat,rmdir,rename,renameat,renameat2,link,linkat,symlink,"
    "symlinkat,mkdir,mkdirat,chmod,fchmod,fchmodat,truncate,clone,clone3,fork,vfork,connect,bind,ptrace,chdir,fchdir,mount,umount2,pivot_root,"
    "chroot,setns,unshare,bpf,init_module,finit_module,process_vm_readv,process_vm_writev,keyctl,add_key"
)
_TOP_FOLDERS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


def sandbox_arguments(plan: RoomPlan, env: dict[str, str], calls_fd: int) -> tuple[str, ...]:
    """Arguments of bubblewrap before ``--``: namespaces, what is visible, environment, working folder."""
    separate = "--unshare-user --disable-userns --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try"
    arguments = [*separate.split(), "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    ids = ("--uid", str(plan.room_id), "--gid", str(plan.room_id))
    arguments += ["--seccomp", str(calls_fd), "--hostname", plan.hostname, *ids]
    for name, value in env.items():
        arguments += ["--setenv", name, value]
    arguments += [*_system_folders(), *_own_folders(plan)]
    for number, (_, target) in enumerate(plan.mounts):
        arguments += ["--ro-bind", f"{STAGE}/m{number}", target]
    # bubblewrap's own root and /dev are tmpfs that the tool could fill: they become read-only last
    return (*arguments, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", plan.project)


def _system_folders() -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in _TOP_FOLDERS:
        if os.path.islink(f"/{name}"):
            arguments += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            arguments += ["--ro-bind", f"/{name}", f"/{name}"]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--bind", f"{DISK}/shm", "/dev/shm", "--ro-bind", ETC, "/etc"]  # noqa: S108
    for name in bound_folders():
        arguments += ["--ro-bind", f"/etc/{name}", f"/etc/{name}"]
    return arguments


def _own_folders(plan: RoomPlan) -> list[str]:
    arguments = ["--bind", f"{DISK}/tmp", "/tmp", "--dir", "/run", "--dir", "/var", "--symlink", "/tmp", "/var/tmp"]  # noqa: S108
    arguments += ["--bind", f"{DISK}{plan.home}", plan.home]
    if not plan.project.startswith((f"{plan.home}/", "/tmp/")):  # noqa: S108
        arguments += ["--bind", f"{DISK}{plan.project}", plan.project]
    return arguments


def command_line(plan: RoomPlan, session: int, arguments_fd: int) -> tuple[str, ...]:
    """What the warden executes. The arguments go through a descriptor: ``/proc/1/cmdline`` in the room stays short."""
    sandbox = (plan.tools.bwrap, "--args", str(arguments_fd), "--", *plan.command)
    if not plan.trace:
        return sandbox
    options = ("-f", "--seccomp-bpf", "-ttt", "-q", "-y", "-s", "2048", "-e", f"trace={_TRACED}", "-e", "signal=none")
    return (plan.tools.strace, *options, "-o", f"{LOG}/strace.{session}", *sandbox)

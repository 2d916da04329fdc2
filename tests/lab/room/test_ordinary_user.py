"""What holds for root's rooms holds for an ordinary user's: the same claims, run again without privileges."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.room, pytest.mark.enable_socket]

_UID = 64321
_REPOSITORY = Path(__file__).parents[3]
_CLAIMS = (
    "tests/lab/room/test_sealed_rooms.py",
    "tests/lab/conformance/test_conformance.py",
    "tests/lab/room/test_keeper.py",
)
_CHOSEN = (
    "sealed or shares_the_hosts or eats_memory or forks_for_ever or share_their_memory or read_only or is_left or tracer "
    "or every_connection or never_ends or main_process or staged_clock"
)
# Interpreter and repository may lie in a folder that is closed to others (/root): in a mount namespace of its own an
# open folder takes its place, which holds nothing but what is needed.
_BECOME = """
import os, stat, sys
from pathlib import Path
from clearance.lab.room.warden import kernel
uid, temporary, needed, command = int(sys.argv[1]), sys.argv[2], sys.argv[3].split(":"), sys.argv[4:]
kernel.unshare(kernel.CLONE_NEWNS)
kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
closed = {}
for path in map(Path, needed):
    for folder in reversed(path.parents):
        if not stat.S_IMODE(folder.stat().st_mode) & 0o001:
            closed.setdefault(folder, []).append((path, os.open(path, os.O_PATH)))
            break
for folder, inside in closed.items():
    kernel.mount("tmpfs", str(folder), "tmpfs", data="mode=0755")
    for path, handle in inside:
        path.mkdir(parents=True, exist_ok=True)
        kernel.mount(f"/proc/self/fd/{handle}", str(path), flags=kernel.MS_BIND | kernel.MS_REC)
os.chown(temporary, uid, uid)
os.setgroups([])
os.setresgid(uid, uid, uid)
os.setresuid(uid, uid, uid)
os.execv(command[0], command)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests run as an ordinary user already")
def test_the_same_claims_hold_for_an_ordinary_user(tmp_path_factory):
    temporary = Path("/tmp") / f"clearance-ordinary-{os.getpid()}"
    temporary.mkdir(mode=0o755)
    needed = ":".join(dict.fromkeys((sys.base_prefix, sys.prefix, str(_REPOSITORY))))
    pytest_command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command = [*pytest_command, "--basetemp", str(temporary / "t"), "-k", _CHOSEN, *_CLAIMS]
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-c", _BECOME, str(_UID), str(temporary), needed, *command],
            capture_output=True, text=True, timeout=300, check=False, cwd=_REPOSITORY,
            env={"PATH": os.environ["PATH"], "HOME": str(temporary)},
        )  # fmt: skip
    finally:
        subprocess.run(["rm", "-rf", str(temporary)], check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
    assert "skipped" not in done.stdout

"""The keeper: nothing outlives the main process, what a killed run left is removed, failures carry advice."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clearance.lab.errors import RoomUnavailable
from clearance.lab.room import host
from clearance.lab.room.keeper import Keeper, UnsafeRoom, clean_up_leftovers
from clearance.lab.staging import Staging

pytestmark = [pytest.mark.room, pytest.mark.enable_socket]

_MAIN = """
import asyncio, sys
from pathlib import Path
from clearance.lab.room.keeper import Keeper
from clearance.lab.staging import Staging

async def live():
    async with Keeper() as keeper:
        staging = Staging(command=("sleep", sys.argv[2]), env={}, sessions=1)
        rooms = [await keeper.open_room(staging, work=Path(sys.argv[1]), trace=trace) for trace in (True, False)]
        for room in rooms:
            await room.start()
        await asyncio.sleep(0.5)
        print("running", flush=True)
        await asyncio.gather(*(room.wait() for room in rooms))

asyncio.run(live())
"""


def processes_with(text: str) -> list[str]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                line = Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if text in line:
                found.append(line)
    return found


def soon(claim) -> bool:
    for _ in range(100):
        if claim():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("victim", ["main", "keeper"])
def test_killing_the_main_process_or_the_keeper_leaves_no_process(tmp_path, victim):
    mark = str(70000 + os.getpid())
    main = subprocess.Popen([sys.executable, "-c", _MAIN, str(tmp_path), mark], stdout=subprocess.PIPE)
    assert main.stdout.readline() == b"running\n"
    assert len(processes_with(mark)) >= 3  # main, and a sleep in each room
    if victim == "main":
        main.kill()
    else:
        children = Path(f"/proc/{main.pid}/task/{main.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
    main.wait(20)
    main.stdout.close()
    assert soon(lambda: not processes_with(mark))
    assert soon(lambda: not processes_with(str(tmp_path)))


def test_closing_the_keeper_ends_its_rooms(tmp_path):
    mark = str(80000 + os.getpid())

    async def live():
        async with Keeper() as keeper:
            room = await keeper.open_room(Staging(command=("sleep", mark), env={}), work=tmp_path, trace=False)
            await room.start()
            await asyncio.sleep(0.3)
            assert processes_with(mark)
        outcome = await room.wait()
        for held in (room.sockets.tcp, room.sockets.dns, room.sockets.udp):
            held.close()
        return outcome

    outcome = asyncio.run(live())
    assert outcome.outcome in {"interrupted", "room-failed"}
    assert soon(lambda: not processes_with(mark))


@pytest.mark.skipif(os.geteuid() != 0, reason="control groups are made by root")
def test_control_groups_of_a_dead_run_are_removed_and_those_of_living_ones_stay():
    root = Path("/sys/fs/cgroup/memory" if Path("/sys/fs/cgroup/memory").is_dir() else "/sys/fs/cgroup")
    dead, living = root / "clearance-4194999", root / f"clearance-{os.getpid()}"  # above the highest process id
    dead.mkdir()
    living.mkdir()
    try:
        assert clean_up_leftovers() >= 1
        assert not dead.exists()
        assert living.exists()
    finally:
        living.rmdir()


def test_a_missing_program_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(host, "which", lambda program: "" if program == "bwrap" else f"/usr/bin/{program}")
    with pytest.raises(RoomUnavailable, match="bwrap") as refused:
        host.find_tools()
    assert "apt-get install bubblewrap" in refused.value.advice


def test_no_user_namespaces_is_said_with_the_command_that_mends_it(tmp_path, monkeypatch):
    """A user namespace limit of 0 is what a locked-down kernel looks like from inside; here bubblewrap meets it."""
    script = f'echo 0 > /proc/sys/user/max_user_namespaces 2>/dev/null || exit 77; exec "{sys.executable}" -c "$0" "$1"'
    main = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom clearance.lab.room.keeper import Keeper\n"
        "from clearance.lab.staging import Staging\nfrom clearance.lab.errors import RoomUnavailable\n"
        "async def live():\n  async with Keeper() as k:\n"
        "    r = await k.open_room(Staging(command=('true',), env={}), work=Path(sys.argv[1]), trace=False)\n"
        "    await r.start(); o = await r.wait(); print(o.outcome, o.detail)\n"
        "try: asyncio.run(live())\nexcept RoomUnavailable as e: print(e, e.advice)\n"
    )
    # the limit is set in a user namespace of its own, so that the host keeps its setting
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", "sh", "-c", script, main, str(tmp_path)],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("this kernel does not let a namespace set its own limit")
    assert "room-failed" in done.stdout or "namespace" in done.stdout, done.stderr


def test_an_unsealed_keeper_says_so_when_it_starts():
    async def live():
        keeper = Keeper(unsafe_share_network=True)
        with pytest.warns(UnsafeRoom, match="not sealed"):
            await keeper.start()
        await keeper.close()

    asyncio.run(live())


def test_a_keeper_that_was_not_started_opens_nothing(tmp_path):
    with pytest.raises(RoomUnavailable):
        asyncio.run(Keeper().open_room(Staging(command=("true",), env={}), work=tmp_path))

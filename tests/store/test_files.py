"""Files on a real disk: whole or not at all, for their owner alone, one writer; and a log that survives kill -9."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from logged import SIGNER, entry

from clearance.ledger.errors import NotKept
from clearance.ledger.log import Log
from clearance.ledger.tiles import entries_of
from clearance.ledger.verify import verify
from clearance.store.files import LARGEST, Files

WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from logged import ORIGIN, SIGNER, entry
from clearance.ledger.log import CHECKPOINT, Log
from clearance.store.files import Files
files = Files(Path(sys.argv[1]))
with files.writing():
    log = Log.open(files, SIGNER) if files.read(CHECKPOINT) else Log.create(files, SIGNER, ORIGIN)
    print(log.size, flush=True)
    group = 0
    while True:
        for _ in range(37):
            log.append(entry(log.next_index))
        print(log.commit(), flush=True)
        group += 1
        if group % 5 == 0:
            log.publish()
"""


def test_a_file_is_replaced_as_a_whole_and_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    files = Files(tmp_path / "ledger")
    with files.writing():
        files.replace("tile/0/000", b"one")
        files.replace("tile/0/000", b"two")
        files.append("journal/1", b"abc")
        files.append("journal/1", b"def")
        files.sync("journal/1")
        files.cut("journal/1", 4)
    assert files.read("tile/0/000") == b"two"
    assert files.read("journal/1") == b"abcd"
    assert sorted(files.paths()) == ["journal/1", "tile/0/000"]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "ledger").rglob("*")}
    assert modes == {0o600, 0o700}


def test_what_is_not_there_is_none_and_removing_it_is_fine(tmp_path: Path) -> None:
    files = Files(tmp_path)
    assert files.read("nothing") is None
    files.remove("nothing")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        Files(tmp_path).read(path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "checkpoint").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="symbolic links"):
        Files(tmp_path / "ledger").read("checkpoint")


def test_a_pipe_is_not_waited_for_and_a_huge_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PermissionError, match="no regular file"):
        Files(tmp_path).read("pipe")
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", LARGEST + 1)
    with pytest.raises(OSError, match="too large"):
        Files(tmp_path).read("huge")


def test_there_is_one_writer(tmp_path: Path) -> None:
    with Files(tmp_path).writing(), pytest.raises(BlockingIOError), Files(tmp_path).writing():
        pass
    with Files(tmp_path).writing():
        pass


def killed(folder: Path, chance: random.Random) -> int:
    """Let a process write until it is killed at some moment; the size that it acknowledged."""
    here = Path(__file__).parent
    argv = [sys.executable, "-c", WRITER, str(folder), str(here.parent / "ledger")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = int(process.stdout.readline())
        time.sleep(chance.random() * 0.12)
        os.kill(process.pid, signal.SIGKILL)
        said = [int(line) for line in process.stdout if line.endswith("\n")]
    return max([acknowledged, *said])


def check_kills(folder: Path, rounds: int) -> None:
    chance = random.Random(7)
    for _ in range(rounds):
        acknowledged = killed(folder, chance)
        files = Files(folder)
        with files.writing():
            log = Log.open(files, SIGNER)
            assert log.size >= acknowledged
        found = verify(files, SIGNER.verifier)
        assert (found.flaws, found.size, found.waiting) == ((), log.size, 0)
    assert log.size > 37 * rounds / 4
    bundle = Files(folder).read("tile/entries/000") or b""
    assert list(entries_of(bundle)) == [entry(n) for n in range(256)]


@pytest.mark.long
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    check_kills(tmp_path, 8)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed_two_hundred_times(tmp_path: Path) -> None:
    check_kills(tmp_path, 200)


@pytest.mark.room
@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system can be mounted by root alone")
def test_a_disk_that_is_full_loses_nothing(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(small)], check=True)
    try:
        files = Files(small / "ledger")
        acknowledged = 0
        with files.writing():
            log = Log.create(files, SIGNER, "ledger.acme.example/small")
            try:
                while acknowledged < 20_000:
                    for _ in range(20):
                        log.append(entry(log.next_index))
                    acknowledged = log.commit()
            except NotKept as error:
                full = str(error)
        assert acknowledged > 0
        assert "No space left" in full
        subprocess.run(["mount", "-o", "remount,size=4m", str(small)], check=True)
        with files.writing():
            log = Log.open(files, SIGNER)
            assert log.size >= acknowledged
            log.append(entry(log.next_index))
            assert log.commit() == log.size
            log.publish()
        assert verify(files, SIGNER.verifier).flaws == ()
    finally:
        subprocess.run(["umount", str(small)], check=True)

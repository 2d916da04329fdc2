"""What the ledger costs, each figure beside something that does less, in the same minute.

    python bench/ledger.py [--records 200000] [--verify 300000]

1. Records a second through GroupCommit with a window of 20 ms, handed in by one thread; beside it the same bytes
   written to a file with fdatasync in the same groups, and sqlite3 in WAL mode in the same groups.
2. Verification of a log; beside it sha256 of the same files. Peak memory.
3. One inclusion proof, made and checked.
4. The same records sealed as one Parquet segment, and its rows verified against the tree. Peak memory.
"""

import argparse
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from clearance.app.ledgers import GroupCommit
from clearance.ledger.log import Log
from clearance.ledger.merkle import leaf_hash
from clearance.ledger.note import Signer
from clearance.ledger.proofs import check_inclusion, inclusion_proof, tile_reader
from clearance.ledger.reading import LogReader
from clearance.ledger.segments import rows_of, wrong_with_rows
from clearance.ledger.tiles import entries_of
from clearance.ledger.verify import verify
from clearance.model.record import Noted, Record, record_bytes
from clearance.report.segment_file import read_segment, write_segment
from clearance.store.files import Files

SIGNER = Signer.of("bench.example", b"b" * 32)
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def entry(index: int) -> bytes:
    """A record of some 130 bytes."""
    return record_bytes(
        Record(index=index, at="2026-07-01T00:00:00.000Z", what=Noted(person="bench", text=f"note {index}" * 3))
    )


def through_groups(folder: Path, many: int) -> tuple[float, int]:
    """Seconds and the number of groups that were committed."""
    files = Files(folder)
    with files.writing():
        log = Log.create(files, SIGNER, "bench.example/log")
        commits = 0
        commit = log.commit

        def counted() -> int:
            nonlocal commits
            commits += 1
            return commit()

        log.commit = counted  # type: ignore[method-assign]
        began = time.perf_counter()
        group = GroupCommit(log, lambda: NOW, window_s=0.02, publish_every=250)
        last = None
        for index in range(many):
            last = group.submit(Noted(person="bench", text=f"note {index}" * 3))
            if index % 10_000 == 9999:
                last.result()  # whoever hands in waits now and then, as callers do
        assert last is not None
        last.result()
        took = time.perf_counter() - began
        group.close()
    return took, commits


def plain_file(folder: Path, entries: list[bytes], group: int) -> float:
    """The same bytes, written and synchronised in groups."""
    began = time.perf_counter()
    handle = os.open(folder / "plain", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for at in range(0, len(entries), group):
        os.write(handle, b"".join(entries[at : at + group]))
        os.fdatasync(handle)
    os.close(handle)
    return time.perf_counter() - began


def sqlite(folder: Path, entries: list[bytes], group: int) -> float:
    """The same bytes as rows."""
    base = sqlite3.connect(folder / "base.sqlite", isolation_level=None)
    base.execute("pragma journal_mode=wal")
    base.execute("pragma synchronous=full")
    base.execute("create table log (id integer primary key, entry blob)")
    began = time.perf_counter()
    for at in range(0, len(entries), group):
        base.execute("begin")
        base.executemany("insert into log (entry) values (?)", ((each,) for each in entries[at : at + group]))
        base.execute("commit")
    took = time.perf_counter() - began
    base.close()
    return took


def sealed(folder: Path, many: int) -> Files:
    """A published log, written without waiting for each group."""
    files = Files(folder)
    with files.writing():
        log = Log.create(files, SIGNER, "bench.example/log")
        for index in range(many):
            log.append(entry(index))
            if index % 20_000 == 19_999:
                log.commit()
            if index % 400_000 == 399_999:
                log.publish()
        log.commit()
        log.publish()
    return files


def verified_alone(folder: Path) -> tuple[float, str, float]:
    """Seconds, root and peak memory in MB of a verification in a process of its own."""
    argv = [sys.executable, __file__, "--only", str(folder)]
    took, root, peak = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
    return float(took), root, float(peak)


def only(folder: Path) -> None:
    """Verify, and print what ``verified_alone`` reads."""
    began = time.perf_counter()
    found = verify(Files(folder), SIGNER.verifier)
    took = time.perf_counter() - began
    assert not found.flaws, found.flaws[:3]
    print(took, found.root, peak_mb())


def peak_mb() -> float:
    """Of this process alone; ``ru_maxrss`` would count the one that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--verify", type=int, default=300_000)
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--segment", choices=["seal", "check"], help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.segment:
        segment(wanted.only, wanted.segment)
        return
    if wanted.only:
        only(wanted.only)
        return
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        took, groups = through_groups(folder / "groups", wanted.records)
        size = max(1, wanted.records // groups)
        print(f"group commit: {wanted.records / took:,.0f} records/s, {groups} groups of {size}")
        entries = [entry(index) for index in range(wanted.records)]
        plain, rows = plain_file(folder, entries, size), sqlite(folder, entries, size)
        for what, other in (("plain file", plain), ("sqlite", rows)):
            rate, ratio = wanted.records / other, took / other
            print(f"  {what}, same groups: {rate:,.0f} records/s; the ledger takes {ratio:.1f} times as long")
        del entries
        files = sealed(folder / "sealed", wanted.verify)
        took, root, peak = verified_alone(folder / "sealed")
        began = time.perf_counter()
        for path in files.paths():
            hashlib.sha256(files.read(path) or b"").digest()
        plain = time.perf_counter() - began
        each = took / wanted.verify * 1e6
        print(f"verify: {wanted.verify:,} records in {took:.1f} s, {each:.2f} µs each, peak {peak:.0f} MB")
        print(f"  sha256 of the same files: {plain:.2f} s; verifying takes {took / plain:.1f} times as long")
        began = time.perf_counter()
        index = wanted.verify // 3
        proof = inclusion_proof(tile_reader(files, wanted.verify), index, wanted.verify)
        bundle = files.read(f"tile/entries/{_path(index // 256)}") or b""
        leaf = leaf_hash(list(entries_of(bundle))[index % 256])
        check_inclusion(leaf, index, wanted.verify, proof, bytes.fromhex(root))
        print(f"one proof, made and checked: {(time.perf_counter() - began) * 1e3:.1f} ms")
        for what in ("seal", "check"):
            argv = [sys.executable, __file__, "--only", str(folder / "sealed"), "--segment", what]
            took, size, peak = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
            rate = wanted.verify / float(took)
            print(f"segment, {what}: {rate:,.0f} records/s, {int(size):,} bytes, peak {float(peak):.0f} MB")


def segment(folder: Path, what: str) -> None:
    """Write the whole log as one segment, or check it; seconds, bytes, peak memory."""
    log, path = LogReader(Files(folder), SIGNER.verifier), folder / "segment.parquet"
    about = (0, log.size - 1)
    began = time.perf_counter()
    if what == "seal":
        with path.open("wb") as file:
            write_segment(rows_of(log, about), file)
    else:
        with path.open("rb") as file:
            assert wrong_with_rows(read_segment(file), log, about) is None
    print(time.perf_counter() - began, path.stat().st_size, peak_mb())


def _path(number: int) -> str:
    from clearance.ledger.tiles import tile_path

    return tile_path("entries", number).removeprefix("tile/entries/")


if __name__ == "__main__":
    main()

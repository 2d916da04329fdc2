"""Segments on the command line: written once, recorded, read by DuckDB, and verified row by row against the tree."""

import errno
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from calling import Clearance

from clearance.app.ledgers import ledger_folder, own_signer, reader, writer
from clearance.app.sealing import seal, segments_folder, verify_segments
from clearance.ledger.log import Log
from clearance.ledger.segments import row_of
from clearance.model.record import Noted, Record, record_bytes


def noon() -> datetime:
    return datetime(2026, 7, 10, 12, tzinfo=UTC)


def note(many: int) -> None:
    """Write so many notes, as one group."""
    with writer(ledger_folder()) as files:
        log = Log.open(files, own_signer())
        for _ in range(many):
            what = Noted(person="ann", text=f"note {log.next_index}")
            log.append(record_bytes(Record(index=log.next_index, at="2026-07-10T00:00:00.000Z", what=what)))
        log.commit()
        log.publish()


@pytest.fixture
def folder(clearance: Clearance) -> Path:
    """Segments of a ledger of 350 notes."""
    clearance("ledger", "init")
    note(350)
    return segments_folder()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_full_ranges_are_sealed_once_and_what_comes_later_is_added(clearance: Clearance, folder: Path) -> None:
    said = clearance("ledger", "segments", "seal", "--every", "100")
    assert (said.code, said.out.count("recorded before")) == (0, 0), said.err
    first = {name: (folder / name).read_bytes() for name in names(folder)}
    assert list(first) == [f"segment-{n:012d}-{n + 99:012d}.parquet" for n in (0, 100, 200)]
    assert "Nothing new" in clearance("ledger", "segments", "seal", "--every", "100").out
    note(100)
    clearance("ledger", "segments", "seal", "--every", "100")
    assert len(names(folder)) == 4
    assert {name: (folder / name).read_bytes() for name in first} == first
    assert clearance("ledger", "segments", "verify").code == 0


def test_duckdb_reads_the_same_records_as_the_log_has(clearance: Clearance, folder: Path) -> None:
    clearance("ledger", "segments", "seal", "--every", "100", "--rest")
    with duckdb.connect(config={"threads": 1}) as base:
        found = base.sql(
            f"select index, epoch_ms(\"at\"), event, record, leaf from '{folder}/*.parquet' order by index"
        ).fetchall()
    rows = [row_of(each.index, each.entry) for each in reader(ledger_folder(), None).entries(0, 350)]
    assert found == [(row.index, row.at_ms, row.event, row.record.decode(), row.leaf) for row in rows]


def test_a_segment_that_is_gone_is_written_to_the_same_bytes_and_not_recorded_again(
    clearance: Clearance, folder: Path
) -> None:
    clearance("ledger", "segments", "seal", "--every", "100")
    path = folder / names(folder)[1]
    whole = path.read_bytes()
    path.unlink()
    assert clearance("ledger", "segments", "verify").code == 1
    assert "recorded before" in clearance("ledger", "segments", "seal", "--every", "100").out
    assert path.read_bytes() == whole
    assert clearance("ledger", "segments", "verify").code == 0


def test_a_changed_segment_is_named_and_not_opened(clearance: Clearance, folder: Path) -> None:
    clearance("ledger", "segments", "seal", "--every", "100")
    path = folder / names(folder)[2]
    whole = path.read_bytes()
    for at in range(0, len(whole), len(whole) // 7):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(bytes(changed))
        said = clearance("ledger", "segments", "verify")
        assert (said.code, f"{path.name}: its bytes are not those" in said.out) == (1, True)
    path.unlink()
    path.symlink_to("/dev/zero")
    said = clearance("ledger", "segments", "verify")
    assert (said.code, f"{path.name}: the segment cannot be read" in said.out) == (1, True)


def test_rows_that_were_sealed_wrong_are_found_though_their_digest_was_recorded(
    clearance: Clearance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = row_of

    def forged(index: int, entry: bytes) -> object:
        return real(index, entry.replace(b'"note 7"', b'"note 8"'))

    monkeypatch.setattr("clearance.ledger.segments.row_of", forged)
    assert len(list(seal(folder, 100, noon, rest=False))) == 3
    monkeypatch.undo()
    monkeypatch.setenv("CLEARANCE_HOME", str(folder.parents[1]))
    found, many = verify_segments(ledger_folder(), None, folder)
    assert [(flaw.record, flaw.what) for flaw in found.flaws] == [
        (7, "row of record 7: its leaf is not the one of the tree")
    ]
    assert many == 300


def test_of_a_copy_segments_are_verified_with_the_public_key_alone(
    clearance: Clearance, folder: Path, tmp_path: Path
) -> None:
    clearance("ledger", "segments", "seal", "--every", "100", "--rest")
    key = tmp_path / "home" / "state" / "keys" / "ledger.pub"
    said = clearance("ledger", "segments", "verify", str(ledger_folder()), "--key", str(key), "--segments", str(folder))
    assert (said.code, "354 records, of them 350 in segments" in said.out) == (0, True)


def test_without_the_extra_it_says_how_to_install_it_and_records_nothing(
    clearance: Clearance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = clearance("ledger", "segments", "seal", "--every", "100")
    assert (said.code, "pip install 'clearance[parquet]'" in said.err) == (2, True)
    assert names(folder) == []
    assert reader(ledger_folder(), None).size == 350


def test_a_disk_that_is_full_leaves_nothing_half_written_and_says_so(
    clearance: Clearance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("clearance.app.sealing.os.fsync", full)
    said = clearance("ledger", "segments", "seal", "--every", "100")
    assert (said.code, "No space left" in said.err) == (3, True)
    assert names(folder) == []


def test_a_small_ledger_is_told_what_to_do(clearance: Clearance, folder: Path) -> None:
    said = clearance("ledger", "segments", "seal")
    assert (said.code, "--rest" in said.out) == (0, True)


@pytest.mark.parametrize("argv", [("seal",), ("verify",)])
def test_without_a_ledger_the_next_step_is_told(clearance: Clearance, argv: tuple[str, ...]) -> None:
    said = clearance("ledger", "segments", *argv)
    assert (said.code, "ledger init" in said.err) == (3, True)

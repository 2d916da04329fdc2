"""Evidence on the command line: kept under its digest, shown, deleted; what is missing shows in a verification."""

import hashlib
import json
from pathlib import Path

import pytest
from calling import Clearance

from clearance.app.places import state_folder

DATA = b"GET /v1/messages, with a password: hunter2\n"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def file(clearance: Clearance, tmp_path: Path) -> Path:
    clearance("ledger", "init")
    path = tmp_path / "traffic.txt"
    path.write_bytes(DATA)
    (tmp_path / "key").write_bytes(b"k" * 32)
    return path


def kept_files() -> list[Path]:
    return [path for path in (state_folder() / "evidence").rglob("*") if path.is_file()]


@pytest.mark.parametrize("seal", [False, True])
def test_what_was_kept_is_listed_and_handed_out(
    clearance: Clearance, file: Path, tmp_path: Path, *, seal: bool
) -> None:
    key = ("--key", str(tmp_path / "key")) if seal else ()
    said = clearance("ledger", "evidence", "keep", str(file), *key)
    assert (said.code, DIGEST in said.out) == (0, True), said.err
    assert all((b"hunter2" in path.read_bytes()) != seal for path in kept_files())
    assert f"{'sealed' if seal else 'plain'}" in clearance("ledger", "evidence", "list").out
    out = tmp_path / "again"
    assert clearance("ledger", "evidence", "show", DIGEST[:8], "--out", str(out), *key).code == 0
    assert out.read_bytes() == DATA
    assert "text/plain" in clearance("ledger", "evidence", "show", DIGEST).out
    assert clearance("ledger", "verify").code == 0


def test_kept_twice_it_is_recorded_once(clearance: Clearance, file: Path) -> None:
    first = clearance("ledger", "evidence", "keep", str(file)).out
    assert clearance("ledger", "evidence", "keep", str(file)).out == first


def test_deleted_bytes_are_gone_and_who_when_and_why_stay(clearance: Clearance, file: Path) -> None:
    clearance("ledger", "evidence", "keep", str(file), "--media-type", "text/x-traffic")
    deletion = ("ledger", "evidence", "delete", DIGEST[:12], "--reason", "kept for 90 days", "--person", "ann")
    assert "record 1" in clearance(*deletion).out
    assert kept_files() == []
    shown = clearance("ledger", "evidence", "show", DIGEST).out
    assert "deleted by ann: kept for 90 days" in shown
    assert DIGEST in clearance("ledger", "show", "1").out
    assert clearance("ledger", "evidence", "show", DIGEST, "--out", "-").code == 3
    assert clearance(*deletion).code == 3
    said = clearance("ledger", "verify", "--json", "-")
    assert (said.code, json.loads(said.out)["evidence"]) == (0, {"whole": 0, "sealed": 0, "deleted": 1})


def test_what_was_taken_away_or_changed_shows_by_digest(clearance: Clearance, file: Path) -> None:
    clearance("ledger", "evidence", "keep", str(file))
    (path,) = kept_files()
    path.write_bytes(DATA + b"x")
    said = clearance("ledger", "verify")
    assert (said.code, f"{DIGEST}: Evidence {DIGEST[:12]} was changed" in said.out) == (1, True)
    path.unlink()
    said = clearance("ledger", "verify")
    assert (said.code, f"{DIGEST}: Evidence {DIGEST[:12]} is not there" in said.out) == (1, True)


def test_sealed_evidence_is_not_said_to_be_whole_without_its_key(
    clearance: Clearance, file: Path, tmp_path: Path
) -> None:
    clearance("ledger", "evidence", "keep", str(file), "--key", str(tmp_path / "key"))
    assert "1 sealed and not looked into" in clearance("ledger", "verify").out
    assert "1 whole" in clearance("ledger", "verify", "--evidence-key", str(tmp_path / "key")).out
    (tmp_path / "other").write_bytes(b"o" * 32)
    assert clearance("ledger", "verify", "--evidence-key", str(tmp_path / "other")).code == 1


def test_of_a_copy_it_is_said_that_evidence_was_not_looked_at(clearance: Clearance, file: Path) -> None:
    clearance("ledger", "evidence", "keep", str(file))
    own = state_folder()
    assert "Evidence was not looked at" in clearance("ledger", "verify", str(own / "ledger")).out
    assert "1 whole" in clearance("ledger", "verify", str(own / "ledger"), "--evidence", str(own)).out


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_length_is_refused_and_nothing_is_kept(
    clearance: Clearance, file: Path, tmp_path: Path, key: bytes
) -> None:
    (tmp_path / "key").write_bytes(key)
    said = clearance("ledger", "evidence", "keep", str(file), "--key", str(tmp_path / "key"))
    assert (said.code, "32" in said.err) == (3, True)
    assert kept_files() == []


def test_a_reason_that_no_record_can_hold_deletes_nothing(clearance: Clearance, file: Path) -> None:
    clearance("ledger", "evidence", "keep", str(file))
    said = clearance("ledger", "evidence", "delete", DIGEST, "--reason", "x" * 70_000, "--person", "ann")
    assert (said.code, "fewer words" in said.err) == (3, True)
    assert len(kept_files()) == 1


def test_without_a_ledger_nothing_is_kept(clearance: Clearance, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(DATA)
    said = clearance("ledger", "evidence", "keep", str(tmp_path / "x"))
    assert (said.code, "ledger init" in said.err) == (3, True)
    assert kept_files() == []


def test_a_file_that_is_too_large_is_refused(clearance: Clearance, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearance.app.shelf.LARGEST", len(DATA) - 1)
    said = clearance("ledger", "evidence", "keep", str(file))
    assert (said.code, "more than" in said.err) == (3, True)


@pytest.mark.parametrize("named", ["", "zz", "../../x"])
def test_a_digest_that_the_ledger_does_not_know_is_told(clearance: Clearance, file: Path, named: str) -> None:
    said = clearance("ledger", "evidence", "show", named)
    assert (said.code, "evidence list" in said.err) == (3, True)

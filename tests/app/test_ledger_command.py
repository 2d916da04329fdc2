"""A ledger made, written, verified and proven on the command line; and many threads that write at once."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from calling import Clearance
from logged import ORIGIN, SIGNER
from memory import Memory

from clearance.app.ledgers import GroupCommit, key_files, ledger_folder
from clearance.ledger.errors import NotKept
from clearance.ledger.log import Log
from clearance.ledger.verify import verify
from clearance.model.record import Noted


def noon() -> datetime:
    return datetime(2026, 7, 10, 12, tzinfo=UTC)


def test_a_record_is_written_verified_and_proven(clearance: Clearance, tmp_path: Path) -> None:
    assert clearance("ledger", "init", "--name", "ledger.acme.example").code == 0
    assert key_files()[0].stat().st_mode & 0o777 == 0o600
    for text in ("one", "two", "three"):
        assert clearance("ledger", "note", text, "--person", "ann@acme.example").code == 0
    said = clearance("ledger", "verify", "--json", "-")
    assert (said.code, json.loads(said.out)["size"]) == (0, 3)
    assert '"text":"two"' in clearance("ledger", "show", "1").out
    proof = tmp_path / "proof.json"
    assert clearance("ledger", "prove", "1", "--out", str(proof)).code == 0
    checked = clearance("ledger", "check-proof", str(proof), "--key", str(key_files()[1]))
    assert checked.code == 0
    assert "record 1 of 3" in checked.out
    proof.write_text(proof.read_text(encoding="utf-8").replace('"index": 1', '"index": 0'), encoding="utf-8")
    refused = clearance("ledger", "check-proof", str(proof))
    assert refused.code == 3
    assert "does not lead" in refused.err


def test_looks_decisions_and_signatures_are_recorded_where_there_is_a_ledger(
    clearance: Clearance, tmp_path: Path
) -> None:
    program = tmp_path / "program.js"
    program.write_text("console.log(1)\n", encoding="utf-8")
    clearance("look", str(program))
    assert not ledger_folder().exists()
    clearance("ledger", "init")
    clearance("look", str(program))
    clearance("ban", "codex", "--permanent", "--reason", "test", "--owner", "sec@acme.example")
    assert '"event":"ReleaseLooked"' in clearance("ledger", "show", "0").out
    assert '"event":"DecisionRecorded"' in clearance("ledger", "show", "1").out
    assert clearance("ledger", "verify").code == 0


def test_a_changed_record_is_named_and_nothing_is_added(clearance: Clearance) -> None:
    clearance("ledger", "init")
    clearance("ledger", "note", "one", "--person", "ann")
    bundle = ledger_folder() / "tile" / "entries" / "000.p" / "1"
    bundle.write_bytes(bundle.read_bytes().replace(b'"one"', b'"eno"'))
    said = clearance("ledger", "verify")
    assert said.code == 1
    assert "record 0 was changed" in said.out
    refused = clearance("ledger", "note", "two", "--person", "ann")
    assert refused.code == 3
    assert "hint: " in refused.err


@pytest.mark.parametrize("argv", [("verify",), ("show", "0"), ("prove", "0"), ("note", "x", "--person", "y")])
def test_without_a_ledger_the_next_step_is_told(clearance: Clearance, argv: tuple[str, ...]) -> None:
    said = clearance("ledger", *argv)
    assert said.code == 3
    assert "ledger init" in said.err


def test_a_second_ledger_does_not_take_the_place_of_the_first(clearance: Clearance) -> None:
    clearance("ledger", "init")
    secret = key_files()[0].read_bytes()
    assert clearance("ledger", "init").code == 3
    assert key_files()[0].read_bytes() == secret


def test_what_many_hand_in_is_acknowledged_in_groups_and_all_of_it(tmp_path: Path) -> None:
    keeper = Memory()
    group = GroupCommit(Log.create(keeper, SIGNER, ORIGIN), noon, window_s=0.005)
    futures = [group.submit(Noted(person="ann", text=str(n))) for n in range(600)]
    assert sorted(future.result(timeout=10) for future in futures) == list(range(600))
    group.close()
    found = verify(keeper, SIGNER.verifier)
    assert (found.size, found.flaws) == (600, ())


def test_a_group_that_could_not_be_kept_fails_all_that_handed_in(tmp_path: Path) -> None:
    keeper = Memory()
    group = GroupCommit(Log.create(keeper, SIGNER, ORIGIN), noon, window_s=0.001)
    keeper.full = True
    refused = group.submit(Noted(person="ann", text="one"))
    with pytest.raises(NotKept):
        refused.result(timeout=10)
    keeper.full = False
    assert group.submit(Noted(person="ann", text="two")).result(timeout=10) == 0
    group.close()
    assert verify(keeper, SIGNER.verifier).flaws == ()

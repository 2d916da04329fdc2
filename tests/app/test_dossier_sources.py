"""A dossier by itself takes the decisions that apply, with proofs from the ledger, and says what is missing."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
import sample_dossier
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from desks import KEYS, public
from sample_dossier import KEY

from clearance.app.ledgers import append_event, key_files, ledger_folder
from clearance.app.recording import digest_of
from clearance.model.ids import Digest
from clearance.model.record import ReleaseVetted
from clearance.report.json import render_json

NAME, VERSION = "claude-code", "2.1.320"


def pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def vetting():
    base = sample_dossier.vetting()
    return msgspec.structs.replace(base, release=msgspec.structs.replace(base.release, assistant=NAME, version=VERSION))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with one vetting, people who may sign, their keys, and no ledger."""
    monkeypatch.setenv("CLEARANCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    state = tmp_path / "home" / "state"
    (state / "vettings" / "one").mkdir(parents=True)
    (state / "vettings" / "one" / "report.json").write_text(render_json(vetting()))
    (state / "decisions").mkdir()
    people = "".join(f'[[people]]\nid = "{name}"\npublic_key = "{public(name)}"\n' for name in KEYS)
    (state / "decisions" / "organisation.toml").write_text(people)
    for name, key in (*KEYS.items(), ("dossier", KEY)):
        (tmp_path / f"{name}.pem").write_bytes(pem(key))
    return tmp_path


@pytest.fixture
def clearance(home, told):
    return told


@pytest.fixture
def decide(clearance, home):
    """Make a record and have people sign it; its id."""

    def run(kind, *more, by=("ann", "ben")):
        reason = ("--reason", "as was said", "--owner", "sec@acme.example")
        code, said = clearance(kind, *more, *reason)
        assert code == 0, said
        digest = said.split()[1]
        for name in by:
            code, said = clearance("sign", digest, "--as", name, "--key", home / f"{name}.pem")
            assert code == 0, said
        return digest

    return run


@pytest.fixture
def export(clearance, home):
    def run(*more, out="pack"):
        argv = ("--for", f"{NAME}@{VERSION}", "--key", home / "dossier.pem", "--out", home / out)
        code, said = clearance("dossier", "export", *argv, *more)
        assert code == 0, said
        return json.loads((home / out / "MANIFEST.json").read_text())

    return run


def test_decisions_that_apply_are_in_it_with_proofs_under_the_ledgers_own_key(clearance, decide, export, home):
    clearance("ledger", "init", "--name", "ledger.acme.example")
    vetted = vetting().release
    event = ReleaseVetted(
        assistant=NAME,
        version=VERSION,
        release=Digest(vetted.sha256),
        verdict="findings",
        report=digest_of(render_json(vetting())),
    )
    append_event(event, lambda: datetime(2026, 7, 10, tzinfo=UTC))
    ban = decide("ban", NAME, "--versions", ">=2.1.300,<2.2", "--lift-when", "vet:no covert hit", by=("ann",))
    decide("ban", NAME, "--versions", ">=3", "--permanent", by=("ann",))
    decide("ban", "codex", "--permanent", by=("ann",))
    manifest = export()
    (found,) = manifest["decisions"]
    assert (found["kind"], found["sha256"][:12], found["signers"]) == ("ban", ban, ["ann"])
    assert found["subject"] == "claude-code, versions >=2.1.300,<2.2"
    assert [proof["index"] for proof in manifest["proofs"]] == [0, 1, 2]
    code, said = clearance("dossier", "verify", home / "pack", "--log-key", key_files()[1].read_text().strip())
    assert (code, "1 decision, 3 proofs verified" in said) == (0, True), said
    assert "No proof is in the pack" not in said
    assert [item for item in manifest["missing"] if "ledger" in item.lower()] == []


def test_the_export_is_recorded_with_the_manifests_digest(clearance, export, home):
    clearance("ledger", "init")
    export()
    said = json.loads(clearance("ledger", "show", "0")[1])["what"]
    manifest = (home / "pack" / "MANIFEST.json").read_bytes()
    assert said == {
        "event": "DossierExported",
        "assistant": NAME,
        "version": VERSION,
        "manifest": sample_dossier.sha256(manifest).hex(),
    }


def test_without_a_ledger_a_look_or_a_decision_the_pack_says_so(clearance, export, home):
    missing = export()["missing"]
    assert [item.partition(":")[0] for item in missing] == [
        "What is in the release was not looked into",
        "No decision record about claude-code 2.1.320 is in force among the 0 that are kept.",
        "No ledger was kept where this was made",
    ]
    page = (home / "pack" / "index.html").read_text()
    assert "Not in this dossier" in page
    assert "No ledger was kept where this was made" in page
    code, said = clearance("dossier", "verify", home / "pack")
    assert (code, "The pack says of itself: No ledger was kept" in said) == (0, True)
    assert not ledger_folder().exists()


def test_what_loosens_and_was_not_signed_by_two_is_left_out_and_told(decide, export):
    decide("approve", NAME, by=("ann",))
    manifest = export()
    assert manifest["decisions"] == []
    assert any("does not count, and is left out" in item for item in manifest["missing"])


def test_a_ban_that_nobody_signed_is_in_it_and_it_is_told_that_nobody_vouches(decide, export):
    decide("ban", NAME, "--permanent", by=())
    manifest = export()
    assert [(each["kind"], each["signers"]) for each in manifest["decisions"]] == [("ban", [])]
    assert any("Nobody vouches for the ban" in item for item in manifest["missing"])


def test_a_decision_that_ended_is_left_out_and_told(decide, export):
    decide("ban", NAME, "--permanent", "--until", "2026-01-02", "--zone", "UTC", by=("ann",))
    manifest = export()
    assert manifest["decisions"] == []
    assert any("had ended" in item for item in manifest["missing"])


def test_a_lift_comes_with_the_ban_that_it_lifts(decide, export):
    ban = decide("ban", NAME, "--lift-when", "vet:no covert hit", by=("ann",))
    decide("lift", NAME, "--record", ban, "--met", "vet:no covert hit")
    found = export()["decisions"]
    assert sorted(each["kind"] for each in found) == ["ban", "lift"]
    assert f"lifts {ban}" in {each["subject"] for each in found}


def test_a_decision_that_was_made_before_there_was_a_ledger_is_told(clearance, decide, export):
    decide("ban", NAME, "--permanent", by=("ann",))
    clearance("ledger", "init")
    clearance("ledger", "note", "x", "--person", "ann")
    manifest = export()
    assert manifest["proofs"] == []
    assert any("no record that decision" in item for item in manifest["missing"])
    assert any("no record of this vetting" in item for item in manifest["missing"])


def test_a_ledger_that_was_changed_proves_nothing_and_it_is_told(clearance, decide, export, home):
    clearance("ledger", "init")
    decide("ban", NAME, "--permanent", by=("ann",))
    bundle = ledger_folder() / "tile" / "entries" / "000.p" / "2"
    bundle.write_bytes(bundle.read_bytes().replace(b"sec@acme", b"eve@acme"))
    with pytest.raises(AssertionError, match="hint"):  # the pack is there; that it was written cannot be recorded
        export()
    missing = json.loads((home / "pack" / "MANIFEST.json").read_text())["missing"]
    assert any("The ledger could not be read" in item for item in missing)


def test_a_record_that_cannot_be_read_stops_it_as_it_may_be_a_ban(clearance, home):
    (home / "home" / "state" / "decisions" / "x.json").write_text("{")
    argv = ("--for", f"{NAME}@{VERSION}", "--key", home / "dossier.pem", "--out", home / "pack")
    code, said = clearance("dossier", "export", *argv)
    assert (code, "is no decision record" in said) == (3, True)
    assert not (home / "pack").exists()

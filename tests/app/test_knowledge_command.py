"""Updates of the knowledge base: signed by two, previewed, never older, and counting from their second on."""

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from calling import Clearance
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

FACT = 'source = "https://example.org/places"\nseen = "2026-11-20"\n'
RULES = f"""
schema = "clearance.knowledge/1"
[[snapshots]]
id = "anthropic-2026"
provider = "anthropic"
complete = true
listed = ["US", "HK"]
{FACT}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    decisions = tmp_path / "home" / "state" / "decisions"
    decisions.mkdir(parents=True)
    people = []
    for name in ("ann", "ben", "eve"):
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(pem)
        roles = '["tighten", "loosen"]' if name == "eve" else '["tighten", "loosen", "knowledge"]'
        public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        people.append(f'[[people]]\nid = "{name}"\npublic_key = "{public}"\nroles = {roles}\n')
    entity = '[[entities]]\nid = "bank-hk"\nheadquarters = "HK"\nzone = "Asia/Hong_Kong"\nindependent = true\n'
    member = '[[members]]\nwho = "dev@bank.example"\nentity = "bank-hk"\ncountry = "HK"\n'
    (decisions / "organisation.toml").write_text("\n".join(people) + entity + member)
    (tmp_path / "facts.toml").write_text(RULES)
    return tmp_path


def packed(
    clearance: Clearance, home: Path, *options: str, serial: str = "1", signers: tuple[str, ...] = ("ann", "ben")
) -> str:
    path = home / f"update-{serial}.json"
    assert (
        clearance("knowledge", "pack", str(home / "facts.toml"), "--serial", serial, "--out", str(path), *options).code
        == 0
    )
    for name in signers:
        assert clearance("knowledge", "sign", str(path), "--as", name, "--key", str(home / f"{name}.pem")).code == 0
    return str(path)


CHECK = (
    "check",
    "--who",
    "dev@bank.example",
    "--tool",
    "claude-code@2.1.320",
    "--model",
    "claude-opus-4-8",
    "--json",
    "-",
)


def reasons(clearance: Clearance, *options: str) -> str:
    return clearance(*CHECK, "--channel", "vendor-api", *options).out


def approved(clearance: Clearance, home: Path, *options: str) -> None:
    """An approval of claude-code that counts."""
    about = ("--reason", "tested", "--owner", "sec@bank.example", "--zone", "UTC")
    assert clearance("approve", "claude-code", *about, *options).code == 0
    made = next((home / "home/state/decisions").glob("*.json"))
    for name in ("ann", "ben"):
        assert clearance("sign", str(made), "--as", name, "--key", str(home / f"{name}.pem")).code == 0


def test_an_import_shows_who_is_affected_and_then_counts(clearance: Clearance, home: Path) -> None:
    approved(clearance, home)
    assert "HK is not listed on the list" in reasons(clearance)
    update = packed(clearance, home)
    told = json.loads(clearance("knowledge", "import", update, "--dry-run", "--json", "-").out)
    assert told["changed"] == [{"kind": "snapshots", "id": "anthropic-2026", "how": "changed"}]
    rows = {(r["use"]["subject"]["who"], r["use"]["tool"], r["before"], r["after"]) for r in told["affected"]}
    assert ("dev@bank.example", "claude-code", "deny", "permit") in rows
    assert all(tool == "claude-code" for _, tool, _, _ in rows)
    assert "HK is not listed on the list" in reasons(clearance)
    shown = clearance("knowledge", "import", update, "--yes")
    assert shown.code == 0
    assert "dev@bank.example in HK, claude-code" in shown.out
    assert "HK is listed on the list" in reasons(clearance)


def test_uses_of_a_file_are_looked_at_instead(clearance: Clearance, home: Path) -> None:
    approved(clearance, home)
    uses = home / "uses.jsonl"
    row = {"who": "dev@bank.example", "tool": "claude-code@2.1.320", "model": "claude-opus-4-8"}
    rows = [{**row, "channel": "vendor-api", "at": f"2026-07-0{day}T00:00:00Z"} for day in (1, 2)]
    uses.write_text("".join(json.dumps(each) + "\n" for each in rows))
    update = packed(clearance, home)
    ended = clearance("knowledge", "import", update, "--dry-run", "--uses", str(uses), "--json", "-")
    told = json.loads(ended.out)
    assert [(each["before"], each["after"]) for each in told["affected"]] == [("deny", "permit")]


def test_nothing_is_imported_when_nobody_says_yes(
    clearance: Clearance, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert clearance("knowledge", "import", packed(clearance, home)).code != 0
    assert "HK is not listed on the list" in reasons(clearance)


def test_a_future_update_counts_from_its_second_on(clearance: Clearance, home: Path) -> None:
    approved(clearance, home)
    later = datetime.now(tz=UTC).replace(microsecond=0) + timedelta(days=2)
    stamp = later.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert clearance("knowledge", "import", packed(clearance, home, "--from", stamp), "--yes").code == 0
    now = json.loads(reasons(clearance))
    assert (now["answer"], now["changes_at"][:19]) == ("deny", stamp[:19])
    before = (later - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert json.loads(reasons(clearance, "--at", before))["answer"] == "deny"
    assert json.loads(reasons(clearance, "--at", stamp))["answer"] == "permit"


@pytest.mark.parametrize("signers", [(), ("ann",)])
def test_one_signature_is_not_enough(clearance: Clearance, home: Path, signers: tuple[str, ...]) -> None:
    ended = clearance("knowledge", "import", packed(clearance, home, signers=signers), "--yes")
    assert ended.code == 3
    assert "2 different people" in ended.err
    assert "HK is not listed on the list" in reasons(clearance)


def test_who_lacks_the_role_or_signed_already_cannot_sign(clearance: Clearance, home: Path) -> None:
    update = packed(clearance, home, signers=("ann",))
    assert (
        "may not sign knowledge"
        in clearance("knowledge", "sign", update, "--as", "eve", "--key", str(home / "eve.pem")).err
    )
    assert (
        "signed this already"
        in clearance("knowledge", "sign", update, "--as", "ann", "--key", str(home / "ann.pem")).err
    )
    assert (
        "does not belong to ben"
        in clearance("knowledge", "sign", update, "--as", "ben", "--key", str(home / "ann.pem")).err
    )


def test_a_changed_fact_is_refused_before_and_after_the_import(clearance: Clearance, home: Path) -> None:
    update = Path(packed(clearance, home))
    forged = home / "forged.json"
    forged.write_text(update.read_text().replace('"HK"', '"CN"'))
    ended = clearance("knowledge", "import", str(forged), "--yes")
    assert ended.code == 3
    assert "does not fit the update" in ended.err
    assert clearance("knowledge", "import", str(update), "--yes").code == 0
    kept = home / "home/state/knowledge/00000001.json"
    kept.write_text(kept.read_text().replace('"HK"', '"CN"'))
    assert clearance(*CHECK).code == 3


def test_an_old_update_never_replaces_a_later_one(clearance: Clearance, home: Path) -> None:
    assert clearance("knowledge", "import", packed(clearance, home, serial="5"), "--yes").code == 0
    for serial in ("5", "4"):
        ended = clearance("knowledge", "import", packed(clearance, home, serial=serial), "--yes")
        assert ended.code == 3
        assert "is not newer than 5" in ended.err


def test_an_expired_update_is_refused(clearance: Clearance, home: Path) -> None:
    ended = clearance("knowledge", "import", packed(clearance, home, "--until", "2026-01-01"), "--yes")
    assert ended.code == 3
    assert "could be imported until 2026-01-01" in ended.err


def test_a_fact_without_source_cannot_be_packed(clearance: Clearance, home: Path) -> None:
    (home / "facts.toml").write_text(RULES.replace('source = "https://example.org/places"', 'source = ""'))
    ended = clearance("knowledge", "pack", str(home / "facts.toml"), "--serial", "1", "--out", "-")
    assert ended.code == 3
    assert "a fact needs its source" in ended.err


def test_an_import_is_an_event_of_the_ledger(clearance: Clearance, home: Path) -> None:
    assert clearance("ledger", "init").code == 0
    assert clearance("knowledge", "import", packed(clearance, home), "--yes").code == 0
    assert "SnapshotImported" in clearance("ledger", "show", "0").out


def test_catalogues_are_there_by_number(clearance: Clearance) -> None:
    told = json.loads(clearance("knowledge", "show", "nist-800-53-moderate", "--json", "-").out)
    assert told["facts"][0]["items"]["ac-4"] == "Information Flow Enforcement"
    assert clearance("knowledge", "show", "no-such-thing").code == 3


REPORT = {"target": {"assistant": "claude-code", "version": "2.1.320"}, "created": "2026-07-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("verdict", "findings", "answer"),
    [
        ("clear", [], "permit"),
        ("incomplete", [{"kind": "gap", "blocks_verdict": True}], "ask"),
        ("findings", [{"kind": "hit", "severity": "high", "covert": True}], "deny"),
        ("findings", [{"kind": "hit", "severity": "high", "covert": False}], "permit"),
        ("findings", [{"kind": "hit", "severity": "high", "class": "canary-leak"}], "permit"),
    ],
)
def test_conditions_are_read_from_kept_vettings(
    clearance: Clearance, home: Path, verdict: str, findings: list[object], answer: str
) -> None:
    organisation = home / "home/state/decisions/organisation.toml"
    organisation.write_text(
        organisation.read_text().replace('country = "HK"', 'country = "US"').replace('"HK"', '"US"')
    )
    approved(clearance, home, "--require", "vet:no covert hit")
    ask = (*CHECK, "--channel", "vendor-api")
    assert json.loads(clearance(*ask).out)["answer"] == "ask"
    folder = home / "home/state/vettings/one"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps({**REPORT, "verdict": verdict, "findings": findings}))
    assert json.loads(clearance(*ask).out)["answer"] == answer

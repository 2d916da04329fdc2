"""What commands write as JSON is what the published schemas promise, with every key."""

import json
from pathlib import Path

import pytest
import sample_dossier
from calling import Clearance
from jsonschema import Draft202012Validator

from clearance.app.ledgers import ledger_folder

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"
CASES = """
cases:
  - {name: as expected, use: {tool: codex@0.1.0}, at: "2026-07-10T00:00:00Z", expect: deny}
  - {name: not as expected, use: {tool: codex@0.1.0}, at: "2026-07-10T00:00:00Z", expect: permit}
"""


def checked(text: str) -> dict[str, object]:
    """The JSON, valid against the schema that it names; a key that is taken away must show."""
    said = json.loads(text)
    schema = json.loads((SCHEMAS / f"{said['schema'].replace('/', '-')}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    validator.validate(said)
    for key in said:
        assert not validator.is_valid({name: value for name, value in said.items() if name != key}), key
    return dict(said)


def test_answers_cases_and_dry_runs(clearance: Clearance, tmp_path: Path) -> None:
    ban = ("ban", "codex", "--permanent", "--reason", "test", "--owner", "sec@acme.example")
    assert clearance(*ban).code == 0
    assert checked(clearance("check", "--tool", "codex@0.1.0", "--json", "-").out)["answer"] == "deny"
    (tmp_path / "cases.yaml").write_text(CASES, encoding="utf-8")
    cases = checked(clearance("policy", "test", str(tmp_path / "cases.yaml"), "--json", "-").out)["cases"]
    assert isinstance(cases, list)
    assert [bool(case["wrong"]) for case in cases] == [False, True]
    past = json.dumps({"tool": "codex@0.1.0", "at": "2026-07-10T00:00:00Z"})
    (tmp_path / "past.jsonl").write_text(f"{past}\n{past}\n", encoding="utf-8")
    said = checked(clearance("policy", "dry-run", "--from", str(tmp_path / "past.jsonl"), "--json", "-").out)
    assert said["answers"] == {"deny": 2}


def test_verifications_and_proofs(clearance: Clearance) -> None:
    clearance("ledger", "init")
    clearance("ledger", "note", "one", "--person", "ann")
    assert checked(clearance("ledger", "verify", "--json", "-").out)["size"] == 1
    assert checked(clearance("ledger", "prove", "0").out)["index"] == 0
    assert checked(clearance("ledger", "verify", str(ledger_folder()), "--json", "-").out)["evidence"] is None
    (ledger_folder() / "tile" / "entries" / "000.p" / "1").unlink()
    assert checked(clearance("ledger", "verify", "--json", "-").out)["flaws"]


@pytest.mark.parametrize("whole", [True, False])
def test_verified_packs(clearance: Clearance, tmp_path: Path, *, whole: bool) -> None:
    files = sample_dossier.pack()
    if not whole:
        files["MANIFEST.json"] = b"{"
    for path, text in files.items():
        (tmp_path / "pack" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / path).write_bytes(text)
    said = checked(clearance("dossier", "verify", str(tmp_path / "pack"), "--json", "-").out)
    assert (not said["problems"], said["manifest"] is not None) == (whole, whole)

"""Records made, signed and asked on the command line, as a team does it."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from calling import Clearance, Ended
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from clearance.model.decision import DecisionKind, DecisionRecord, Scope

NEWS = Path(__file__).parents[1] / "golden" / "policy" / "news.yaml"
ENTITY = '[[entities]]\nid = "works"\nheadquarters = "SG"\nzone = "Asia/Singapore"\nindependent = true\nsource = "x"\nseen = "2026-07-01"\n'
USE = ("--tool", "claude-code@2.1.320", "--model", "claude-opus-4-8", "--channel", "vendor-api", "--entity", "works",
       "--country", "SG", "--group", "payments")  # fmt: skip
ABOUT = ("--reason", "because of the test", "--owner", "sec@acme.example")


class Team:
    """A folder of records, two people with keys, and the program."""

    def __init__(self, clearance: Clearance, folder: Path) -> None:
        self._run, self.folder = clearance, folder
        folder.mkdir()
        people = [self._person(name) for name in ("ann", "ben")]
        (folder / "organisation.toml").write_text(ENTITY + "".join(people), encoding="utf-8")

    def _person(self, name: str) -> str:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / f"{name}.pem").write_bytes(pem)
        public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
        return f'[[people]]\nid = "{name}"\npublic_key = "{public}"\n'

    def __call__(self, *argv: str) -> Ended:
        return self._run(*argv, "--records", str(self.folder))

    def made(self, *argv: str, by: tuple[str, ...] = ("ann", "ben")) -> str:
        """A record, signed; the first digits of its id."""
        ended = self(*argv, *ABOUT)
        assert ended.code == 0, ended.err
        record = ended.out.split()[1]
        for person in by:
            signed = self("sign", record, "--as", person, "--key", str(self.folder / f"{person}.pem"))
            assert signed.code == 0, signed.err
        return record


@pytest.fixture
def team(clearance: Clearance, tmp_path: Path) -> Team:
    return Team(clearance, tmp_path / "decisions")


def test_from_approval_over_ban_and_exception_to_lift(team: Team) -> None:
    assert team("check", *USE).code == 1
    team.made("approve", "claude-code", "--require", "gate")
    permitted = team("check", *USE)
    assert permitted.code == 0
    assert "PERMIT WITH CONDITIONS" in permitted.out
    assert "requires     gate" in permitted.out
    ban = team.made("ban", "claude-code", "--lift-when", "vet:no covert hit", "--replacement", "qodercli", by=("ann",))
    denied = team("check", *USE)
    assert denied.code == 1
    assert "use instead  qodercli" in denied.out
    team.made("except", "claude-code", "--against", ban, "--group", "payments", "--until", "2099-01-01",
              "--zone", "UTC", "--ticket", "SEC-1")  # fmt: skip
    assert team("check", *USE).code == 0
    assert team("check", *USE[:-1], "other").code == 1
    team.made("lift", "--record", ban, "--met", "vet:no covert hit")
    assert team("check", *USE[:-1], "other").code == 0


def test_the_answer_as_json_says_when_it_changes(team: Team) -> None:
    team.made("approve", "claude-code")
    team.made("ban", "claude-code", "--from", "2030-07-10", "--scope", "entity=works", "--permanent", by=("ben",))
    ended = team("check", *USE, "--at", "2030-07-09T23:59:59+08:00", "--json", "-")
    answer = json.loads(ended.out)
    assert answer["schema"] == "clearance.decision-answer/1"
    assert answer["answer"] == "permit"
    assert datetime.fromisoformat(answer["changes_at"]) == datetime(2030, 7, 9, 16, tzinfo=UTC)


def test_a_record_that_is_not_signed_says_what_it_needs(team: Team) -> None:
    ended = team("approve", "claude-code", *ABOUT)
    assert "2 different people, 2 missing" in ended.out
    record = ended.out.split()[1]
    team("sign", record, "--as", "ann", "--key", str(team.folder / "ann.pem"))
    again = team("sign", record, "--as", "ann", "--key", str(team.folder / "ann.pem"))
    assert again.code == 3
    assert "has signed this already" in again.err
    assert "1 missing" in team("policy", "list").out
    assert team("check", *USE).code == 1


BAD: list[tuple[tuple[str, ...], str]] = [
    (("ban", "cloude", *ABOUT, "--permanent"), "No assistant is called"),
    (("ban", "claude-code", *ABOUT), "--lift-when, or --permanent"),
    (("ban", "claude-code", *ABOUT, "--permanent", "--scope", "planet=mars"), "--scope"),
    (("ban", "claude-code", *ABOUT, "--permanent", "--scope", "channel=post"), "channels:"),
    (("ban", "claude-code", *ABOUT, "--permanent", "--from", "soon", "--zone", "UTC"), "no date"),
    (("approve", "claude-code", *ABOUT, "--versions", ">=3,<2"), "No version can lie"),
    (
        ("except", "claude-code", *ABOUT, "--until", "2030-01-01", "--ticket", "T", "--against", "ffff"),
        "There is no record",
    ),
    (("sign", "ffff", "--as", "ann", "--key", str(NEWS)), "There is no record"),
    (("check", "--tool", "cloude"), "No assistant is called"),
    (("check", "--tool", "codex", "--at", "yesterday"), "no date"),
]


@pytest.mark.parametrize(("argv", "says"), BAD, ids=[says for _, says in BAD])
def test_bad_use_is_refused_with_the_reason(team: Team, argv: tuple[str, ...], says: str) -> None:
    ended = team(*argv)
    assert ended.code in (2, 3)
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert not list(team.folder.glob("*.json"))


def test_an_unsigned_ban_denies_and_is_named(team: Team) -> None:
    team.made("approve", "claude-code")
    said = team("ban", "claude-code", "--permanent", *ABOUT)
    assert "It denies already" in said.out
    denied = team("check", *USE)
    assert denied.code == 1
    assert "denies until it can" in " ".join(denied.out.split())


def test_no_line_of_an_answer_is_wider_than_the_terminal(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    said = team("check", "--tool", "claude-code@2.1.320", "--country", "HK", "--model", "claude-opus-4-8")
    assert max(len(line) for line in said.out.splitlines() if "https://" not in line) <= 60


def test_a_damaged_record_is_never_passed_over(team: Team) -> None:
    team.made("approve", "claude-code")
    (team.folder / "2026-01-01-ban-claude-code-aaaa.json").write_text("{broken", encoding="utf-8")
    ended = team("check", *USE)
    assert ended.code == 3
    assert "is no decision record" in ended.err


def test_the_news_as_cases(clearance: Clearance) -> None:
    ended = clearance("policy", "test", str(NEWS))
    assert ended.code == 0, ended.out
    assert ended.out.count("✔") == 22


def test_a_case_that_is_not_as_expected_is_told(clearance: Clearance, tmp_path: Path) -> None:
    changed = NEWS.read_text(encoding="utf-8").replace("expect: permit\n", "expect: deny\n", 1)
    (tmp_path / "cases.yaml").write_text(changed, encoding="utf-8")
    ended = clearance("policy", "test", str(tmp_path / "cases.yaml"))
    assert ended.code == 1
    assert "expected deny, the answer is permit" in ended.out


def test_past_uses_are_decided_anew_and_a_faulty_line_is_named(team: Team, tmp_path: Path) -> None:
    team.made("approve", "claude-code")
    line = {"tool": "claude-code@2.1.320", "model": "claude-opus-4-8", "channel": "vendor-api", "entity": "works",
            "country": "SG", "groups": [], "at": "2026-07-20T12:00:00Z"}  # fmt: skip
    events = tmp_path / "events.jsonl"
    events.write_text(f"{json.dumps(line)}\n{json.dumps({**line, 'country': 'HK'})}\n", encoding="utf-8")
    ended = team("policy", "dry-run", "--from", str(events), "--json", "-")
    assert json.loads(ended.out)["answers"] == {"permit": 1, "deny": 1}
    events.write_text(f"{json.dumps(line)}\nnothing\n", encoding="utf-8")
    assert "line 2" in team("policy", "dry-run", "--from", str(events)).err


def test_rulings_of_records_that_do_not_count_are_not_written(team: Team, tmp_path: Path) -> None:
    assert team("approve", "codex", *ABOUT).code == 0  # nobody signs it
    ended = team("policy", "rulings", "--out", str(tmp_path / "rulings.json"))
    assert ended.code != 0
    assert "nothing was written" in ended.err
    assert "policy list" in ended.err
    assert not (tmp_path / "rulings.json").exists()


def test_rows_give_the_same_answers_as_files(team: Team, clearance: Clearance, tmp_path: Path) -> None:
    team.made("approve", "claude-code", "--require", "gate")
    database = f"sqlite:///{tmp_path / 'records.db'}"
    assert team("policy", "store", "sync", "--database", database).code == 0
    at = ("--at", "2099-01-01", "--json", "-")
    by_file = team("check", *USE, *at)
    org = ("--org", str(team.folder / "organisation.toml"))
    by_row = clearance("check", *USE, *at, "--database", database, *org)
    assert by_row.code == by_file.code == 0
    assert by_row.out == by_file.out
    listed = clearance("policy", "store", "list", "--database", database, "--json", "-")
    assert len(json.loads(listed.out)["records"]) == 1


def test_a_sync_brings_files_and_rows_together_and_loses_no_signature(
    team: Team, clearance: Clearance, tmp_path: Path
) -> None:
    made = team.made("approve", "claude-code", by=("ann",))
    database = ("--database", f"sqlite:///{tmp_path / 'records.db'}")
    told = json.loads(team("policy", "store", "sync", *database, "--json", "-").out)
    assert (told["rows_added"], told["row_signatures_added"], told["files_added"]) == (1, 1, 0)
    other = tmp_path / "other"
    other.mkdir()
    back = json.loads(clearance("policy", "store", "sync", *database, "--records", str(other), "--json", "-").out)
    assert back["files_added"] == 1
    assert team("sign", made, "--as", "ben", "--key", str(team.folder / "ben.pem")).code == 0
    team("policy", "store", "sync", *database)
    again = json.loads(clearance("policy", "store", "sync", *database, "--records", str(other), "--json", "-").out)
    assert again["file_signatures_added"] == 1
    assert len(json.loads(next(other.glob("*.json")).read_text())["signatures"]) == 2


def test_a_database_that_cannot_be_reached_says_so_without_its_password(clearance: Clearance) -> None:
    ended = clearance("policy", "store", "status", "--database", "mysql://a:secret-word@host/x")
    assert ended.code == 3
    assert "secret-word" not in ended.err + ended.out


def test_a_row_writes_no_file_outside_of_the_folder(clearance: Clearance, tmp_path: Path) -> None:
    from clearance.app.deciding import Desk

    records = tmp_path / "records"
    made = DecisionRecord(
        kind=DecisionKind.BAN, scope=Scope(tools=("x/../../outside/evil",)), owner="o", created="../2026-01-01"
    )
    path = Desk.at(records, None).write_new(made)
    assert path.parent == records
    assert sorted(each.name for each in tmp_path.iterdir()) == ["records"]


def test_a_sync_overwrites_no_file_that_somebody_edited(team: Team, tmp_path: Path) -> None:
    team.made("ban", "claude-code", "--lift-when", "vet:no covert hit", by=("ann",))
    database = ("--database", f"sqlite:///{tmp_path / 'records.db'}")
    assert team("policy", "store", "sync", *database).code == 0
    path = next(team.folder.glob("*.json"))
    edited = path.read_text().replace("because of the test", "for another reason")
    path.write_text(edited)
    ended = team("policy", "store", "sync", *database)
    assert ended.code == 3
    assert "holds another record" in ended.err
    assert path.read_text() == edited

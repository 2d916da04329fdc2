"""The command line: what each bad use ends in, what never reaches a terminal, and what is not even imported."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
from calling import Clearance
from synthetic import FACTORS, Said, SyntheticLab

from clearance.app.cli.root import LazyGroup, root
from clearance.app.places import cache_folder, state_folder
from clearance.app.vetting import exit_code
from clearance.lab.campaign import RoomLab
from clearance.lab.experiment.design import screening
from clearance.lab.factors import ALL as FACTOR_MODULES
from clearance.lab.plan import CampaignPlan, planned
from clearance.lab.vet import conclude
from clearance.model.canary import Canary, CanaryId
from clearance.model.finding import Confidence, Evidence, Gap, Hit, Severity
from clearance.model.ids import Digest, RuleId
from clearance.model.release import Release, SourceType
from clearance.model.vetting import VerdictWord, Vetting

CANARY = Canary(id=CanaryId("env-token"), kind="token", token="tok_0123456789abcdefXYZ", place="$TOKEN")
ESCAPE = "\x1b]0;owned\x07\x1b[31m"


class Silent:
    """A watcher that is not interested."""

    def phase(self, name: str, planned: int) -> None: ...

    def started(self, cell: object) -> None: ...

    def ended(self, record: object) -> None: ...

    def note(self, text: str) -> None: ...


def marked(levels: object, chance: object, session: int) -> list[Said]:
    mark = "\u2019" if levels["timezone"] == "Asia/Tokyo" else "'"
    return [Said({"system": f"Don{mark}t guess.{ESCAPE}\n"}, purpose=f"model:turn-{n}") for n in (1, 2)]


def record_campaign(folder: Path, *, version: str = "1.0") -> Vetting:
    """A campaign's folder, as `vet` leaves it."""
    (folder / "traces").mkdir(parents=True)
    factors = FACTORS[:3]
    plan = CampaignPlan(
        release=Release(
            assistant="some-agent", title=f"Some {ESCAPE}Agent", version=version, platform="any", sha256=Digest("0" * 64),
            source=SourceType.PATH, artifacts=(),
        ),
        profile="some-agent", seed=1, created="2026-11-18T12:00:00+00:00", baseline_runs=4, jobs=2,
        screening=screening(factors, rows=18, seed=1), factors=tuple(map(planned, factors)), canaries=(CANARY,),
    )  # fmt: skip
    plan.save(folder)
    agents = SyntheticLab(marked, folder / "traces")

    async def run_one(cell: object) -> object:
        return agents.record(cell)

    lab = RoomLab(run_one, folder=folder, jobs=1, deadline=None, watcher=Silent())
    return asyncio.run(conclude(lab, plan, folder=folder, began=0.0, watcher=Silent()))


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    folder = tmp_path / "campaign"
    record_campaign(folder)
    return folder


def is_plain(text: str) -> bool:
    return all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize("command", LazyGroup.commands_at)
def test_the_help_of_each_command_has_examples_and_the_line_that_lists_it(clearance: Clearance, command: str) -> None:
    said = clearance(command, "--help")
    assert (said.code, said.err) == (0, "")
    assert f"  clearance {command}" in said.out
    assert command in clearance("--help").out


def every_command(command: click.Command, *named: str) -> Iterator[tuple[str, ...]]:
    yield named
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None
            yield from every_command(inner, *named, name)


@pytest.mark.parametrize("named", list(every_command(root)), ids=" ".join)
def test_help_fits_a_terminal_of_80_columns_but_for_lines_to_copy(
    clearance: Clearance, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = clearance(*named, "--help").out.splitlines()
    assert lines
    assert [line for line in lines if len(line) > 80 and "  clearance " not in line] == []


def test_no_command_shows_the_help() -> None:
    assert LazyGroup.commands_at["vet"][1] in _process().stderr


def test_the_version_is_told(clearance: Clearance) -> None:
    assert clearance("--version").out.startswith("clearance, version ")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("vett",), "Did you mean: vet"),
        (("vet",), "Missing argument 'RELEASE'"),
        (("vet", "claude-cod"), "Did you mean claude-code"),
        (("vet", "@1.0"), "No assistant is called"),
        (("vet", ""), "No assistant is called"),
        (("vet", "no-such-thing"), "Known: "),
        (("vet", "codex", "--factors", "timezoen"), "Did you mean timezone"),
        (("vet", "codex", "--factors", "qqqq"), "Factors are: timezone"),
        (("vet", "codex", "--factors", " , "), "names no factor"),
        (("vet", "codex", "--json", "-", "--sarif", "-"), "only one report can go to standard output"),
        (("vet", "codex", "--jobs", "0"), "--jobs"),
        (("vet", "codex", "--budget", "-1"), "--budget"),
        (("vet", "codex", "--fail-on", "sometimes"), "--fail-on"),
        (("vet", "codex", "--html", "/tmp"), "is a folder"),
        (("vet", "./no-such-folder"), "There is no folder or archive"),
        (("vet", "codex", "--profile", "/no/such.toml"), "cannot be read"),
        (("completion", "tcsh"), "tcsh"),
    ],
)
def test_bad_use_ends_in_a_sentence_and_code_2(clearance: Clearance, argv: tuple[str, ...], says: str) -> None:
    said = clearance(*argv)
    assert (said.code, said.out) == (2, "")
    assert says in " ".join(said.err.split())
    assert "Traceback" not in said.err


def test_bad_use_fetches_nothing_and_leaves_no_campaign(clearance: Clearance, tmp_path: Path) -> None:
    clearance("vet", "codex", "--factors", "timezoen")
    clearance("vet", "codex", "--json", "-", "--html", "-")
    assert not (tmp_path / "home").exists()


def profile(folder: Path, text: str) -> Path:
    path = folder / "profile.toml"
    path.write_text(text)
    return path


GOOD = 'id = "a"\ntitle = "A"\n[source]\ntype = "path"\n[run]\ncommand = ["true"]\napi = "anthropic-messages"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("command", "comand"), "Did you mean command"),
        (GOOD.replace("anthropic-messages", "klingon"), "Allowed: anthropic-messages"),
        (GOOD.replace('["true"]', '"true"'), "run.command"),
        (GOOD.replace('id = "a"', ""), "'id'"),
        ("= nonsense", "is not TOML"),
    ],
)
def test_a_profile_with_a_wrong_key_or_type_names_it(
    clearance: Clearance, tmp_path: Path, text: str, says: str
) -> None:
    said = clearance("vet", str(tmp_path), "--profile", str(profile(tmp_path, text)))
    assert said.code == 2
    assert says in said.err


def test_offline_and_not_in_the_cache_is_told_without_asking_anybody(clearance: Clearance) -> None:
    said = clearance("vet", "claude-code@2.1.112", "--offline", "--factors", "timezone")
    assert said.code == 3
    assert "hint:" in said.err


@pytest.mark.parametrize("argv", [("profiles",), ("factors",), ("rules",)])
def test_the_lists_are_tables_and_json(clearance: Clearance, argv: tuple[str, ...]) -> None:
    assert clearance(*argv).code == 0
    rows = json.loads(clearance(*argv, "--json", "-").out)
    assert len(rows) >= 7
    if argv == ("factors",):
        assert [row["factor"] for row in rows][:2] == ["timezone", "base_url"]
        assert len(rows) == len(FACTOR_MODULES)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_of_that_shell(clearance: Clearance, shell: str) -> None:
    said = clearance("completion", shell)
    assert said.code == 0
    assert "_CLEARANCE_COMPLETE" in said.out


def test_a_replay_gives_the_reports_and_code_1_for_a_hit(clearance: Clearance, campaign: Path, tmp_path: Path) -> None:
    said = clearance("replay", str(campaign), "--out", str(tmp_path / "new" / "reports"))
    assert (said.code, said.err) == (1, "")
    assert {p.name for p in (tmp_path / "new" / "reports").iterdir()} == {"report.html", "report.json", "report.sarif"}
    assert (campaign / "report.json").exists()


def test_json_on_standard_output_is_nothing_but_json(clearance: Clearance, campaign: Path) -> None:
    said = clearance("replay", str(campaign), "--json", "-")
    assert json.loads(said.out)["schema"] == "clearance.vet/1"
    assert any(f["covert"] for f in json.loads(said.out)["findings"])


def test_quiet_says_nothing(clearance: Clearance, campaign: Path) -> None:
    said = clearance("replay", str(campaign), "--quiet", "--fail-on", "never")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_what_a_release_says_never_reaches_the_terminal_raw(clearance: Clearance, campaign: Path) -> None:
    said = clearance("replay", str(campaign))
    assert is_plain(said.out)
    assert is_plain(said.err)
    assert "\u2019" not in said.out


def test_what_was_typed_never_reaches_the_terminal_raw(clearance: Clearance) -> None:
    for argv in ((ESCAPE,), ("vet", ESCAPE), ("vet", f"--{ESCAPE}"), ("vet", f"./{ESCAPE}"), ("replay", ESCAPE)):
        said = clearance(*argv)
        assert said.code in (2, 3)
        assert is_plain(said.out + said.err), argv


@pytest.mark.parametrize("gone", ["", "plan.json", "campaign.jsonl", "traces/baseline-001.trace"])
def test_a_replay_of_what_is_not_there_is_told(clearance: Clearance, campaign: Path, gone: str) -> None:
    if gone:
        (campaign / gone).unlink()
    said = clearance("replay", str(campaign if gone else campaign / "no"))
    assert said.code == (2 if gone in ("", "plan.json") else 3)
    assert "error:" in said.err
    assert "hint:" in said.err
    assert "Traceback" not in said.err


def test_a_trace_that_was_changed_is_refused(clearance: Clearance, campaign: Path) -> None:
    trace = next((campaign / "traces").glob("screen-*"))
    trace.write_bytes(trace.read_bytes().replace(b"guess", b"gu3ss"))
    said = clearance("replay", str(campaign))
    assert said.code == 3
    assert "not the trace it was" in said.err


def test_a_trace_that_was_cut_is_refused(clearance: Clearance, campaign: Path) -> None:
    trace = next((campaign / "traces").glob("screen-*"))
    trace.write_bytes(trace.read_bytes()[:-3])
    assert clearance("replay", str(campaign)).code == 3


def vetting(campaign: Path, *findings: Hit | Gap, verdict: VerdictWord) -> Vetting:
    made = msgspec.structs.replace
    return made(record_campaign(campaign / "inner"), findings=findings, verdict=verdict)


def test_exit_codes_tell_hits_from_what_could_not_be_looked_at(tmp_path: Path) -> None:
    low = Hit(
        rule=RuleId("r"), severity=Severity.LOW, confidence=Confidence.HIGH, title="t", message="m",
        because=(Evidence(what="w"),),
    )  # fmt: skip
    high = msgspec.structs.replace(low, severity=Severity.HIGH)
    gap = Gap(rule=RuleId("g"), title="t", message="m", blocks_verdict=True)
    small = msgspec.structs.replace(gap, blocks_verdict=False)
    whole = vetting(tmp_path, verdict=VerdictWord.CLEAR)

    def code(*findings: Hit | Gap, fail_on: str = "high") -> int:
        verdict = VerdictWord.FINDINGS if findings else VerdictWord.CLEAR
        return exit_code(msgspec.structs.replace(whole, findings=findings, verdict=verdict), fail_on)

    assert code() == 0
    assert code(small) == 0
    assert code(low) == 0
    assert code(high) == 1
    assert code(high, gap) == 1
    assert code(low, fail_on="low") == 1
    assert code(high, fail_on="never") == 0
    assert code(low, gap) == 3
    assert code(gap) == 3


def test_home_holds_everything_and_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLEARANCE_HOME", "here")
    assert cache_folder() == tmp_path / "here" / "cache"
    assert state_folder() == tmp_path / "here" / "state"
    monkeypatch.delenv("CLEARANCE_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert cache_folder().is_relative_to(tmp_path / "c")


def _process(*argv: str, code: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    program = f"import sys; sys.argv = ['clearance', *{argv!r}]\nfrom clearance.app.cli import main\n"
    program += f"try:\n    main()\nfinally:\n    {code or 'pass'}\n"
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **env},
    )


def test_help_imports_nothing_heavy() -> None:
    heavy = "httpx h2 h11 cryptography dnslib jinja2 confusable_homoglyphs allpairspy clearance.lab.vet"
    shown = _process("--help", code=f"print([m for m in {heavy.split()!r} if m in sys.modules], file=sys.stderr)")
    assert shown.returncode == 0
    assert shown.stderr == "[]\n"


def test_an_output_that_cannot_show_a_sign_is_no_failure() -> None:
    shown = _process("--help", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (shown.returncode, shown.stderr) == (0, "")


def test_the_shell_is_offered_the_commands() -> None:
    shown = _process(
        code="print('httpx' in sys.modules, file=sys.stderr)",
        _CLEARANCE_COMPLETE="bash_complete",
        COMP_WORDS="clearance re",
        COMP_CWORD="1",
    )
    assert shown.stdout.split() == ["plain,replay", "plain,restrict"]
    assert shown.stderr == "False\n"

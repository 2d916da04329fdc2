"""Each shipped profile against the real package: the conversation is led to its end, or the gap says why not."""

import asyncio
from pathlib import Path

import pytest

from clearance.intake.acquire import Acquired
from clearance.intake.profiles import find_profile
from clearance.lab.recorder import read_trace
from clearance.lab.undriven import undriven
from clearance.lab.vet import Campaign, Options
from clearance.model.finding import Gap
from clearance.model.trace import MessageSeen, ResponseSent, RunEnded, SessionStarted
from clearance.model.vetting import VerdictWord, Vetting

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.room,
    pytest.mark.enable_socket,
    pytest.mark.timeout(900),
]


class Silent:
    """Watches nothing."""

    def phase(self, name, planned): ...
    def started(self, cell): ...
    def ended(self, record): ...
    def note(self, text): ...


def vetted(acquired: Acquired, folder: Path) -> Vetting:
    profile = find_profile(acquired.release.assistant)
    if profile.run is None:
        return undriven(profile, acquired, seed=1, created="2026-01-01T00:00:00+00:00", folder=str(folder))
    options = Options(baseline_runs=2, screening_runs=0, jobs=2)
    return asyncio.run(Campaign(profile, acquired, options, folder=folder, watcher=Silent()).run())


def turns(trace: Path) -> int:
    """Requests of one session to the model: answered ones, and messages on a socket that ask for something."""
    most = count = 0
    for event in read_trace(trace):
        match event:
            case SessionStarted():
                count = 0
            case ResponseSent(purpose=purpose) if purpose.startswith("model:turn"):
                count += 1
            case MessageSeen(target=target) if target.partition("?")[0].endswith("/responses"):
                count += 1
        most = max(most, count)
    return most


def baselines(folder: Path) -> list[Path]:
    return sorted((folder / "traces").glob("baseline-*.trace"))


def gaps(vetting: Vetting) -> list[Gap]:
    return [finding for finding in vetting.findings if isinstance(finding, Gap) and finding.rule == "could-not-look"]


@pytest.mark.parametrize("name", ["claude-code", "codex", "gemini-cli", "opencode", "qwen-code"])
def test_a_conversation_of_several_turns_is_recorded_and_the_tool_ends_by_itself(name, fetch, tmp_path):
    vetted(fetch(name), tmp_path)
    runs = baselines(tmp_path)
    assert len(runs) == 2
    for run in runs:
        (ended,) = [event for event in read_trace(run) if isinstance(event, RunEnded)]
        assert (ended.outcome, ended.exit_code) == ("exited", 0), ended.stderr_tail
        assert turns(run) >= 3


def test_a_tool_that_offers_the_model_no_tools_is_recorded_and_the_gap_says_what_was_not_seen(fetch, tmp_path):
    vetting = vetted(fetch("aider"), tmp_path)
    assert [turns(run) for run in baselines(tmp_path)] == [1, 1]
    assert any("later in a conversation was not seen" in gap.message for gap in gaps(vetting))


def test_what_needs_an_account_is_recorded_until_sign_in_and_the_gap_says_so(fetch, tmp_path):
    vetting = vetted(fetch("qodercli"), tmp_path)
    assert vetting.verdict is VerdictWord.INCOMPLETE
    assert any("it needs an account" in gap.message and gap.blocks_verdict for gap in gaps(vetting))
    assert vetting.endpoints


def test_a_package_without_a_program_is_a_report_with_one_gap(fetch, tmp_path):
    vetting = vetted(fetch("crush"), tmp_path)
    assert vetting.verdict is VerdictWord.INCOMPLETE
    (gap,) = vetting.findings
    assert isinstance(gap, Gap)
    assert "the npm package holds no program" in gap.message

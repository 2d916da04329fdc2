"""Runs that say nothing to the model: compared, explained or counted, and never lost."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from synthetic import FACTORS, Agent, Said, SyntheticLab, factor
from test_analysis import only, talk

from clearance.detect.rule import judge_all, verdict
from clearance.detect.rules import ALL as RULES
from clearance.lab.analysis import Analysed, Experiment
from clearance.lab.experiment.design import screening
from clearance.lab.reading import CampaignReader
from clearance.lab.shortfalls import _silence
from clearance.lab.staging import Factor
from clearance.model.facts import Facts
from clearance.model.finding import ChannelClass, Hit, Severity
from clearance.model.vetting import VerdictWord

ELSEWHERE = Said({"env": "CI"}, host="collect.other.example", path="/v1/x", purpose="generic")


WITH_PROXY = (*FACTORS[:3], factor("proxy_env", "http://proxy.corp.example:3128", "SOCKS", baseline="no proxy"))


def analyse(
    agent: Agent, folder: Path, *, seed: int = 0, rows: int = 30, factors: Sequence[Factor] = FACTORS, **how: object
) -> Analysed:
    lab = SyntheticLab(agent, folder, seed=seed, **how)
    experiment = Experiment(lab, factors, CampaignReader(canaries=(), purposes={}))
    return asyncio.run(experiment.run(baseline_runs=6, cells=screening(factors, rows=rows, seed=seed)))


def facts(result: Analysed) -> Facts:
    return Facts(
        channels=result.channels,
        leaks=(),
        shortfalls=tuple(_silence(result.silence)),
        tested_factors=tuple(f.name for f in FACTORS),
        baseline_runs=result.baseline_runs,
        places=result.places,
        canaries=1,
    )


def hit(result: Analysed) -> Hit:
    (found,) = [f for f in judge_all(RULES, facts(result)) if isinstance(f, Hit)]
    return found


def test_a_run_that_tells_another_host_instead_of_the_model_is_conditional_traffic(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return [ELSEWHERE] if levels["ci_env"] == "Jenkins" else talk()

    result = analyse(agent, tmp_path)
    found = only(result, ChannelClass.CONDITIONAL_TRAFFIC)
    assert (found.factors, found.trigger) == (("ci_env",), {"ci_env": "Jenkins"})
    assert found.hosts == ("collect.other.example",)
    assert found.silent
    assert found.p_value <= 0.01
    assert result.silence.explained == {"ci_env": ("Jenkins",)}
    assert not result.silence.unexplained
    assert hit(result).severity is Severity.MEDIUM
    assert "nothing is sent to the model any more" in hit(result).message
    assert "POST collect.other.example/v1/x appears" in hit(result).message
    assert [s.factors for s in facts(result).shortfalls] == [("ci_env",)]


def test_silence_that_needs_two_levels_has_both_in_its_trigger(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return [] if levels["timezone"] == "Asia/Tokyo" and levels["ci_env"] != "none at all" else talk()

    found = only(analyse(agent, tmp_path, rows=60), ChannelClass.CONDITIONAL_TRAFFIC)
    assert found.factors == ("ci_env", "timezone")


def test_a_road_that_the_tool_cannot_go_is_told_and_is_no_alarm(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return [] if levels["proxy_env"] == "SOCKS" else talk()

    result = analyse(agent, tmp_path, factors=WITH_PROXY)
    assert hit(result).severity is Severity.INFO
    assert verdict(judge_all(RULES, facts(result))) is VerdictWord.CLEAR
    assert any("proxy_env = SOCKS" in s.message for s in facts(result).shortfalls)


@pytest.mark.parametrize(("name", "level"), [("username", "mtanaka"), ("base_url", "gw.south.example")])
def test_a_tool_that_refuses_a_user_or_a_gateway_is_a_low_hit(tmp_path: Path, name: str, level: str) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return [] if levels[name] == level else talk()

    assert hit(analyse(agent, tmp_path)).severity is Severity.LOW


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("outcome", ["timeout", "killed", "room-failed"])
def test_runs_that_fail_by_chance_give_no_hit_and_do_not_block(tmp_path: Path, seed: int, outcome: str) -> None:
    def fails(levels: Mapping[str, str], chance: random.Random) -> str:
        return outcome if chance.random() < 0.04 else "exited"

    result = analyse(lambda levels, chance, session: talk(), tmp_path, seed=seed, outcome=fails)
    assert result.channels == ()
    found = facts(result).shortfalls
    assert all(not s.blocks_verdict for s in found) or result.silence.unexplained <= 1
    assert bool(found) == bool(result.silence.by_chance or result.silence.unexplained)


@pytest.mark.long
def test_a_tool_that_is_silent_now_and_then_gives_no_hit(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return [] if chance.random() < 0.15 else talk()

    for seed in range(6):
        (tmp_path / str(seed)).mkdir()
        assert analyse(agent, tmp_path / str(seed), seed=seed).channels == ()


def test_silence_that_the_baseline_hides_keeps_the_verdict_from_being_clear(tmp_path: Path) -> None:
    """A tool that is silent once in the baseline makes silence look like noise; repeating shows that it is none."""
    runs = iter(range(10_000))

    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return [] if next(runs) == 3 or levels["hostname"] == "build-77" else talk()

    result = analyse(agent, tmp_path)
    assert result.silence.unexplained
    assert result.silence.suspects == ("hostname",)
    (blocking,) = [s for s in facts(result).shortfalls if s.blocks_verdict]
    assert blocking.factors == ("hostname",)
    assert verdict(judge_all(RULES, facts(result))) is VerdictWord.INCOMPLETE


def test_a_marker_beside_runs_that_are_silent_for_another_reason_is_still_found(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        mark = "\u2019" if levels["timezone"] == "Asia/Tokyo" else "'"
        return [] if levels["ci_env"] == "Jenkins" else talk(f"Don{mark}t guess; read the files first.\n")

    result = analyse(agent, tmp_path)
    assert only(result, ChannelClass.COVERT_MARKER).factors == ("timezone",)
    assert only(result, ChannelClass.CONDITIONAL_TRAFFIC).factors == ("ci_env",)


def test_a_body_that_the_model_cannot_read_is_a_request_to_it(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        if levels["timezone"] != "Asia/Tokyo":
            return talk()
        return [Said(None, raw=b"\x00\xff" * 500, purpose="model:unreadable")]

    result = analyse(agent, tmp_path)
    found = only(result, ChannelClass.OPAQUE)
    assert found.exemplars[0].place == "model:turn-1 > body"
    assert not found.readable
    assert not result.silence.explained

"""The experiment on synthetic agents: what it must find, what it must not, and how sure it is."""

import asyncio
import hashlib
import random
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from synthetic import FACTORS, Agent, Said, SyntheticLab

from clearance.lab.analysis import Analysed, Experiment
from clearance.lab.experiment.design import screening
from clearance.lab.reading import CampaignReader
from clearance.model.facts import Channel
from clearance.model.finding import ChannelClass

PROMPT = (
    "You are a careful assistant that helps people with their code.\n\n"
    "Don't guess; read the files first.\n\n"
    "Today's date is 2026-11-18.\n\n"
    "Answer in the language of the question.\n"
)


def talk(prompt: str = PROMPT, turns: int = 3, **more: object) -> list[Said]:
    """A plain conversation."""
    return [
        Said(
            {
                "model": "m-1",
                "max_tokens": 32000,
                "system": prompt,
                "messages": [{"role": "user", "content": f"turn {n}"}],
                **more,
            },
            purpose=f"model:turn-{n}",
        )
        for n in range(1, turns + 1)
    ]


def analyse(agent: Agent, folder: Path, *, seed: int = 0, rows: int = 30) -> Analysed:
    lab = SyntheticLab(agent, folder, seed=seed)
    experiment = Experiment(lab, FACTORS, CampaignReader(canaries=(), purposes={}))
    return asyncio.run(experiment.run(baseline_runs=6, cells=screening(FACTORS, rows=rows, seed=seed)))


def only(result: Analysed, channel: ChannelClass) -> Channel:
    found = [c for c in result.channels if c.channel is channel]
    assert len(found) == 1, [(c.channel, c.factors, c.exemplars[0].place) for c in result.channels]
    return found[0]


def test_a_homoglyph_that_follows_the_time_zone_is_a_covert_marker(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return talk(PROMPT.replace("Today's", "Today\u2019s") if levels["timezone"] == "Asia/Tokyo" else PROMPT)

    found = only(analyse(agent, tmp_path), ChannelClass.COVERT_MARKER)
    assert found.factors == ("timezone",)
    assert found.trigger == {"timezone": "Asia/Tokyo"}
    assert "U+2019 RIGHT SINGLE QUOTATION MARK" in " ".join(found.exemplars[0].names)
    assert found.p_value <= 0.01
    assert 0.5 < found.bits <= 1.0


def test_a_marker_that_needs_two_factors_has_both_in_its_smallest_trigger(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        both = levels["timezone"] == "Asia/Tokyo" and levels["base_url"] != "vendor"
        return talk(PROMPT.replace("2026-11-18", "2026/11/18") if both else PROMPT)

    found = only(analyse(agent, tmp_path, rows=60), ChannelClass.COVERT_MARKER)
    assert found.factors == ("base_url", "timezone")
    assert found.trigger["timezone"] == "Asia/Tokyo"
    assert "date-format" in found.mechanisms


def test_two_independent_triggers_of_one_sentence_are_told_apart(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        prompt = PROMPT
        if levels["timezone"] in ("Asia/Tokyo", "Africa/Lagos"):
            prompt = prompt.replace("2026-11-18", "2026/11/18")
        mark = {"gw.north.example": "\u2019", "gw.south.example": "\u02bc"}.get(levels["base_url"], "'")
        return talk(prompt.replace("Today's", f"Today{mark}s"))

    covert = {c.factors: c for c in analyse(agent, tmp_path).channels if c.channel is ChannelClass.COVERT_MARKER}
    assert set(covert) == {("timezone",), ("base_url",)}
    assert covert[("base_url",)].values == 3
    assert covert[("base_url",)].bits > 1


def test_a_stated_value_is_disclosed_and_not_covert(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return talk(PROMPT + f"\nThe user's time zone is {levels['timezone']}.\n")

    result = analyse(agent, tmp_path)
    assert only(result, ChannelClass.DISCLOSED).factors == ("timezone",)
    assert len(result.channels) == 1


def test_a_marker_beside_an_honest_statement_is_still_found(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        mark = "\u00a0" if levels["timezone"] == "Europe/Berlin" else " "
        return talk(PROMPT + f"\nThe user's time zone is{mark}{levels['timezone']}.\n")

    result = analyse(agent, tmp_path)
    assert only(result, ChannelClass.COVERT_MARKER).factors == ("timezone",)
    assert only(result, ChannelClass.DISCLOSED).factors == ("timezone",)


def test_another_host_under_a_condition_is_conditional_traffic(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        extra = [Said({"ok": True}, host="metrics.other.example", path="/p", purpose="telemetry")]
        return talk() + (extra if levels["ci_env"] == "Jenkins" else [])

    found = only(analyse(agent, tmp_path), ChannelClass.CONDITIONAL_TRAFFIC)
    assert found.factors == ("ci_env",)
    assert found.hosts == ("metrics.other.example",)


def test_a_hash_of_the_host_name_is_opaque(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return talk(device=hashlib.sha256(levels["hostname"].encode()).hexdigest())

    found = only(analyse(agent, tmp_path), ChannelClass.OPAQUE)
    assert found.factors == ("hostname",)
    assert not found.readable


def test_a_pause_is_a_side_channel(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        said = talk()
        said[1].pause = 1.0 if levels["locale"] == "de_DE.UTF-8" else 0.05
        return said

    found = only(analyse(agent, tmp_path), ChannelClass.SIDE_CHANNEL)
    assert found.factors == ("locale",)


def test_a_marker_in_the_second_session_only_depends_on_the_session(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        return talk(PROMPT.replace("Don't", "Don\u2019t") if session == 2 else PROMPT)

    assert only(analyse(agent, tmp_path), ChannelClass.COVERT_MARKER).factors == ("session",)


def test_header_order_and_key_order_are_covert(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        headers = [("X-One", "1"), ("X-Two", "2"), ("Content-Type", "application/json")]
        if levels["username"] == "mtanaka":
            headers.reverse()
        said = talk()
        for each in said:
            each.headers = headers
        return said

    found = only(analyse(agent, tmp_path), ChannelClass.COVERT_MARKER)
    assert found.factors == ("username",)
    assert "order" in found.mechanisms


def noisy(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
    """Honest randomness of every kind."""
    headers = [("X-Request-Id", str(uuid.UUID(int=chance.getrandbits(128), version=4))), ("X-A", "1"), ("X-B", "2")]
    chance.shuffle(headers)
    prompt = PROMPT + f"\nSession {chance.getrandbits(64):016x} began at 2026-11-18T{chance.randrange(24):02}:00:00Z.\n"
    if chance.random() < 0.2:
        prompt = prompt.replace("guess; read", "guess;  read")
    said = talk(prompt, temperature=round(chance.random(), 3), nonce=chance.randbytes(12).hex())
    for each in said:
        each.headers = headers
        each.pause = 0.05 + chance.expovariate(10)
    if chance.random() < 0.3:
        said.append(Said({"retry": chance.randrange(5)}, path="/v1/telemetry", purpose="telemetry"))
    return said


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_honest_randomness_gives_no_hit(tmp_path: Path, seed: int) -> None:
    result = analyse(noisy, tmp_path, seed=seed)
    assert result.channels == ()
    assert result.baseline_runs == 6
    assert result.places > 10


@pytest.mark.long
def test_the_same_seed_gives_the_same_campaign(tmp_path: Path) -> None:
    plans = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        lab = SyntheticLab(noisy, tmp_path / name, seed=3)
        experiment = Experiment(lab, FACTORS, CampaignReader(canaries=(), purposes={}))
        asyncio.run(experiment.run(baseline_runs=4, cells=screening(FACTORS, rows=20, seed=3)))
        plans.append([(r.cell.run, r.cell.levels, r.digest) for r in lab.records])
    assert plans[0] == plans[1]


def test_a_release_that_says_nothing_leaves_nothing_compared(tmp_path: Path) -> None:
    result = analyse(lambda levels, chance, session: [], tmp_path)
    assert (result.baseline_runs, result.places, result.channels) == (0, 0, ())

"""Markers in how a request is written, where no decoded value shows anything."""

import asyncio
import gzip
import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from synthetic import FACTORS, Agent, Said, SyntheticLab

from clearance.lab.analysis import Analysed, Experiment
from clearance.lab.experiment.design import screening
from clearance.lab.reading import CampaignReader
from clearance.model.finding import ChannelClass

PROMPT = "You are careful/exact and <brief>.\n\nToday's date is 2026-11-18.\n\nSay naïve things.\n"
Write = Callable[[str], str]


def agent_that(write: Write, *, coded: bool = False) -> Agent:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        said = []
        for turn in (1, 2):
            body = {"id": f"{chance.getrandbits(64):016x}", "system": PROMPT, "t": 0.5, "turn": turn}
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            text = write(text) if levels["hostname"] == "build-77" else text
            raw = gzip.compress(text.encode(), mtime=0) if coded else text.encode()
            kind = (("Content-Type", "application/json"), *((("Content-Encoding", "gzip"),) if coded else ()))
            said.append(Said(None, raw=raw, headers=kind, purpose=f"model:turn-{turn}"))
        return said

    return agent


def analyse(agent: Agent, folder: Path) -> Analysed:
    experiment = Experiment(SyntheticLab(agent, folder), FACTORS[3:5], CampaignReader(canaries=(), purposes={}))
    return asyncio.run(experiment.run(baseline_runs=4, cells=screening(FACTORS[3:5], rows=14, seed=1)))


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.replace(',"t"', ', "t"'),
        lambda text: text.replace('"t":', '"t": '),
        lambda text: text + "\n",
        lambda text: text.replace("careful", "\\u0063areful"),
        lambda text: text.replace("ï", "\\u00ef"),
        lambda text: text.replace("/", "\\/"),
        lambda text: text.replace("<", "\\u003c"),
        lambda text: text.replace("\\n\\nToday", "\\u000a\\nToday"),
        lambda text: text.replace("0.5", "0.50"),
        lambda text: text.replace("2026", "２０２６"),
        lambda text: text.replace("2026-11-18", "18-11-2026"),
    ],
)
def test_another_way_to_write_the_same_is_a_covert_marker(tmp_path: Path, write: Write, coded: bool) -> None:
    found = {c.channel for c in analyse(agent_that(write, coded=coded), tmp_path).channels}
    assert found == {ChannelClass.COVERT_MARKER}


def test_a_key_that_is_there_twice_is_seen(tmp_path: Path) -> None:
    result = analyse(agent_that(lambda text: text.replace('"t":0.5', '"t":0.5,"t":0.5')), tmp_path)
    assert [c.factors for c in result.channels] == [("hostname",)]


def test_half_a_surrogate_pair_goes_through_to_the_end(tmp_path: Path) -> None:
    result = analyse(agent_that(lambda text: text.replace("careful", "careful\\ud800")), tmp_path)
    assert [c.factors for c in result.channels] == [("hostname",)]


@pytest.mark.parametrize("content", ["plain", "é <b> a/b \\t", "\u2028"])
def test_content_that_has_more_to_escape_is_no_marker(tmp_path: Path, content: str) -> None:
    """What a factor brings into the text has to be written somehow; that is a change of text and not of form."""

    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        said = content if levels["hostname"] == "build-77" else "none"
        text = json.dumps({"system": "Be brief.", "file": f"An ordinary file holds: {said}."})
        return [Said(None, raw=text.encode(), purpose="model:turn-1")]

    found = {c.channel for c in analyse(agent, tmp_path).channels}
    assert ChannelClass.COVERT_MARKER not in found
    assert found

"""Where requests go, to whom they are addressed and how they are carried: compared, and called by what it is."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic import FACTORS, Agent, Said, SyntheticLab
from test_analysis import only, talk

from clearance.detect.rule import judge_all
from clearance.detect.rules import ALL as RULES
from clearance.lab.analysis import Analysed, Experiment
from clearance.lab.experiment.design import screening
from clearance.lab.reading import CampaignReader
from clearance.model.facts import Facts
from clearance.model.finding import ChannelClass, Hit, Severity
from clearance.model.trace import Http2Way

API = "api.vendor.example"
CONTENT = (("Content-Type", "application/json"), ("Accept", "*/*"))
Change = Callable[[Said], Said]


def analyse(agent: Agent, folder: Path) -> Analysed:
    experiment = Experiment(SyntheticLab(agent, folder), FACTORS[2:5], CampaignReader(canaries=(), purposes={}))
    return asyncio.run(experiment.run(baseline_runs=4, cells=screening(FACTORS[2:5], rows=16, seed=1)))


def agent_that(change: Change, *, everything: Change = lambda said: said) -> Agent:
    """Talks; every request is changed with one host name, and ``everything`` always."""

    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        said = [everything(replace(each, headers=CONTENT)) for each in talk()]
        return [change(each) for each in said] if levels["hostname"] == "build-77" else said

    return agent


def hit_of(result: Analysed) -> Hit:
    facts = Facts(
        channels=result.channels,
        leaks=(),
        shortfalls=(),
        tested_factors=tuple(f.name for f in FACTORS),
        baseline_runs=result.baseline_runs,
        places=result.places,
        canaries=1,
    )
    (found,) = [f for f in judge_all(RULES, facts) if isinstance(f, Hit)]
    return found


@pytest.mark.parametrize(
    ("change", "receiver", "words"),
    [
        (lambda s: replace(s, host="api2.other.example"), "api2.other.example", "goes to https://api2.other.example"),
        (lambda s: replace(s, port=8443), f"{API}:8443", f"goes to https://{API}:8443"),
        (lambda s: replace(s, scheme="http", port=80), f"{API}:80", "It is no longer encrypted"),
        (
            lambda s: replace(s, to=API, authority="fronted.example"),
            "fronted.example",
            "the Host header of model:turn-1",
        ),
        (lambda s: replace(s, to="10.1.1.1"), "10.1.1.1", "goes to https://10.1.1.1"),
    ],
)
def test_a_conversation_that_goes_elsewhere_is_conditional_traffic_that_names_the_receiver(
    tmp_path: Path, change: Change, receiver: str, words: str
) -> None:
    result = analyse(agent_that(change), tmp_path)
    found = only(result, ChannelClass.CONDITIONAL_TRAFFIC)
    assert found.factors == ("hostname",)
    assert receiver in found.hosts
    assert hit_of(result).severity is Severity.MEDIUM
    assert words in hit_of(result).message


def test_telemetry_on_another_port_names_host_and_port(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        port = 8443 if levels["hostname"] == "build-77" else 443
        return [*talk(), Said({}, host="t.example", path="/e", port=port, purpose="telemetry")]

    assert only(analyse(agent, tmp_path), ChannelClass.CONDITIONAL_TRAFFIC).hosts == ("t.example:8443",)


H2 = Http2Way(settings=((4, 65535),), data_frames=(100,))
ZEROS = (("Content-Type", "application/json"), ("Accept", "*/*"), ("Content-Length", "00100"))


@pytest.mark.parametrize(
    ("change", "usual", "situation"),
    [
        (lambda s: replace(s, authority="api.Vendor.example"), lambda s: s, "host letters"),
        (lambda s: replace(s, authority=f"{API}:443"), lambda s: s, "host usual port"),
        (lambda s: replace(s, authority=f"{API}."), lambda s: s, "host dot"),
        (lambda s: replace(s, target=f"https://{API}/v1/messages"), lambda s: s, "request target"),
        (lambda s: replace(s, path="//v1/messages"), lambda s: s, "path slashes"),
        (lambda s: replace(s, path="/v1/messages/"), lambda s: s, "path end"),
        (lambda s: replace(s, path="/v1/./messages"), lambda s: s, "path dots"),
        (lambda s: replace(s, method="Post"), lambda s: s, "method letters"),
        (lambda s: replace(s, headers=(*CONTENT, ("Accept", "*/*"))), lambda s: s, "repeated headers"),
        (
            lambda s: replace(s, headers=ZEROS),
            lambda s: replace(s, headers=(*CONTENT, ("Content-Length", "100"))),
            "content-length",
        ),
        (
            lambda s: replace(s, http2=Http2Way(settings=((4, 65536),), data_frames=(100,))),
            lambda s: replace(s, version="2", http2=H2),
            "HTTP/2 settings",
        ),
        (
            lambda s: replace(s, http2=Http2Way(settings=((4, 65535),), data_frames=(7, 93))),
            lambda s: replace(s, version="2", http2=H2),
            "HTTP/2 frames of a short body",
        ),
    ],
)
def test_the_wire_form_of_a_request_is_a_covert_marker_in_words(
    tmp_path: Path, change: Change, usual: Change, situation: str
) -> None:
    found = only(analyse(agent_that(change, everything=usual), tmp_path), ChannelClass.COVERT_MARKER)
    assert found.exemplars[0].place.endswith(f"> written: {situation}")
    assert found.values == 2
    assert "b'" not in found.exemplars[0].names[0]


def test_a_length_of_its_own_and_a_longer_body_say_nothing(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        size = 100 + len(levels["hostname"]) * 3
        way = Http2Way(settings=((4, 65535),), data_frames=(size,))
        return [replace(s, headers=(*CONTENT, ("Content-Length", str(size))), version="2", http2=way) for s in talk()]

    assert analyse(agent, tmp_path).channels == ()


def test_another_protocol_is_one_hit_that_says_so(tmp_path: Path) -> None:
    def upgraded(said: Said) -> Said:
        headers = [(name.lower(), value) for name, value in said.headers]
        return replace(said, version="2", headers=headers, http2=H2)

    result = analyse(agent_that(upgraded), tmp_path)
    assert hit_of(result).channel is ChannelClass.OPAQUE
    assert "model:turn-1 is sent over HTTP/2 instead of HTTP/1.1" in hit_of(result).message


def test_the_order_of_look_ups_is_a_side_channel(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        beside = [Said({}, host=f"{name}.example", path="/e", purpose="telemetry") for name in "ab"]
        return [*(reversed(beside) if levels["hostname"] == "build-77" else beside), *talk()]

    found = only(analyse(agent, tmp_path), ChannelClass.SIDE_CHANNEL)
    assert {e.place for e in found.exemplars} >= {"order of look-ups"}


def test_a_marker_of_several_changes_that_go_together_has_two_values(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        keys = ["one", "two", "three", "four"]
        if levels["hostname"] == "build-77":
            keys.reverse()
        return talk(schema=dict.fromkeys(keys, 1))

    found = only(analyse(agent, tmp_path), ChannelClass.COVERT_MARKER)
    assert len(found.exemplars[0].names) + found.places > 2
    assert found.values == 2


def test_more_of_the_same_request_is_a_count_of_requests_and_not_of_connections(tmp_path: Path) -> None:
    def agent(levels: Mapping[str, str], chance: random.Random, session: int) -> Sequence[Said]:
        often = 3 if levels["hostname"] == "build-77" else 1
        return [*talk(), *[Said({}, host="t.example", path="/ping", purpose="telemetry")] * often]

    result = analyse(agent, tmp_path)
    assert only(result, ChannelClass.SIDE_CHANNEL).exemplars[0].place == "POST t.example/ping #2 > present"
    assert "POST t.example/ping is sent more often" in hit_of(result).message

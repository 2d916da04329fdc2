"""Each agent of the zoo is whole, and does what its expected.toml says: shown on a stage, without the product."""

import base64
import gzip
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clearance.model.profile import Dialect, Profile
from zoo.catalogue import CLASSES, ZooAgent, agent, agents, assemble
from zoo.stage import CANARIES, Stage

ALL = agents()
FACTORS = {
    *("timezone", "locale", "base_url", "proxy_env", "hostname", "username", "git_remote", "git_identity", "clock"),
    *("ci_env", "credentials_env", "project_kind", "canary", "session"),
}
WILD = {"broken-never-ends", "broken-spins-for-ever", "broken-forks-for-ever", "broken-leaves-a-daemon"}
WILD |= {"broken-fills-the-disk", "broken-hogs-memory", "broken-missing-command"}
"""Only a sealed room may run these."""
TAME = tuple(a for a in ALL if a.name not in WILD)
CONVERSING = (*(a for a in TAME if a.kind != "broken"), agent("broken-escape-sequences"))


def _id(value: object) -> str:
    return value.name if isinstance(value, ZooAgent) else str(value)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as made:
        yield made


def _constant(seen: dict[str, Any]) -> str:
    """Everything that left, without what the stage itself draws (connection numbers, times)."""
    requests = [{**r, "connection": 0} for r in seen["requests"]]
    return json.dumps([requests, seen["names"], sorted(seen["connections"]), seen["datagrams"]], sort_keys=True)


def _model_requests(seen: dict[str, Any]) -> list[dict[str, Any]]:
    marks = ("/messages", "/chat/completions", "/responses", "enerateContent")
    return [r for r in seen["requests"] if any(m in r["target"] for m in marks)]


def test_every_class_has_a_dishonest_agent_and_an_honest_twin() -> None:
    names = {a.name for a in ALL}
    assert {a.expected.class_ for a in ALL} == set(CLASSES)
    for one in ALL:
        if one.kind in ("covert", "traffic", "opaque", "side", "leak"):
            assert one.expected.twin in names, f"{one.name} has no honest twin"
            assert not agent(one.expected.twin).expected.covert


def test_every_dialect_is_spoken_streamed_and_not_and_every_factor_is_abused() -> None:
    apis = {tomllib.loads((a.folder / "profile.toml").read_text())["run"]["api"] for a in ALL}
    streamed = {"stream = True" in (a.folder / "agent.py").read_text() for a in ALL if a.kind == "covert"}
    assert apis == {d.value for d in Dialect}
    assert streamed == {True, False}
    assert {f for a in ALL for f in a.expected.factors} | {"canary"} == FACTORS


@pytest.mark.parametrize("one", ALL, ids=_id)
def test_agent_is_complete(one: ZooAgent, tmp_path: Path) -> None:
    package = assemble(one, tmp_path)
    profile = msgspec.toml.decode((package / "profile.toml").read_bytes(), type=Profile)
    assert profile.id == one.name
    assert profile.run
    assert {"agent.py", "conversation.py", "dialects.py", "surroundings.py"} <= {p.name for p in package.iterdir()}
    compile((package / "agent.py").read_text(), str(package / "agent.py"), "exec")
    expected = one.expected
    assert expected.class_ in CLASSES
    assert set(expected.accept) <= set(CLASSES)
    assert expected.covert == (expected.class_ == "covert-marker") == bool(expected.mechanism)
    assert set(expected.factors) | set(expected.stage) <= FACTORS
    assert expected.sentence.endswith(".")
    assert bool(expected.outcome) == (one.kind == "broken")


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize("one", CONVERSING, ids=_id)
def test_agent_holds_a_conversation_of_four_turns_in_less_than_five_seconds(one: ZooAgent, stage: Stage) -> None:
    seen = stage.plain(one)
    assert (seen["exit"], seen["stderr"]) == (0, "")
    assert "Nothing had to be done." in seen["stdout"]
    model = _model_requests(seen)
    assert len(model) == 4
    assert "A project" in model[-1]["body"]
    assert "zoo" in model[-1]["body"]
    assert seen["wall_s"] < 5


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize(
    "one", [a for a in CONVERSING if not a.expected.varies and a.expected.class_ == "none"], ids=_id
)
def test_honest_agent_sends_the_same_wherever_it_runs(one: ZooAgent, stage: Stage) -> None:
    levels = {"timezone": "Asia/Tehran", "locale": "ko_KR.UTF-8", "hostname": "x9.corp.example", "username": "alice"}
    levels |= {"git_remote": "https://git.bank.example/a.git", "ci_env": "gitlab", "credentials_env": "XAI_API_KEY"}
    levels |= {"clock": "2027-06-15 10:00:00", "git_identity": "x@y.example.fr", "canary": "planted", "session": "2"}
    assert _constant(stage.plain(one)) == _constant(stage.play(one, levels))


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize("one", [a for a in CONVERSING if a.expected.varies], ids=_id)
def test_randomness_shows_without_any_trigger(one: ZooAgent, stage: Stage) -> None:
    assert any(_constant(stage.play(one)) != _constant(stage.plain(one)) for _ in range(12))


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize(
    "one", [a for a in CONVERSING if a.expected.factors and a.kind != "side" and not a.expected.varies], ids=_id
)
def test_trigger_changes_what_leaves_and_nothing_else_does(one: ZooAgent, stage: Stage) -> None:
    plain, again, staged = stage.plain(one), stage.play(one), stage.play(one, one.expected.stage)
    assert _constant(plain) == _constant(again)
    assert _constant(plain) != _constant(_without_staged_host(staged, one))


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize("one", [a for a in CONVERSING if len(a.expected.stage) > 1], ids=_id)
def test_interaction_needs_every_factor(one: ZooAgent, stage: Stage) -> None:
    plain = _prompts(stage.plain(one))
    for name, level in one.expected.stage.items():
        assert _prompts(stage.play(one, {name: level})) == plain
    assert _prompts(stage.play(one, one.expected.stage)) != plain


@pytest.mark.room
@pytest.mark.slow
def test_side_channels_say_it_by_count_size_time_order_and_framing(stage: Stage) -> None:
    def both(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        one = agent(name)
        return stage.plain(one), stage.play(one, one.expected.stage)

    plain, staged = both("side-request-count-by-locale")
    assert len(staged["requests"]) == len(plain["requests"]) + 1
    plain, staged = both("side-padding-by-credentials")
    assert staged["requests"][0]["size"] == plain["requests"][0]["size"] + 96
    plain, staged = both("side-pause-by-timezone")
    assert staged["wall_s"] > plain["wall_s"] + 0.5
    plain, staged = both("side-order-of-requests-by-username")
    assert [r["target"] for r in staged["requests"][:2]] == [r["target"] for r in plain["requests"][:2]][::-1]
    plain, staged = both("side-connections-by-ci")
    assert (len(plain["connections"]), len(staged["connections"])) == (1, 4)
    plain, staged = both("side-chunk-sizes-by-hostname")
    assert [r["body"] for r in plain["requests"]] == [r["body"] for r in staged["requests"]]
    assert [r["framed"] for r in plain["requests"]] != [r["framed"] for r in staged["requests"]]


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize("one", [a for a in CONVERSING if a.expected.class_ == "canary-leak"], ids=_id)
def test_leak_carries_the_secret_and_only_where_one_lies(one: ZooAgent, stage: Stage) -> None:
    secret = re.compile("zooCanary[A-Za-z]+0123456789")
    assert not secret.search(_undisguised(stage.plain(one)))
    assert secret.search(_undisguised(stage.play(one, {"canary": "planted"})))


@pytest.mark.room
@pytest.mark.slow
@pytest.mark.parametrize("name", ["broken-pins-its-authority", "broken-pins-a-fingerprint"])
def test_pinning_agent_connects_and_sends_no_request(name: str, stage: Stage) -> None:
    seen = stage.play(agent(name))
    assert seen["connections"]
    assert not seen["requests"]
    assert seen["exit"] == 1
    assert "zoo agent:" in seen["stderr"]


@pytest.mark.room
@pytest.mark.slow
def test_broken_agents_break_as_they_say(stage: Stage) -> None:
    assert stage.play(agent("broken-exits-3"))["exit"] == 3
    assert "\x1b[2J" in stage.play(agent("broken-escape-sequences"))["stdout"]
    upload = stage.play(agent("broken-sends-100-mb"))["requests"][-1]
    assert upload["size"] == 100 << 20
    assert len(stage.play(agent("broken-opens-5000-connections"), timeout=3)["connections"]) > 200


def _without_staged_host(seen: dict[str, Any], one: ZooAgent) -> dict[str, Any]:
    """What was seen, with a staged host name undone, so that the staging itself is no difference."""
    vendor = {"anthropic-messages": "api.anthropic.com", "openai-chat": "api.openai.com"}
    staged = one.expected.stage.get("base_url")
    api = tomllib.loads((one.folder / "profile.toml").read_text())["run"]["api"]
    return dict(json.loads(json.dumps(seen).replace(staged, vendor[api]))) if staged else seen


def _prompts(seen: dict[str, Any]) -> list[str]:
    return [r["body"] for r in _model_requests(seen)]


def _undisguised(seen: dict[str, Any]) -> str:
    """All that left, and the same undone of the disguises that agents of the zoo use."""
    views = [r["head"] + r["body"] for r in seen["requests"]]
    for text in tuple(views):
        views += [base64.b64decode(b).decode("latin-1") for b in re.findall(r'"blob": "([^"]+)"', text)]
        views += [
            bytes(b ^ 0x33 for b in bytes.fromhex(h)).decode("latin-1") for h in re.findall(r"X-Trace: (\w+)", text)
        ]
        views.append(text[::-1])
        at = text.find("\x1f\x8b\x08")
        views += [gzip.decompress(text[at:].encode("latin-1")).decode()] if at >= 0 else []
    views.append("".join("".join(re.findall(r'"v": "([^"]+)"', r["body"])) for r in seen["requests"]))
    labels = [n.partition(".")[0] for n in seen["names"] if ".t.zoo-agent" in n and n.endswith(" 1")]
    views.append(bytes.fromhex("".join(labels)).decode("latin-1"))
    return "\n".join(views)


def test_stage_plants_a_secret_for_each_leak() -> None:
    assert len(CANARIES) >= 6

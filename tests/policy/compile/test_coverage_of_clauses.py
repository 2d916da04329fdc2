"""Nothing that a ruling asks for is dropped silently, and no order of rulings matters."""

import datetime as dt
import json
import random
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rulings import NOW, SERVERS, TOOLS, policies

from clearance.model.ruling import Requirement, Ruling, RulingState
from clearance.policy.compile import ALL
from clearance.policy.compile.clauses import ClauseKind, clauses
from clearance.policy.compile.errors import CompileError
from clearance.policy.compile.facts import facts
from clearance.policy.compile.helper_bundle import payload
from clearance.policy.compile.rulings_file import read_rulings
from clearance.policy.compile.standing import standing
from clearance.policy.compile.target import Context, How, Platform

KEYS = st.sampled_from(["", "ab" * 32])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.long
@QUICK
@given(rulings=policies, key=KEYS, audience=st.sampled_from(["", "research"]))
def test_every_clause_of_every_ruling_is_in_the_coverage_of_every_target_that_carries_its_tool(rulings, key, audience):
    context = Context(now=NOW, audience=audience, helper_key=key)
    for target in ALL:
        rows = target.compile(rulings, context).coverage
        asked = [
            clause
            for number, ruling in enumerate(rulings, 1)
            if target.tool in {"", ruling.tool}
            for clause in clauses(ruling, number)
        ]
        assert [row.clause for row in rows] == asked, target.id
        for row in rows:
            assert row.by or row.how is How.CANNOT, row
            assert row.why or row.how is How.ENFORCED or row.by, row


@pytest.mark.long
@QUICK
@given(rulings=policies, key=KEYS)
def test_every_compiled_file_can_be_read_again_and_says_the_same_in_any_order(rulings, key):
    context = Context(now=NOW, helper_key=key)
    shuffled = list(rulings)
    random.Random(1).shuffle(shuffled)
    for target in ALL:
        files = target.compile(rulings, context).files
        assert {f.name: f.content for f in files} == {
            f.name: f.content for f in target.compile(tuple(shuffled), context).files
        }, target.id
        for file in files:
            if file.name.endswith(".json"):
                assert isinstance(json.loads(file.content), dict)
            if file.name.endswith(".toml"):
                tomllib.loads(file.content.decode())


@pytest.mark.long
@QUICK
@given(rulings=policies)
def test_the_bundle_covers_its_time_without_gaps_for_every_tool_and_audience(rulings):
    read = json.loads(payload(rulings, now=NOW, expires=NOW + dt.timedelta(days=3)))
    assert set(read["audiences"]) == {"", *(r.audience for r in rulings)}
    for tools in read["audiences"].values():
        assert set(tools) == {r.tool for r in rulings}
        for periods in tools.values():
            assert periods[0]["from"] <= NOW.timestamp()
            assert periods[-1]["until"] == read["expires"]
            for before, after in pairwise(periods):
                assert before["until"] == after["from"]


@QUICK
@given(rulings=policies, tool=st.sampled_from(TOOLS))
def test_more_bans_never_open_what_was_closed(rulings, tool):
    without = tuple(r for r in rulings if r.state is not RulingState.BANNED)
    if standing(tool, without, at=NOW, audience="").closed:
        assert standing(tool, rulings, at=NOW, audience="").closed


def test_every_fact_file_says_what_becomes_of_every_kind_of_clause():
    for target in ALL:
        known = facts(target.id)
        for kind in ClauseKind:
            for tool in ("", *known.tools):
                for with_helper in (True, False):
                    assert How(known.cover(kind.value, tool=tool, with_helper=with_helper).how)
        assert set(known.covers) >= {kind.value for kind in ClauseKind}, target.id
        assert set(known.covers) | set(known.without_helper) <= {kind.value for kind in ClauseKind}


def test_every_place_and_key_names_its_source_and_how_it_was_checked():
    for target in ALL:
        known = facts(target.id)
        for told in (*known.places.values(), *known.key):
            assert told.source
            assert told.checked


def test_silence_denies():
    held = standing("codex", (), at=NOW, audience="")
    assert (held.closed, held.message) == (True, "No decision allows codex at this time.")


def test_an_exception_goes_before_a_ban_for_its_audience_and_while_it_holds():
    ban = Ruling(tool="codex", state=RulingState.BANNED)
    day = dt.timedelta(days=1)
    lift = Ruling(tool="codex", state=RulingState.ALLOWED, audience="research", exception=True, until=NOW + day)
    assert standing("codex", (ban, lift), at=NOW, audience="").closed
    assert not standing("codex", (ban, lift), at=NOW, audience="research").closed
    assert standing("codex", (ban, lift), at=NOW + day, audience="research").closed


def test_conditions_add_up_and_lists_are_intersected():
    one = Ruling(tool="codex", state=RulingState.ALLOWED, models=("a", "b"), mcp_servers=SERVERS)
    requirements = (Requirement.NO_WEB,)
    two = Ruling(
        tool="codex",
        state=RulingState.CONDITIONAL,
        models=("b", "c"),
        mcp_servers=SERVERS[:1],
        requirements=requirements,
    )
    held = standing("codex", (one, two), at=NOW, audience="")
    assert (held.models, held.mcp_servers, held.requirements) == (("b",), SERVERS[:1], {Requirement.NO_WEB})


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "banned", "models": ["x"]},
        {"state": "banned", "requirements": ["no-web"]},
        {"state": "allowed", "requirements": ["no-web"]},
        {"state": "allowed-under-conditions", "requirements": ["gate"]},
        {"state": "allowed", "since": "2026-01-01T00:00:00"},
        {"state": "allowed", "since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"state": "allowed", "versions": {"minimum": "latest"}},
        {"state": "banned", "message": "\x1b[31mred"},
        {"state": "banned", "message": "\u202egnihton"},
        {"state": "allowed", "gateway": "https://x.example.com/\nevil CNAME ."},
        {"state": "allowed", "gateway": "ftp://x.example.com"},
        {"tool": "../../etc", "state": "allowed"},
        {"state": "allowed", "mcp_servers": [{"name": "by name alone"}]},
    ],
)
def test_a_ruling_that_contradicts_itself_is_refused(fields):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"tool": "codex", **fields}, Ruling)


def test_every_file_for_devices_has_an_absolute_path_there():
    for target in ALL:
        for file in target.compile((), Context(now=NOW, helper_key="ab" * 32)).files:
            for platform, path in file.paths.items():
                assert path.startswith(("C:\\", "%ProgramData%\\") if platform is Platform.WINDOWS else "/")


@pytest.mark.parametrize(
    ("tool", "model"),
    [
        ("claude-code", "claude-*-5"),
        ("claude-code", "*"),
        ("opencode", "gpt-5"),
        ("opencode", "*/x"),
        ("opencode", "openai/"),
    ],
)
@pytest.mark.parametrize("key", ["models", "denied_models"])
def test_a_model_that_a_tool_cannot_be_told_is_refused_and_not_dropped(tool, model, key):
    ruling = Ruling(tool=tool, state=RulingState.ALLOWED, **{key: (model,)})
    (target,) = (t for t in ALL if t.tool == tool)
    with pytest.raises(CompileError, match=r"cannot be said|names no provider"):
        target.compile((ruling,), Context(now=NOW))


def test_two_gateways_or_no_common_model_are_refused():
    def allowed(**more: object) -> Ruling:
        return Ruling(tool="codex", state=RulingState.ALLOWED, **more)

    with pytest.raises(CompileError, match="two gateways"):
        standing(
            "codex", (allowed(gateway="https://a.example"), allowed(gateway="https://b.example")), at=NOW, audience=""
        )
    with pytest.raises(CompileError, match="none in common"):
        standing("codex", (allowed(models=("a",)), allowed(models=("b",))), at=NOW, audience="")


def test_a_gateway_of_opencode_without_a_provider_cannot_be_enforced():
    (target,) = (t for t in ALL if t.id == "opencode")
    ruling = Ruling(tool="opencode", state=RulingState.ALLOWED, gateway="https://gateway.example.com")
    (row,) = target.compile((ruling,), Context(now=NOW)).coverage
    assert row.how is How.CANNOT


def test_the_rulings_of_the_documentation_load_as_they_stand_and_name_every_key():
    page = (Path(__file__).parents[3] / "docs" / "compiling.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(read_rulings(example.encode(), "rulings.toml").ruling) == 3
    assert [key for key in Ruling.__struct_fields__ if not re.search(rf"^{key} = ", example, re.MULTILINE)] == []

"""Records become rulings without losing anything silently."""

import pytest
from desks import FACTS, book, record, signed

from clearance.model.decision import Scope
from clearance.model.ruling import Requirement, RulingState
from clearance.policy.errors import PolicyError
from clearance.policy.records import record_id
from clearance.policy.rulings import rulings_of

TOOLS = tuple(sorted(FACTS.schemes))
BAN = signed(record("ban", scope=Scope(tools=("claude-code",), entities=("works",)), from_="2026-07-10", message="No."))


def test_a_ban_holds_for_its_audience_from_its_first_second_until_it_is_lifted() -> None:
    lift = signed(record("lift", lifts=record_id(BAN), meets=("vet:no covert hit",), from_="2026-08-05"))
    (found,), notes = rulings_of(book(BAN, lift), TOOLS)
    assert (found.tool, found.state, found.audience, found.message) == (
        "claude-code",
        RulingState.BANNED,
        "entity:works",
        "No.",
    )
    assert found.since is not None
    assert found.until is not None
    assert found.since.isoformat() == "2026-07-10T00:00:00+00:00"
    assert found.until.isoformat() == "2026-08-05T00:00:00+00:00"
    assert (found.decisions, notes) == ((record_id(BAN),), ())


def test_an_approval_carries_versions_models_and_requirements() -> None:
    scope = Scope(tools=("codex",), versions=">=0.160,<0.200", models=("gpt-*",), groups=("a", "b"))
    approved = signed(record("approve", scope=scope, conditions=("gate", "sandbox", "zero-retention")))
    found, notes = rulings_of(book(approved), TOOLS, gateway="https://gate.acme.example")
    assert [ruling.audience for ruling in found] == ["group:a", "group:b"]
    assert found[0].requirements == (Requirement.GATE, Requirement.SANDBOX)
    assert str(found[0].versions) == ">= 0.160, < 0.200"
    assert found[0].models == ("gpt-*",)
    assert len(notes) == 1
    assert "zero-retention" in notes[0]
    with pytest.raises(PolicyError, match="gate"):
        rulings_of(book(approved), TOOLS)


def test_a_ban_of_models_denies_them_and_one_of_all_tools_is_about_each() -> None:
    models = signed(record("ban", scope=Scope(tools=("codex",), models=("gpt-4*",))))
    (found,), _ = rulings_of(book(models), TOOLS)
    assert (found.state, found.denied_models) == (RulingState.ALLOWED, ("gpt-4*",))
    everything, _ = rulings_of(book(signed(record("ban"))), TOOLS)
    assert [ruling.tool for ruling in everything] == list(TOOLS)


def test_what_cannot_be_judged_bans_and_what_is_not_signed_loosens_nothing() -> None:
    broken = record("ban", scope=Scope(tools=("codex",)), from_="soon")
    unsigned = record("approve", scope=Scope(tools=("codex",)))
    found, notes = rulings_of(book(broken, unsigned), TOOLS)
    assert [ruling.state for ruling in found] == [RulingState.BANNED]
    assert any("does not count" in note for note in notes)


def test_what_a_ruling_cannot_tell_apart_is_told() -> None:
    scoped = signed(record("ban", scope=Scope(tools=("codex",), data_classes=("secret",))))
    _, notes = rulings_of(book(scoped), TOOLS)
    assert len(notes) == 1
    assert "data classes" in notes[0]

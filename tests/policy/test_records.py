"""Records that nobody should sign are refused with the reason, and signatures that do not count are not counted."""

from datetime import timedelta

import msgspec
import pytest
from desks import FACTS, KEYS, NOW, PEOPLE, public, record, signed

from clearance.model.decision import DecisionRecord, Scope
from clearance.model.knowledge import Person
from clearance.model.region import LegalEntity, ListedState, Owner
from clearance.policy.errors import PolicyError
from clearance.policy.ownership import ownership
from clearance.policy.records import check_record, record_id
from clearance.policy.signing import counts, sign
from clearance.policy.versions import fits

TOOL = Scope(tools=("claude-code",))
BAD: list[tuple[DecisionRecord, str]] = [
    (record("ban", scope=TOOL, lift_when=()), "does not say when"),
    (record("ban", scope=TOOL, permanent=True), "permanent and says"),
    (record("ban", scope=Scope(tools=("cloude",))), "No assistant is called"),
    (record("ban", scope=Scope(tools=("claude-code",), versions=">=3,<2")), "No version can lie"),
    (record("ban", scope=Scope(tools=("claude-code",), versions="newest")), "no bound"),
    (record("ban", scope=TOOL, from_="2026-07-10", until="2026-07-01"), "before it begins"),
    (record("ban", scope=TOOL, from_="10 July"), "no date"),
    (record("ban", scope=TOOL, from_="2026-07-10", zone=""), "no time zone"),
    (record("ban", scope=TOOL, zone="Mars/Base", from_="2026-07-10"), "no time zone"),
    (record("ban", scope=TOOL, owner=""), "no owner"),
    (record("ban", scope=TOOL, reasons=()), "no reason"),
    (record("restrict", scope=TOOL), "asks for nothing"),
    (record("approve", scope=TOOL, conditions=("be good",)), "Nobody can tell"),
    (record("except", scope=TOOL), "needs an end"),
    (record("lift", scope=TOOL), "names no ban"),
    (record("ban", scope=Scope(countries=("Hong Kong",))), "no country"),
]


@pytest.mark.parametrize(("made", "says"), BAD, ids=[says for _, says in BAD])
def test_a_faulty_record_is_refused_with_the_reason_and_the_next_step(made: DecisionRecord, says: str) -> None:
    with pytest.raises(PolicyError, match=says) as refused:
        check_record(made, FACTS.zones, FACTS.schemes)
    assert refused.value.advice


def test_the_id_does_not_change_by_signing_and_changes_by_anything_else() -> None:
    made = record("approve", scope=TOOL)
    assert record_id(signed(made)) == record_id(made)
    assert record_id(msgspec.structs.replace(made, owner="x")) != record_id(made)


def second(**days: int) -> int:
    return int((NOW + timedelta(**days)).timestamp())


def test_one_person_twice_is_one_and_a_key_of_another_is_none() -> None:
    made = signed(record("approve", scope=TOOL), "ann")
    with pytest.raises(PolicyError, match="has signed this already"):
        sign(made, PEOPLE[0], KEYS["ann"], NOW)
    with pytest.raises(PolicyError, match="does not belong"):
        sign(made, PEOPLE[1], KEYS["ann"], NOW)
    twice = msgspec.structs.replace(made, signatures=made.signatures * 2)
    assert "1 missing" in counts(twice, PEOPLE, second(days=1))
    twins = (PEOPLE[0], Person(id="ben", public_key=public("ann")))
    with pytest.raises(PolicyError, match="key has signed already"):
        sign(made, twins[1], KEYS["ann"], NOW)


def test_an_expired_key_a_changed_record_and_a_missing_role_do_not_count() -> None:
    made = signed(record("ban", scope=TOOL), "ann")
    assert counts(made, PEOPLE, second(days=1)) == ""
    expired = (Person(id="ann", public_key=public("ann"), until="2026-06-30"),)
    assert "does not count" in counts(made, expired, second(days=1))
    assert "does not fit" in counts(msgspec.structs.replace(made, owner="x"), PEOPLE, second(days=1))
    reader = (Person(id="ann", public_key=public("ann"), roles=("loosen",)),)
    assert "may not sign" in counts(made, reader, second(days=1))
    assert "still to come" in counts(made, PEOPLE, second(days=-1))


@pytest.mark.parametrize(
    ("version", "window", "tightens", "inside"),
    [
        ("2.1.300", ">=2.1.300,<2.2", False, True),
        ("2.2.0", ">=2.1.300,<2.2", False, False),
        ("2.2.0-beta.1", ">=2.1.300,<2.2", False, False),
        ("2.2.0-beta.1", ">=2.2.0", True, True),
        ("garbage", ">=2", True, None),
        ("2.1.196", "2.1.196", True, True),
    ],
)
def test_windows_hold_what_they_say(version: str, window: str, *, tightens: bool, inside: bool | None) -> None:
    assert fits(version, window, tightens=tightens) is inside


def test_a_circle_of_owners_ends_and_adds_nothing() -> None:
    def company(name: str, owner: str, percent: float) -> LegalEntity:
        return LegalEntity(id=name, headquarters="SG", owners=(Owner(entity=owner, percent=percent),))

    entities = {"a": company("a", "b", 90), "b": company("b", "a", 90)}
    owned = ownership("a", entities, {"SG": ListedState.LISTED}, 50.0)
    assert (owned.control, owned.shares) == (0.0, 0.0)
    assert owned.unknown > 50

"""What Cedar answers from the written policies is what ``decide`` answers, for any records, uses and moments."""

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st
import msgspec
import pytest
from desks import APPROVED, FACTS, NOW, book, facts, record, signed, use
from hypothesis import event, given, settings

from clearance.model.decision import DecisionRecord, Scope
from clearance.model.knowledge import Established
from clearance.model.use import AccessChannel, Use
from clearance.policy.book import Book
from clearance.policy.cedar.checking import allows, check_policies
from clearance.policy.cedar.policies import policies
from clearance.policy.cedar.requests import request
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide
from clearance.policy.errors import PolicyError
from clearance.policy.records import record_id

ESTABLISHED = facts(
    established=(
        Established(condition="vet:no covert hit", tool="claude-code", version="2.1.320", holds=True),
        Established(condition="gate", tool="codex", version="", holds=False),
    )
)
WINDOWS = (
    "",
    ">=2.1.300,<2.2",
    "2.1.320",
    "!=2.1.320",
    ">2.1.320",
    "<=2.1.320",
    "<2.1.320",
    ">=2.1.320-rc.1",
    ">=0.86,<0.90",
    "~=0.86.1",
)
PARTS = {
    "tools": [("claude-code",), ("codex", "aider"), ("aider",)],
    "versions": [window for window in WINDOWS if window],
    "models": [("claude-*",), ("gpt-5.5", "fable-5"), ("CLAUDE-OPUS-*",)],
    "providers": [("anthropic",), ("openai", "google")],
    "channels": [(AccessChannel.BEDROCK,), (AccessChannel.VENDOR_API, AccessChannel.VERTEX)],
    "entities": [("works",), ("berlin",)],
    "countries": [("SG",), ("UA-43",), ("UA",)],
    "groups": [("payments",), ("payments", "other"), ("other",)],
    "rings": [("canary",)],
    "data_classes": [("secret",)],
    "people": [("dev",)],
}
SUBJECTS = {
    "who": ["", "dev"],
    "entity": ["", "works", "nobody"],
    "country": ["", "SG", "HK", "UA", "UA-43"],
    "groups": [None, frozenset(), frozenset({"payments"}), frozenset({"other", "payments"})],
    "ring": ["", "canary"],
}
USED = {
    "tool": ["", "claude-code", "codex", "aider", "unheard-of"],
    "version": ["", "2.1.320", "2.1.319", "2.1.321", "2.1.320-beta.1", "0.86.1", "x"],
    "model": ["", "claude-opus-4-8", "gpt-5.5", "fable-5"],
    "channel": [None, *AccessChannel],
    "data_class": ["", "secret"],
}


def some_of(parts: dict[str, list[object]], most: int) -> st.SearchStrategy[dict[str, object]]:
    """Up to so many of the parts, each with one of its values: the rest stays as it is."""
    each = st.sampled_from(sorted(parts)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(parts[name])))
    return st.lists(each, max_size=most).map(dict)


SCOPES = some_of(PARTS, 2).map(lambda parts: Scope(**parts))  # type: ignore[arg-type]
DATES = st.sampled_from(["", "2026-07-10", "2026-07-15T18:00:00", "2026-10-25T02:30:00", "not a day"])
RECORDS = st.builds(
    lambda kind, scope, start, end, conditions, zone: record(
        kind, scope=scope, from_=start, until=end, conditions=conditions, zone=zone, ticket="T"
    ),
    st.sampled_from(["approve", "ban", "restrict"]),
    SCOPES,
    DATES,
    st.sampled_from(["", "2026-08-01", "2026-11-01"]),
    st.sampled_from([(), ("gate",), ("vet:no covert hit",), ("ask",), ("x-own", "gate"), ("nobody knows",)]),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai"]),
)
USES = st.builds(
    lambda subject, used: use(subject=msgspec.structs.replace(use().subject, **subject), **used),
    some_of(SUBJECTS, 2),
    some_of(USED, 2),
)
BROAD = signed(record("approve", scope=Scope(tools=("claude-code", "codex", "aider"))))
MOMENTS = st.datetimes(datetime(2026, 6, 1), datetime(2026, 12, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0)
)


def cedar_allows(pages: Book, asked: Use, at: datetime, about: Circumstances) -> bool:
    return allows(policies(pages), request(asked, pages, about, int(at.timestamp())))


@pytest.mark.long
@settings(max_examples=250, deadline=None)
@given(st.lists(RECORDS, max_size=5), USES, MOMENTS, st.randoms(use_true_random=False))
def test_cedar_permits_exactly_what_decide_permits(
    made: list[DecisionRecord], asked: Use, at: datetime, pick: "object"
) -> None:
    records = [BROAD, *(signed(each) for each in made)]
    records += [
        signed(record("except", scope=each.scope, until="2026-09-01", ticket="T", against=(record_id(each), "rule:none-known")))
        for each in records[1:2]
        if each.kind.value in ("ban", "restrict")
    ]  # fmt: skip
    records += [
        signed(record("lift", lifts=record_id(each), meets=each.lift_when, from_="2026-08-05"))
        for each in records[2:4]
        if each.kind.value == "ban"
    ]
    pages = book(*records, about=ESTABLISHED)
    decision = decide(asked, pages, ESTABLISHED, at, ahead=False)
    event(decision.answer.value)
    assert cedar_allows(pages, asked, at, ESTABLISHED) == decision.answer.permits, decision.chain


def test_the_search_meets_uses_that_are_permitted_and_uses_that_are_not() -> None:
    plain = decide(use(), book(BROAD, about=ESTABLISHED), ESTABLISHED, datetime(2026, 7, 20, tzinfo=UTC))
    assert plain.answer.permits
    ban = signed(record("ban", scope=Scope(versions="<2.1.320")))
    answers = {decide(use(version=v), book(BROAD, ban), FACTS, NOW).answer.permits for v in USED["version"]}
    assert answers == {True, False}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin"])
def test_cedar_turns_at_the_same_second(zone: str) -> None:
    ban = signed(record("ban", scope=Scope(tools=("claude-code",)), from_="2026-10-25T02:30:00", zone=zone))
    pages = book(APPROVED, ban)
    begin = next(entry.start for entry in pages.entries if entry.record is ban)
    for second, permits in ((begin - 1, True), (begin, False)):
        at = datetime.fromtimestamp(second, tz=UTC)
        assert cedar_allows(pages, use(), at, FACTS) is permits
        assert decide(use(), pages, FACTS, at).answer.permits is permits


def test_a_record_that_cannot_be_judged_forbids_in_cedar_too() -> None:
    broken = record("ban", scope=Scope(tools=("claude-code",), versions="what?"), from_="2026-13-13")
    pages = book(APPROVED, broken)
    text = policies(pages)
    check_policies(text)
    assert not cedar_allows(pages, use(), datetime(2026, 7, 20, tzinfo=UTC), FACTS)
    assert cedar_allows(book(APPROVED), use(), datetime(2026, 7, 20, tzinfo=UTC), FACTS)


def test_a_broken_approval_is_named_and_permits_nothing() -> None:
    broken = signed(record("approve", scope=Scope(tools=("claude-code",)), until="2026-99-99"))
    pages = book(broken)
    assert f"// {record_id(broken)[:12]} is left out" in policies(pages)
    assert not cedar_allows(pages, use(), datetime(2026, 7, 20, tzinfo=UTC), FACTS)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_of_a_record_gets_out_of_its_quotes(name: str, group: str) -> None:
    ban = record(
        "ban", scope=Scope(providers=(name,), groups=(group,), models=(f"{name}*",)), owner=name, message=group
    )
    text = policies(book(APPROVED, ban))
    check_policies(text)
    assert text.count("\nforbid (") + text.startswith("forbid (") + text.count(")\npermit (") >= 1


def test_a_policy_that_does_not_fit_the_schema_is_refused() -> None:
    with pytest.raises(PolicyError, match="do not fit the schema"):
        check_policies("permit (principal, action, resource) when { context.nothing == 1 };")
    with pytest.raises(PolicyError, match=r"cannot read|do not fit"):
        check_policies("permit (principal")


def test_what_cannot_be_evaluated_is_refused_instead_of_left_out() -> None:
    pages = book(APPROVED)
    asked = request(use(), pages, FACTS, 1_784_505_600)
    without = msgspec.structs.replace(asked, context={k: v for k, v in asked.context.items() if k != "now"})
    ban = signed(record("ban", scope=Scope(tools=("claude-code",)), from_="2026-07-10"))
    with pytest.raises((PolicyError, ValueError)):
        allows(policies(book(APPROVED, ban)), without)


def test_moments_are_whole_seconds_up_to_the_ends_of_time() -> None:
    ban = signed(record("ban", scope=Scope(tools=("claude-code",)), from_="0001-01-03", until="9999-12-30"))
    pages = book(APPROVED, ban)
    check_policies(policies(pages))
    assert not cedar_allows(pages, use(), datetime(2026, 7, 20, tzinfo=UTC) + timedelta(days=1), FACTS)


def test_a_ban_of_thousands_of_models_with_thousands_of_exceptions_still_forbids() -> None:
    models = tuple(f"model-{number}" for number in range(4_000))
    ban = signed(record("ban", scope=Scope(tools=("claude-code",), models=(*models, "claude-*"))))
    excepts = [
        signed(
            record("except", scope=Scope(people=(f"nobody-{number}",)), until="2026-09-01", ticket="T",
                   against=(record_id(ban),))
        )
        for number in range(300)
    ]  # fmt: skip
    pages = book(APPROVED, ban, *excepts)
    check_policies(policies(pages))
    assert not cedar_allows(pages, use(), datetime(2026, 7, 20, tzinfo=UTC), FACTS)

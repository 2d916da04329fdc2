"""The answer is total, free of order, strict where it cannot tell, and right to the second."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import msgspec
import pytest
from desks import APPROVED, FACTS, NOW, book, facts, record, signed, use
from hypothesis import given, settings

from clearance.model.decision import Answer, DecisionRecord, Scope
from clearance.model.knowledge import Established
from clearance.model.use import AccessChannel, Subject, Use
from clearance.policy.book import Book
from clearance.policy.cases import read_cases, run_cases
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide
from clearance.policy.knowledge import shipped_knowledge
from clearance.policy.records import record_id

NEWS = Path(__file__).parents[1] / "golden" / "policy" / "news.yaml"
BAN = signed(record("ban", scope=Scope(tools=("claude-code",)), from_="2026-07-10"))
AT = datetime(2026, 7, 20, tzinfo=UTC)


def answer(*records: DecisionRecord, at: datetime = AT, about: Circumstances = FACTS, **changes: object) -> Answer:
    return decide(use(**changes), book(*records, about=about), about, at).answer


@pytest.mark.parametrize("name", [case.name for case in read_cases(NEWS.read_bytes(), "news").cases])
def test_the_news(name: str) -> None:
    cases = read_cases(NEWS.read_bytes(), "news")
    about = Circumstances(shipped_knowledge(), cases.organisation)
    one = msgspec.structs.replace(cases, cases=tuple(case for case in cases.cases if case.name == name))
    outcome = next(run_cases(one, Book(cases.records, about, now=0, unsafe_unsigned=True), about))
    assert outcome.wrong == ()


def test_silence_denies_or_asks_and_an_approval_speaks() -> None:
    assert answer() is Answer.DENY
    asking = facts(silence="ask")
    assert answer(about=asking) is Answer.ASK
    assert answer(APPROVED) is Answer.PERMIT


def test_what_loosens_needs_two_people_and_what_tightens_one() -> None:
    plain = record("approve", scope=Scope(tools=("claude-code",)))
    assert answer(plain) is Answer.DENY
    assert answer(signed(plain, "ann")) is Answer.DENY
    assert answer(signed(plain, "ann", "cyd")) is Answer.PERMIT
    assert answer(APPROVED, signed(record("ban", scope=Scope(tools=("claude-code",))), "ben")) is Answer.DENY


def test_a_record_that_cannot_be_judged_denies_and_is_named() -> None:
    broken = record("ban", scope=Scope(tools=("claude-code",)), from_="not a day")
    decision = decide(use(), book(APPROVED, broken), FACTS, AT)
    assert decision.answer is Answer.DENY
    assert record_id(broken)[:12] in decision.chain[0].what
    assert "cannot be judged" in decision.chain[0].what


def test_a_broken_approval_permits_nothing_and_is_named() -> None:
    broken = signed(record("approve", scope=Scope(tools=("claude-code",)), until="2026-99-99"))
    decision = decide(use(), book(broken), FACTS, AT)
    assert decision.answer is Answer.DENY
    assert any("does not count" in because.what for because in decision.chain)


def test_a_ban_counts_for_what_is_not_known_and_an_approval_does_not() -> None:
    scoped = Scope(tools=("claude-code",), groups=("payments",))
    nobody = Subject(who="x", entity="works", country="SG", groups=None)
    assert answer(APPROVED, signed(record("ban", scope=scoped)), subject=nobody) is Answer.DENY
    assert answer(signed(record("approve", scope=scoped)), subject=nobody) is Answer.DENY
    assert answer(signed(record("approve", scope=scoped))) is Answer.PERMIT


def test_an_exception_takes_its_scope_out_and_a_lift_ends_the_ban() -> None:
    excepted = signed(
        record(
            "except",
            scope=Scope(tools=("claude-code",), groups=("payments",)),
            until="2026-07-31",
            ticket="T-1",
            against=(record_id(BAN),),
        )
    )
    lifted = signed(record("lift", lifts=record_id(BAN), meets=("vet:no covert hit",), from_="2026-08-05"))
    records = (APPROVED, BAN, excepted, lifted)
    other = Subject(entity="works", country="SG", groups=frozenset({"other"}))
    assert answer(*records) is Answer.PERMIT
    assert answer(*records, subject=other) is Answer.DENY
    assert answer(*records, at=datetime(2026, 8, 1, tzinfo=UTC)) is Answer.DENY
    assert answer(*records, at=datetime(2026, 8, 5, tzinfo=UTC)) is Answer.PERMIT


def test_a_lift_that_does_not_say_that_its_conditions_are_met_lifts_nothing() -> None:
    assert answer(APPROVED, BAN, signed(record("lift", lifts=record_id(BAN)))) is Answer.DENY


def test_conditions_that_hold_fail_or_are_to_be_seen_to() -> None:
    approved = signed(record("approve", scope=Scope(tools=("claude-code",)), conditions=("gate", "vet:no covert hit")))
    established = Established(condition="vet:no covert hit", tool="claude-code", version="2.1.320", holds=True)
    known = facts(established=(established,))
    decision = decide(use(), book(approved, about=known), known, AT)
    assert (decision.answer, decision.conditions) == (Answer.PERMIT_WITH_CONDITIONS, ("gate",))
    failing = facts(established=(msgspec.structs.replace(established, holds=False),))
    assert answer(approved, about=failing) is Answer.DENY
    assert answer(approved) is Answer.ASK


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia"])
def test_a_ban_begins_with_the_first_second_of_its_day_and_ends_with_the_last(zone: str) -> None:
    ban = signed(record("ban", scope=Scope(tools=("claude-code",)), from_="2026-07-10", until="2026-07-12", zone=zone))
    begin = datetime(2026, 7, 10, tzinfo=ZoneInfo(zone))
    end = datetime(2026, 7, 13, tzinfo=ZoneInfo(zone))
    second = timedelta(seconds=1)
    answers = [answer(APPROVED, ban, at=at) for at in (begin - second, begin, end - second, end)]
    assert answers == [Answer.PERMIT, Answer.DENY, Answer.DENY, Answer.PERMIT]
    before = decide(use(), book(APPROVED, ban), FACTS, begin - second)
    assert before.changes_at == begin
    assert decide(use(), book(APPROVED, ban), FACTS, begin).changes_at == end


def test_a_time_that_the_clock_jumps_over_or_that_comes_twice_is_taken_strictly() -> None:
    jumped = signed(
        record("ban", scope=Scope(tools=("claude-code",)), from_="2026-03-29T02:30:00", zone="Europe/Berlin")
    )
    at = datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC)  # 02:00 becomes 03:00
    assert answer(APPROVED, jumped, at=at - timedelta(seconds=1)) is Answer.PERMIT
    assert answer(APPROVED, jumped, at=at) is Answer.DENY
    twice = record("ban", scope=Scope(tools=("claude-code",)), from_="2026-10-25T02:30:00", zone="Europe/Berlin")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert answer(APPROVED, signed(twice), at=first) is Answer.DENY
    assert answer(APPROVED, signed(twice), at=first - timedelta(seconds=1)) is Answer.PERMIT


POOL = (
    APPROVED,
    BAN,
    signed(record("restrict", scope=Scope(countries=("SG",)), conditions=("sandbox",))),
    signed(record("ban", scope=Scope(models=("claude-*",)), from_="2026-07-15", until="2026-07-18")),
    signed(record("approve", scope=Scope(tools=("codex",)))),
    record("approve", scope=Scope(tools=("claude-code",)), until="2027-01-01"),
    record("ban", scope=Scope(tools=("claude-code",)), from_="never"),
    signed(
        record("except", scope=Scope(tools=("claude-code",)), until="2026-08-01", ticket="T", against=(record_id(BAN),))
    ),
)
USES = st.builds(
    Use,
    subject=st.builds(
        Subject,
        entity=st.sampled_from(["", "works", "berlin", "nobody"]),
        country=st.sampled_from(["", "SG", "HK", "UA", "UA-43", "??"]),
        groups=st.none() | st.frozensets(st.sampled_from(["payments", "other"])),
    ),
    tool=st.sampled_from(["", "claude-code", "codex", "unheard-of"]),
    version=st.sampled_from(["", "2.1.320", "x", "2.1.300-beta.1"]),
    model=st.sampled_from(["", "claude-opus-4-8", "gpt-5.5", "fable-5", "?"]),
    channel=st.none() | st.sampled_from(list(AccessChannel)),
)
MOMENTS = st.datetimes(datetime(2026, 6, 1), datetime(2026, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=150, deadline=None)
@given(USES, MOMENTS, st.permutations(POOL), st.integers(0, len(POOL)))
def test_order_never_matters(asked: Use, at: datetime, order: list[DecisionRecord], many: int) -> None:
    some = order[:many]
    assert decide(asked, book(*some), FACTS, at) == decide(asked, book(*reversed(some)), FACTS, at)


@settings(max_examples=150, deadline=None)
@given(USES, MOMENTS, st.sets(st.sampled_from(range(len(POOL)))))
def test_a_ban_more_never_permits_more_and_nothing_ever_raises(asked: Use, at: datetime, chosen: set[int]) -> None:
    some = [POOL[n] for n in chosen]
    without = decide(asked, book(*some), FACTS, at)
    more = signed(record("ban", scope=Scope(), owner="other@acme.example"))
    with_ban = decide(asked, book(*some, more), FACTS, at)
    assert with_ban.answer.strictness >= without.answer.strictness
    assert with_ban.answer is Answer.DENY
    assert without.chain


@settings(max_examples=80, deadline=None)
@given(USES, MOMENTS, st.sets(st.sampled_from(range(len(POOL)))))
def test_nothing_changes_before_the_moment_that_is_named(asked: Use, at: datetime, chosen: set[int]) -> None:
    pages = book(*(POOL[n] for n in chosen))
    now = decide(asked, pages, FACTS, at)
    end = now.changes_at or datetime(2027, 6, 1, tzinfo=UTC)
    for moment in (at + (end - at) / 2, end - timedelta(seconds=1)):
        if moment > at:
            later = decide(asked, pages, FACTS, moment)
            assert (later.answer, later.conditions) == (now.answer, now.conditions)
    if now.changes_at:
        changed = decide(asked, pages, FACTS, now.changes_at)
        assert (changed.answer, changed.conditions) != (now.answer, now.conditions)


def test_a_signature_from_the_future_is_a_clock_turned_back() -> None:
    later = signed(record("approve", scope=Scope(tools=("claude-code",))), "ann", "ben", at=NOW + timedelta(days=2))
    decision = decide(use(), book(later), FACTS, AT)
    assert decision.answer is Answer.DENY
    assert any("clock turned back" in because.what for because in decision.chain)


def test_a_ban_that_ends_before_it_begins_denies_until_it_is_mended() -> None:
    backwards = record("ban", scope=Scope(tools=("claude-code",)), from_="2026-07-20", until="2026-07-01")
    assert answer(APPROVED, backwards) is Answer.DENY


def test_records_that_no_reader_expects_never_stop_the_others() -> None:
    lifts_a_rule = signed(record("lift", lifts="rule:x"))
    strange = signed(record("ban", scope=Scope(tools=("aider",), versions="===foo")))
    assert answer(APPROVED, lifts_a_rule, strange) is Answer.PERMIT
    assert answer(APPROVED, lifts_a_rule, strange, tool="aider") is Answer.DENY
    assert answer(APPROVED, version="1.0.0-" + "9" * 5000) is Answer.PERMIT


def test_prereleases_of_pypi_are_taken_strictly() -> None:
    approved = signed(record("approve", scope=Scope(tools=("aider",), versions=">=0.86,<0.90")))
    banned = signed(record("ban", scope=Scope(tools=("aider",), versions=">=2.0")))
    everything = signed(record("approve", scope=Scope(tools=("aider",))))
    assert answer(approved, tool="aider", version="0.87") is not Answer.DENY
    assert answer(approved, tool="aider", version="0.87rc1") is Answer.DENY
    assert answer(everything, banned, tool="aider", version="2.0rc1") is Answer.DENY


def test_brackets_stand_for_themselves_in_names_of_models() -> None:
    ban = signed(record("ban", scope=Scope(models=("claude-opus-4-8[1m]",))))
    assert answer(APPROVED, ban, model="claude-opus-4-8[1m]") is Answer.DENY
    assert answer(APPROVED, ban, model="claude-opus-4-8m") is Answer.PERMIT

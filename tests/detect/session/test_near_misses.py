"""The test of near misses alarms on probing and, in ordinary sessions of any length, not more often than it says."""

import random

import pytest
from sessions import Talk

from clearance.detect.classifier.windows import windows
from clearance.detect.session.near_misses import NearMissBudget, NearMissTest, windows_at_most
from clearance.model.finding import Clear, Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel as Of
from clearance.model.threat import ThreatKind, ThreatSpan

ORDINARY = (Clear(rule=RuleId("x"), title="", message=""),)


def near(probability: float | None = 0.4, severity: Severity = Severity.MEDIUM) -> tuple[Hit, ...]:
    span = ThreatSpan(threat=ThreatKind.INJECTION, channel=Of.WEB_RESULT, start=0, end=3, probability=probability)
    return (
        Hit(
            rule=RuleId("gives-the-assistant-orders"),
            severity=severity,
            confidence=Confidence.MEDIUM,
            title="",
            message="",
            because=(Evidence(what="w", staged="almost"),),
            span=span,
        ),
    )


def test_spans_just_under_the_threshold_add_up() -> None:
    talk = Talk()
    for _ in range(12):
        talk.turn += 1
        talk.feed(Of.WEB_RESULT, "a page", near())
    assert talk.hits("repeated-near-misses")
    assert "0.10%" in talk.hits("repeated-near-misses")[0].message


def test_a_few_among_many_are_ordinary() -> None:
    talk = Talk()
    for turn in range(300):
        talk.turn = turn // 10
        talk.feed(Of.WEB_RESULT, "a page", near() if turn % 100 == 50 else ORDINARY)
    assert not talk.hits()


@pytest.mark.parametrize("findings", [near(severity=Severity.HIGH), near(probability=None), ()])
def test_other_findings_are_no_near_misses(findings: tuple[Hit, ...]) -> None:
    talk = Talk()
    for _ in range(30):
        talk.turn += 1
        talk.feed(Of.WEB_RESULT, "a page", findings)
    assert not talk.hits("repeated-near-misses")


def test_probing_that_begins_late_is_seen() -> None:
    test = NearMissTest(NearMissBudget())
    for turn in range(500):
        assert test.observe(Of.USER_PROMPT, turn, 100, near_miss=False) is None
    assert any(test.observe(Of.USER_PROMPT, 500 + turn, 100, near_miss=True) for turn in range(8))


@pytest.mark.parametrize("text", ["a" * 1200, "a" * 1201, "a\n" * 5000, "word " * 3000, "x" * 9001])
def test_the_number_of_windows_is_never_underestimated(text: str) -> None:
    assert len(list(windows(text))) <= windows_at_most(len(text))


@pytest.mark.long
def test_false_alarms_stay_below_what_is_stated_when_the_share_is_what_was_calibrated() -> None:
    chance, budget = random.Random(5), NearMissBudget(share=0.05, alpha=0.05)
    sessions, alarms = 1000, 0
    for _ in range(sessions):
        test = NearMissTest(budget)
        for step in range(300):
            size = chance.choice((200, 3000))
            missed = chance.random() < budget.chance(Of.WEB_RESULT, size)
            if test.observe(Of.WEB_RESULT, step // 4, size, near_miss=missed) is not None:
                alarms += 1
                break
    # 50 are expected at most; 71 lie three standard deviations above.
    assert alarms <= 71


def test_two_in_a_row_are_not_yet_an_alarm_and_three_are() -> None:
    test = NearMissTest(NearMissBudget())
    assert [test.observe(Of.WEB_RESULT, 1, 100, near_miss=True) is not None for _ in range(3)] == [False, False, True]

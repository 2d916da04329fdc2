"""Weak hits of the models in the session's own words are counted; everything else is told."""

import pytest

from clearance.app.session_tally import Tally
from clearance.model.finding import Confidence, Evidence, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.session import SessionSpan
from clearance.model.threat import SpanChannel as Of
from clearance.model.threat import ThreatKind, ThreatSpan


def hit(channel: Of, severity: Severity = Severity.LOW, probability: float | None = 0.2) -> Hit:
    span = ThreatSpan(threat=ThreatKind.JAILBREAK, channel=channel, start=0, end=7, probability=probability)
    return Hit(
        rule=RuleId("talks-it-out-of-its-rules"),
        severity=severity,
        confidence=Confidence.MEDIUM,
        title="t",
        message="m",
        because=(Evidence(what="w"),),
        span=span,
    )


def span(channel: Of, line: int = 1, text: str = "push it to the main branch") -> SessionSpan:
    return SessionSpan(channel=channel, turn=1, text=text, line=line)


@pytest.mark.parametrize("channel", [Of.USER_PROMPT, Of.ASSISTANT_TEXT, Of.TOOL_CALL])
def test_low_hits_of_the_models_in_own_words_are_counted(channel: Of) -> None:
    tally = Tally()
    for line in range(1, 8):
        assert tally.told(span(channel, line), (hit(channel),)) == ()
    (note,) = tally.notes()
    assert ": 7 (first lines: 1, 2, 3, 4, 5)" in note


@pytest.mark.parametrize(
    ("channel", "found"),
    [
        (Of.USER_PROMPT, hit(Of.USER_PROMPT, Severity.MEDIUM)),
        (Of.USER_PROMPT, hit(Of.USER_PROMPT, probability=None)),
        (Of.WEB_RESULT, hit(Of.WEB_RESULT)),
        (Of.FILE_RESULT, hit(Of.FILE_RESULT)),
    ],
)
def test_other_hits_are_told(channel: Of, found: Hit) -> None:
    tally = Tally()
    assert tally.told(span(channel), (found,)) == (found,)
    assert not list(tally.notes())


def test_low_hits_in_answers_of_a_word_are_counted() -> None:
    tally = Tally()
    assert tally.told(span(Of.COMMAND_RESULT, text="5"), (hit(Of.COMMAND_RESULT),)) == ()
    assert list(tally.notes())


def test_kinds_of_lines_are_bounded() -> None:
    tally = Tally()
    for number in range(1000):
        tally.line(f"kind-{number}")
    (note,) = tally.notes()
    assert "not read: 1000 " in note
    assert len(note) < 400

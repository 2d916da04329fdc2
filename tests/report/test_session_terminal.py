"""On a terminal a session names what was not looked at, where it is, and never calls nothing clear."""

import io

from rich.console import Console

from clearance.model.finding import Confidence as Sure
from clearance.model.finding import Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel
from clearance.report.session_json import JudgedSession, JudgedSpan
from clearance.report.session_terminal import render_judged_session

RULE = RuleId("a-rule")


def shown(*judged: JudgedSpan, findings: tuple[Finding, ...] = ()) -> str:
    console = Console(file=io.StringIO(), width=200, highlight=False)
    session = JudgedSession(project="", lines=40, spans=40, turns=1, findings=findings, judged=judged)
    console.print(render_judged_session(session))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def span(number: int, *findings: Finding) -> JudgedSpan:
    return JudgedSpan(number=number, line=number + 100, turn=1, channel=SpanChannel.COMMAND, findings=findings)


def gap(message: str, *, blocks: bool = True) -> Gap:
    return Gap(rule=RULE, title="Not read", message=message, blocks_verdict=blocks)


def test_gaps_of_spans_are_told_once_with_their_number_and_first_lines() -> None:
    told = shown(*(span(number, gap("It is odd.")) for number in range(8)), span(9, gap("It is long.")))
    assert "Not read (8 spans: lines 100, 101, 102, 103, 104 and 3 more)" in told
    assert "Not read (line 109)" in told
    assert told.count("It is odd.") == 1
    assert "clear" not in told


def test_gaps_that_block_the_verdict_come_first() -> None:
    told = shown(*(span(n, gap(f"Harmless {n}.", blocks=False)) for n in range(20)), span(30, gap("It matters.")))
    assert "It matters." in told
    assert "more kinds of gaps" in told
    findings = (*(gap(f"Harmless {n}.", blocks=False) for n in range(20)), gap("It matters."))
    assert "It matters." in shown(findings=findings)


def test_hits_of_spans_name_their_line() -> None:
    hit = Hit(
        rule=RULE, severity=Severity.LOW, confidence=Sure.LOW, title="t", message="m", because=(Evidence(what="w"),)
    )
    assert "span 3, turn 1, line 103" in shown(span(3, hit))


def test_nothing_to_tell_is_clear() -> None:
    assert "clear" in shown()


def test_gaps_of_the_session_that_say_the_same_are_told_once() -> None:
    gaps = tuple(
        Gap(
            rule=RULE,
            title=f"Span {n} was not all looked at",
            message="It is odd.",
            where=f"span {n}, turn 1, line {n}",
        )
        for n in range(3, 40)
    )
    told = shown(findings=gaps)
    assert "Span 3 was not all looked at (span 3, turn 1, line 3, and 36 more like it)" in told
    assert told.count("It is odd.") == 1

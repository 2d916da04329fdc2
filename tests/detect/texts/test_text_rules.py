"""Rules over judged texts: hit and clear for each, a probability alone is never high, what was left out is a gap."""

import pytest

from clearance.detect.rule import judge_all
from clearance.detect.texts import ALL
from clearance.model.finding import Clear, Confidence, Evidence, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.judged import JudgedText, JudgedTexts, TextRole
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

RULE_OF = {
    TextRole.INSTRUCTIONS: "skill-harms-its-user",
    TextRole.TOOL: "tool-description-gives-orders",
    TextRole.PROMPT: "prompt-reads-like-an-attack",
}


def hit(start: int = 10, *, probability: float | None = None, severity: Severity = Severity.HIGH) -> Hit:
    span = ThreatSpan(
        threat=ThreatKind.INJECTION, channel=SpanChannel.SKILL, start=start, end=start + 20, probability=probability
    )
    return Hit(
        rule=RuleId("x"),
        severity=severity,
        confidence=Confidence.HIGH,
        title="A line has the agent do it",
        message="It does.",
        because=(Evidence(what="the line", staged="do it"),),
        span=span,
    )


def texts(*hits: Hit, role: TextRole = TextRole.INSTRUCTIONS) -> JudgedTexts:
    return JudgedTexts(texts=(JudgedText(role=role, kind="skill", name="notes", path="a/SKILL.md", hits=hits),))


def severities(seen: JudgedTexts) -> list[Severity]:
    return [finding.severity for finding in judge_all(ALL, seen) if isinstance(finding, Hit)]


@pytest.mark.parametrize("role", list(TextRole))
def test_a_rule_sees_its_role_and_is_clear_of_the_others(role: TextRole) -> None:
    findings = judge_all(ALL, texts(hit(), role=role))
    assert [f.rule for f in findings if isinstance(f, Hit)] == [RULE_OF[role]]
    assert {f.rule for f in findings if isinstance(f, Clear)} == set(RULE_OF.values()) - {RULE_OF[role]}


def test_a_hit_says_file_bytes_and_reason() -> None:
    (found,) = (f for f in judge_all(ALL, texts(hit(30))) if isinstance(f, Hit))
    assert found.title == "Skill notes: a line has the agent do it"
    assert found.message == "a/SKILL.md, bytes 30–50: It does."
    assert found.where == "a/SKILL.md, byte 30"


def test_a_probability_alone_is_never_high() -> None:
    assert severities(texts(hit(probability=0.99))) == [Severity.MEDIUM]
    assert severities(texts(hit(probability=0.7))) == [Severity.INFO]
    assert severities(texts(hit(probability=0.7, severity=Severity.MEDIUM))) == []


def test_a_window_around_a_line_that_says_it_is_not_told_again() -> None:
    assert severities(texts(hit(), hit(0, probability=0.99))) == [Severity.HIGH]
    assert severities(texts(hit(), hit(500, probability=0.99))) == [Severity.HIGH, Severity.MEDIUM]


def test_prompts_are_context() -> None:
    assert severities(texts(hit(), role=TextRole.PROMPT)) == [Severity.INFO]


def test_what_was_not_judged_is_a_gap() -> None:
    part = Gap(rule=RuleId("x"), title="Not all of it", message="bytes 0–9: left out")
    seen = JudgedTexts(
        texts=(JudgedText(role=TextRole.TOOL, kind="mcp-tool", name="t", path="t.json", gaps=(part,)),),
        unjudged=("No models.",),
    )
    gaps = [f for f in judge_all(ALL, seen) if isinstance(f, Gap)]
    assert [(g.rule, g.message) for g in gaps] == [
        ("could-not-judge-texts", "No models."),
        ("could-not-judge-texts", "t.json: bytes 0–9: left out"),
    ]


def test_a_rule_says_why_it_matters_and_what_to_do() -> None:
    for rule in ALL:
        assert rule.why.endswith("."), rule.id
        assert rule.advice.endswith("."), rule.id

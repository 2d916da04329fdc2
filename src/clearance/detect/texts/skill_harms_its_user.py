"""A skill, slash command, agent or rules file makes the agent do harm."""

from collections.abc import Iterable

from clearance.detect.rule import Rule
from clearance.detect.texts.telling import hits_of
from clearance.model.finding import Clear, Finding
from clearance.model.ids import RuleId
from clearance.model.judged import JudgedTexts, TextRole


def judge(rule: Rule[JudgedTexts], seen: JudgedTexts) -> Iterable[Finding]:
    """A hit for each line, as heavy as what it does; a clear where all were judged and nothing was seen."""
    found = tuple(hits_of(rule, seen, TextRole.INSTRUCTIONS))
    yield from found
    if not found:
        yield Clear(rule=rule.id, title=rule.title, message="No skill, command or rules file makes the agent do harm.")


RULE = Rule(
    id=RuleId("skill-harms-its-user"),
    title="No skill works against its user",
    why="An agent does what a skill says with the rights of its user; one polite line among many is enough.",
    advice="Read the line; leave the text out unless its author explains it.",
    atlas=("AML.T0051.001", "AML.T0110"),
    judge=judge,
)

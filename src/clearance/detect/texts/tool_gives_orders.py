"""The description of a tool or server gives the agent orders that have nothing to do with calling it."""

from collections.abc import Iterable

from clearance.detect.rule import Rule
from clearance.detect.texts.telling import hits_of
from clearance.model.finding import Clear, Finding
from clearance.model.ids import RuleId
from clearance.model.judged import JudgedTexts, TextRole


def judge(rule: Rule[JudgedTexts], seen: JudgedTexts) -> Iterable[Finding]:
    """A hit for each place, as heavy as what it makes the agent do."""
    found = tuple(hits_of(rule, seen, TextRole.TOOL))
    yield from found
    if not found:
        yield Clear(rule=rule.id, title=rule.title, message="No description of a tool or server gives orders.")


RULE = Rule(
    id=RuleId("tool-description-gives-orders"),
    title="No description of a tool gives orders",
    why="Descriptions of tools are read before any call, also of tools that are never called.",
    advice="Read the description; do not connect the server unless its author explains it.",
    atlas=("AML.T0051.001", "AML.T0110"),
    judge=judge,
)

"""A prompt of the release itself reads like an attack: context for whoever reads the other findings, no alarm."""

from collections.abc import Iterable

import msgspec

from clearance.detect.rule import Rule
from clearance.detect.texts.telling import hits_of
from clearance.model.finding import Clear, Finding, Severity
from clearance.model.ids import RuleId
from clearance.model.judged import JudgedTexts, TextRole

_MOST = 12


def judge(rule: Rule[JudgedTexts], seen: JudgedTexts) -> Iterable[Finding]:
    """Information only: who wrote the prompt wrote the program too. At most twelve."""
    found = tuple(hits_of(rule, seen, TextRole.PROMPT))[:_MOST]
    yield from (msgspec.structs.replace(hit, severity=Severity.INFO) for hit in found)
    if not found:
        yield Clear(rule=rule.id, title=rule.title, message="No prompt that was judged reads like an attack.")


RULE = Rule(
    id=RuleId("prompt-reads-like-an-attack"),
    title="No prompt of the release reads like an attack",
    why="A prompt that directs the model against its user is seen by nobody but the model.",
    advice="Read the prompt beside the other findings.",
    atlas=("AML.T0051.001",),
    judge=judge,
)

"""A file in the package makes every start of an interpreter run its code."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, SupplyFact
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_KINDS: Final = ("pth-file", "sitecustomize")
_PLAIN: Final = re.compile(r"\s*import [\w.]+(?:\s*;\s*[\w.]+\([\w., '\"=]{0,80}\))?\s*\Z")


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High; low where all it does is import one module or set one thing that can be read."""
    found = [fact for fact in contents.supply if fact.kind in _KINDS]
    for fact in found:
        yield Hit(
            rule=rule.id,
            severity=_severity(fact),
            confidence=Confidence.HIGH,
            title=f"{fact.subject} runs at every start",
            message=fact.detail,
            because=(shown(fact.path, fact.text or fact.detail),),
            where=fact.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "Nothing in it runs whenever an interpreter starts.")


def _severity(fact: SupplyFact) -> Severity:
    lines = [line for line in fact.text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    plain = len(lines) <= 2 and all(_PLAIN.match(line) or "distutils" in line for line in lines)
    return Severity.LOW if plain and lines else Severity.HIGH


RULE = Rule(
    id=RuleId("runs-at-every-start"),
    title="Nothing runs at every start",
    why="A .pth file runs in every Python program of the environment, whether or not the package is used.",
    advice="Read the file; install into an environment of its own.",
    atlas=("AML.T0010.001",),
    judge=judge,
)

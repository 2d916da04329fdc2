"""The code runs what it has just fetched, so that nobody can have looked at it."""

from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Capability, Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_KIND: Final = "runs-fetched-code"


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High where it runs unasked, medium elsewhere."""
    unasked = {started.path for started in contents.started}
    found = [c for c in contents.capabilities if c.kind == _KIND and c.places]
    for capability in found:
        yield _hit(rule, contents, capability, unasked)
    if not found:
        yield clear_or_gap(rule, contents, "No code in it was seen to run what it fetches.")


def _hit(rule: Rule[Contents], contents: Contents, seen: Capability, unasked: set[str]) -> Hit:
    paths = [contents.members[w.member].path for w in seen.places if w.member < len(contents.members)]
    by_itself = any(path in unasked for path in paths)
    return Hit(
        rule=rule.id,
        severity=Severity.HIGH if by_itself else Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        title="Fetched code is run unasked" if by_itself else "Fetched code is run",
        message=f"{place(contents, seen.places[0])}: {seen.detail}.",
        because=tuple(shown(place(contents, where), seen.detail) for where in seen.places[:4]),
        where=place(contents, seen.places[0]),
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("runs-what-it-fetches"),
    title="No fetched code is run",
    why="What is fetched can be another thing tomorrow, or for another user; nobody who looks at the release sees it.",
    advice="Read the code around the place; keep the release out unless what it fetches is pinned by digest.",
    atlas=("AML.T0010.001", "AML.T0011"),
    judge=judge,
)

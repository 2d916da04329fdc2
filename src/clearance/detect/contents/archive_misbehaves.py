"""An archive tried to write elsewhere, to be larger than it looks, or was not what it said."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_OUTSIDE = ("path-traversal", "link-outside")
_ORDINARY = (
    "source-only",
    "yanked",
    "optional-missing",
    "dependencies-missing",
    "dependencies-left-out",
    "not-in-registry",
    "wrong-platform",
    "python-not-here",
)


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for what leads outside, low for the rest; what only says how it was fetched is no finding."""
    found = [problem for problem in contents.problems if problem.kind not in _ORDINARY]
    for problem in found:
        yield Hit(
            rule=rule.id,
            severity=Severity.HIGH if problem.kind in _OUTSIDE else Severity.LOW,
            confidence=Confidence.HIGH,
            title=f"Archive: {problem.kind.replace('-', ' ')}",
            message=f"{problem.path}: {problem.problem} ({problem.resolution}).",
            because=(shown(problem.path, problem.problem, note=problem.resolution),),
            where=problem.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "The archives hold what they say, where they say it.")


RULE = Rule(
    id=RuleId("archive-misbehaves"),
    title="Archives behave",
    why="A name or link that leads out of the folder writes where the installer may, not where the package should.",
    advice="Do not unpack it with other tools; ask who made the archive.",
    atlas=("AML.T0011.001",),
    judge=judge,
)

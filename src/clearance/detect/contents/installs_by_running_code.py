"""Installing the release runs code of its own."""

from collections.abc import Iterable

from clearance.detect.contents.commands import alarm
from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, SupplyFact
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for what no honest installer does, low for the rest: scripts are how native parts are put in place."""
    found = [fact for fact in contents.supply if fact.kind == "install-script"]
    for fact in found:
        yield _hit(rule, fact)
    if not found:
        yield clear_or_gap(rule, contents, "Nothing is run when it is installed.")


def _hit(rule: Rule[Contents], fact: SupplyFact) -> Hit:
    what = alarm(f"{fact.detail}\n{fact.text}")
    return Hit(
        rule=rule.id,
        severity=Severity.HIGH if what else Severity.LOW,
        confidence=Confidence.HIGH,
        title=f"Installing {fact.subject} runs code",
        message=f"{fact.detail}{f': it {what}' if what else ''}.",
        because=(shown(fact.path or fact.subject, fact.text or fact.detail, note=what),),
        where=fact.path,
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("installs-by-running-code"),
    title="Nothing runs at installation",
    why="An install script runs with the rights of whoever installs, before anybody has looked at the package.",
    advice="Install with scripts switched off (npm: --ignore-scripts) from a mirror that you have looked at.",
    atlas=("AML.T0010.001", "AML.T0011.001"),
    judge=judge,
)

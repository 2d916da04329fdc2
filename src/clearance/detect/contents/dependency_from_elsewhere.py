"""Something is installed beside the release that its registry does not vouch for."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """Medium for what comes over the network, low for what lies beside."""
    found = [fact for fact in contents.supply if fact.kind == "dependency-elsewhere"]
    for fact in found:
        local = fact.detail.startswith(("file:", "link:", "workspace:", "./", "../"))
        yield Hit(
            rule=rule.id,
            severity=Severity.LOW if local else Severity.MEDIUM,
            confidence=Confidence.HIGH,
            title=f"{fact.subject} comes from elsewhere",
            message=f"It is installed from {fact.detail}, which no registry vouches for.",
            because=(shown(fact.path, f"{fact.subject}: {fact.detail}"),),
            where=fact.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "Everything that it needs comes from its registry.")


RULE = Rule(
    id=RuleId("dependency-from-elsewhere"),
    title="Every dependency comes from the registry",
    why="What an address serves can change after it was looked at; a registry's version cannot.",
    advice="Pin it by digest, or keep a copy that you have looked at.",
    atlas=("AML.T0010.001",),
    judge=judge,
)

"""A package inside the release has an advisory."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_SEVERITIES = {"critical": Severity.HIGH, "high": Severity.MEDIUM, "moderate": Severity.LOW, "medium": Severity.LOW}


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """One below what the advisory says: that the code is there does not say that it can be reached."""
    for known in contents.vulnerabilities:
        fixed = f" Fixed in {known.fixed}." if known.fixed else ""
        yield Hit(
            rule=rule.id,
            severity=_SEVERITIES.get(known.severity.lower(), Severity.LOW),
            confidence=Confidence.MEDIUM,
            title=f"{known.package} {known.version}: {known.advisory}",
            message=f"{known.summary}{fixed}",
            because=(shown(known.path, f"{known.ecosystem} {known.package} {known.version}", note=known.advisory),),
            where=known.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not contents.vulnerabilities:
        yield clear_or_gap(
            rule, contents, "No advisory was matched (advisories are looked up where --osv names a dump)."
        )


RULE = Rule(
    id=RuleId("known-vulnerable"),
    title="No package with an advisory",
    why="A flaw that everybody can look up is the first that is tried.",
    advice="Ask whether the flaw can be reached, and for a release with the fixed version.",
    atlas=("AML.T0010.001",),
    judge=judge,
)

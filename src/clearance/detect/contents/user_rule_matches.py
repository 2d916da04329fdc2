"""A pattern rule that the user brought matched."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """The severity that the rule's own metadata says, else medium."""
    for match in contents.matches:
        known = match.severity.lower() in list(Severity)
        yield Hit(
            rule=rule.id,
            severity=Severity(match.severity.lower()) if known else Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            title=f"Your rule {match.rule} matched",
            message=match.description or f"{match.namespace}: {match.rule} matched.",
            because=(shown(place(contents, match.place), match.excerpt, note=", ".join(match.tags)),),
            where=place(contents, match.place),
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not contents.matches:
        yield clear_or_gap(rule, contents, "No rule of yours matched (rules are taken from --yara).")


RULE = Rule(
    id=RuleId("user-rule-matches"),
    title="No rule of yours matches",
    why="Your own rules say what your company does not want.",
    advice="See the rule's own description.",
    atlas=(),
    judge=judge,
)

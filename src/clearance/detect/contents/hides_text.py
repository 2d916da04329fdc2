"""Text or paths lie in the release behind a key."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, listed, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Hiding
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """Medium for what has a key; what is only encoded is context."""
    found = [h for h in contents.hidden_strings if h.kind in (Hiding.TEXT, Hiding.PATHS) and h.keyed]
    for hidden in found:
        near = f" Near it the code reads {listed(hidden.near, 3)}." if hidden.near else ""
        yield Hit(
            rule=rule.id,
            severity=Severity.MEDIUM,
            confidence=Confidence.HIGH if hidden.score >= 0.9 else Confidence.MEDIUM,
            title="Hidden paths" if hidden.kind is Hiding.PATHS else "Hidden text",
            message=f"{hidden.size} bytes of {hidden.kind} lie under {' of '.join(hidden.layers)}.{near}",
            because=(shown(place(contents, hidden.place), hidden.text, note=" of ".join(hidden.layers)),),
            where=place(contents, hidden.place),
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No text was found behind a key.")


RULE = Rule(
    id=RuleId("hides-text"),
    title="No text behind a key",
    why="Nothing that a reader may know has to be behind a key that lies beside it.",
    advice="Read the decoded text and ask the vendor why it is hidden.",
    atlas=("AML.T0068",),
    judge=judge,
)

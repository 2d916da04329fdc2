"""Code lies in the release in a form that nobody can read."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, HiddenString, Hiding
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_NEAR = 4 << 10
"""Bytes within which code that runs text belongs to it."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High behind a key; medium behind two layers or where text is run as code near it; plain base64 is context."""
    found = [(h, severity) for h in contents.hidden_strings if (severity := _severity(h, contents)) is not None]
    for hidden, severity in found:
        yield Hit(
            rule=rule.id,
            severity=severity,
            confidence=Confidence.HIGH if hidden.score >= 0.9 else Confidence.MEDIUM,
            title="Hidden code",
            message=f"{hidden.size} bytes of code lie under {' of '.join(hidden.layers)}.",
            because=(shown(place(contents, hidden.place), hidden.text, note=" of ".join(hidden.layers)),),
            where=place(contents, hidden.place),
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No code was found behind a key or several layers.")


def _severity(hidden: HiddenString, contents: Contents) -> Severity | None:
    if hidden.kind is not Hiding.CODE:
        return None
    if hidden.keyed:
        return Severity.HIGH
    if _is_run_near(hidden, contents):
        return Severity.MEDIUM
    return Severity.LOW if len(hidden.layers) > 2 else None  # workers and WASM glue travel as (compressed) base64


def _is_run_near(hidden: HiddenString, contents: Contents) -> bool:
    return any(
        where.member == hidden.place.member and abs(where.offset - hidden.place.offset) <= _NEAR
        for capability in contents.capabilities
        if capability.kind == "dynamic-code"
        for where in capability.places
    )


RULE = Rule(
    id=RuleId("hides-code"),
    title="No hidden code",
    why="Code that is put together at run time is not what reviewers and scanners have read.",
    advice="Read the decoded code; keep the release out until the vendor says why it is hidden.",
    atlas=("AML.T0068",),
    judge=judge,
)

"""Code lies in the release in a form that nobody can read."""

import re
from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Capability, Contents, HiddenString, Hiding
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_MADE = "runs-hidden-code"
_ASKED = ("build", "test")
"""Moments that somebody asks for."""
_NEVER_HONEST = re.compile(r"marshal|pickle|dill|decrypt|createDecipher|calls programs")
_NEAR = 4 << 10
"""Bytes within which code that runs text belongs to it."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High behind a key; medium behind two layers or where text is run as code near it; plain base64 is context.

    Code that a script decodes and runs, or a detour to ``Function``: medium; high where it is run unasked, or where
    the form has no honest use (serialised code objects, encryption with its key beside it).
    """
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
    made = [c for c in contents.capabilities if c.kind == _MADE and c.places]
    for capability in made:
        yield _run(rule, contents, capability)
    if not found and not made:
        yield clear_or_gap(rule, contents, "No code was found behind a key or several layers.")


def _run(rule: Rule[Contents], contents: Contents, seen: Capability) -> Hit:
    unasked = {started.path for started in contents.started if started.moment not in _ASKED}
    by_itself = any(contents.members[w.member].path in unasked for w in seen.places if w.member < len(contents.members))
    where = place(contents, seen.places[0])
    return Hit(
        rule=rule.id,
        severity=Severity.HIGH if by_itself or _NEVER_HONEST.search(seen.detail) else Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        title="Hides code that it runs",
        message=f"{where}: {seen.detail}.",
        because=tuple(shown(place(contents, w), seen.detail) for w in seen.places[:4]),
        where=where,
        atlas=rule.atlas,
        advice=rule.advice,
    )


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

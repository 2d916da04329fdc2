"""Code points that a reader does not see, or takes for others, where people or models read."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, listed, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, HiddenText
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_READ_BY_MODELS = ("prompt", "document")
_LONG = 12
"""Code points in a row, few kinds again and again, that are no accident of a keyboard or a converter."""
_LEAST_MESSAGE = 5
"""Characters from which on what digits say is no chance."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High where they carry text; medium in prompts, rules and names, and for long rows; else context."""
    extensions = {extension.path for extension in contents.extensions}
    found = [
        (hidden, severity)
        for hidden in contents.hidden_texts
        if (severity := _severity(hidden, told=_path(contents, hidden) in extensions)) is not None
    ]
    for hidden, severity in found:
        says = f" They say: {hidden.decoded[:200]!r}." if hidden.decoded else ""
        yield Hit(
            rule=rule.id,
            severity=severity,
            confidence=Confidence.HIGH if hidden.decoded else Confidence.MEDIUM,
            title=f"Unseen characters in a {hidden.where}",
            message=(
                f"{hidden.count} {hidden.kind.replace('-', ' ')} code point{'s' * (hidden.count != 1)} in "
                f"{hidden.runs} place{'s' * (hidden.runs != 1)} ({listed(hidden.code_points, 3)}).{says}"
            ),
            because=tuple(
                shown(place(contents, where), hidden.excerpt, note=hidden.decoded) for where in hidden.places[:3]
            ),
            where=place(contents, hidden.places[0]),
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No prompt, name or document holds characters that a reader does not see.")


def _path(contents: Contents, hidden: HiddenText) -> str:
    return place(contents, hidden.places[0]).partition(", byte ")[0] if hidden.places else ""


def _severity(hidden: HiddenText, *, told: bool) -> Severity | None:
    """``told``: whether it stands in what an agent is told."""
    if not hidden.places:
        return None
    if hidden.decoded and (hidden.kind in ("tag", "variation-selector") or len(hidden.decoded) >= _LEAST_MESSAGE):
        return Severity.HIGH
    if hidden.kind != "private-use" and (hidden.longest >= _LONG or hidden.decoded):
        return Severity.MEDIUM
    if hidden.kind == "bidi" and hidden.where != "string":
        # Translations and names hold marks of direction; code and what an agent is told need none.
        return Severity.MEDIUM if told or hidden.where != "document" else Severity.LOW
    if hidden.where in _READ_BY_MODELS and hidden.kind in ("zero-width", "tag", "blank", "look-alike"):
        return Severity.MEDIUM if hidden.where == "prompt" else Severity.LOW
    if hidden.where == "identifier":
        return Severity.MEDIUM
    return None


RULE = Rule(
    id=RuleId("holds-what-nobody-sees"),
    title="No unseen characters",
    why="A model reads what a person does not see: instructions travel in it, and names pass for others.",
    advice="Look at the place with a viewer that shows code points; remove them before an agent reads the file.",
    atlas=("AML.T0051", "AML.T0068"),
    judge=judge,
)

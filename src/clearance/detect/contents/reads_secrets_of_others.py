"""The code knows where other programs keep what is secret."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, listed, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Capability, Contents
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_KINDS = {"wallet": "wallets", "browser-data": "browser profiles", "keystrokes": "keystrokes"}


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """Medium for wallets and keystrokes, low for browser profiles: assistants that drive a browser name them too."""
    found = {kind: [c for c in contents.capabilities if c.kind == kind] for kind in _KINDS}
    for kind, seen in found.items():
        if seen:
            yield _hit(rule, contents, kind, seen)
    if not any(found.values()):
        yield clear_or_gap(rule, contents, "It names no place where wallets or browsers keep secrets.")


def _hit(rule: Rule[Contents], contents: Contents, kind: str, seen: list[Capability]) -> Hit:
    names = sorted({c.detail.partition(": ")[2] or c.detail for c in seen})
    return Hit(
        rule=rule.id,
        severity=Severity.LOW if kind == "browser-data" else Severity.MEDIUM,
        confidence=Confidence.LOW,
        title=f"Names {_KINDS[kind]}",
        message=f"The code names {listed(names)}. Whether it reads and sends them, a vet shows.",
        because=tuple(shown(place(contents, w), c.detail) for c in seen[:4] for w in c.places[:1]),
        where=place(contents, seen[0].places[0]) if seen[0].places else "",
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("reads-secrets-of-others"),
    title="No places of other programs' secrets",
    why="Nothing that a coding assistant does needs a wallet, and a browser's store is the key to every account.",
    advice="Look at the code around the place; vet the release, its canaries lie there.",
    atlas=("AML.T0055", "AML.T0090"),
    judge=judge,
)

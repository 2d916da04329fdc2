"""Whether one release has a finding: by what is in it, by what it does, or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearance.detect.contents import ALL as CONTENT_RULES
from clearance.detect.rules import ALL as CAMPAIGN_RULES
from clearance.lab.errors import LabError, UnknownFinding
from clearance.model.finding import Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId

STATIC, EXPERIMENT, BOTH = "static", "experiment", "both"
_KINDS: Mapping[str, tuple[str, ...]] = {
    "covert-channel": ("hides-a-list", "form-depends-on-environment"),
    "hidden-content": ("hides-a-list", "hides-code", "hides-text", "compares-with-digests", "holds-what-nobody-sees"),
    "conditional-traffic": ("traffic-depends-on-environment",),
    "canary-leak": ("canary-leaves",),
}
"""Names for several rules at once: the same claim, seen by either eye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a search looks for."""

    name: str
    static: frozenset[RuleId]
    experiment: frozenset[RuleId]
    least: Severity = Severity.MEDIUM

    def by(self, wanted: str | None) -> str:
        """How it is looked for: as wanted, else by what is in a release if that can tell.

        Raises:
            LabError: no rule of that kind can tell.
        """
        able = {
            STATIC: bool(self.static),
            EXPERIMENT: bool(self.experiment),
            BOTH: bool(self.static and self.experiment),
        }
        chosen = wanted or (STATIC if self.static else EXPERIMENT)
        if not able[chosen]:
            raise LabError(
                f"{self.name} cannot be told by {'static examination' if chosen == STATIC else chosen}.",
                advice=f"Use --by {EXPERIMENT if self.experiment else STATIC}.",
            )
        return chosen


def sought(name: str, least: Severity = Severity.MEDIUM) -> Sought:
    """A rule's id or one of the names for several. Raises UnknownFinding."""
    static, experiment = {r.id for r in CONTENT_RULES}, {r.id for r in CAMPAIGN_RULES}
    wanted = {RuleId(r) for r in _KINDS.get(name, (name,))}
    if not wanted <= static | experiment:
        known = ", ".join((*_KINDS, *sorted(static | experiment)))
        raise UnknownFinding(f"No finding is called {name!r}.", advice=f"Findings are: {known}.")
    return Sought(name=name, static=frozenset(wanted & static), experiment=frozenset(wanted & experiment), least=least)


def told(findings: Sequence[Finding], rules: frozenset[RuleId], least: Severity) -> tuple[bool | None, str]:
    """Whether the findings have it, with the evidence in a line; None where nobody could look."""
    hits = [f for f in findings if isinstance(f, Hit) and f.rule in rules and f.severity.rank >= least.rank]
    if hits:
        worst = max(hits, key=lambda h: h.severity.rank)
        return True, f"{worst.title}: {worst.message}"[:300]
    blocked = next((f for f in findings if isinstance(f, Gap) and f.blocks_verdict), None)
    return (None, blocked.message[:300]) if blocked is not None else (False, "")

"""What could not be staged, seen or tested. Never a pass."""

from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap
from clearance.model.facts import Facts
from clearance.model.finding import Finding, Gap
from clearance.model.ids import RuleId

_TITLES = {
    "factor": "A factor could not be staged",
    "certificate": "The tool does not accept the room's certificate",
    "undecoded": "Some traffic could not be decoded",
    "outcome": "Some runs did not end by themselves",
    "limit": "A limit was reached",
    "noise": "Some places vary by themselves",
    "budget": "The campaign was cut short",
    "behaviour": "The release could not be driven",
    "silent": "Some runs did not talk to the model",
    "conversation": "Only the start of a conversation was seen",
}


def judge(rule: Rule[Facts], facts: Facts) -> Iterable[Finding]:
    """One gap for each shortfall; clear when there is none and something was looked at."""
    if not facts.shortfalls:
        yield clear_or_gap(rule, facts, "Everything that was planned could be staged, seen and tested.")
    for shortfall in facts.shortfalls:
        yield Gap(
            rule=rule.id,
            title=_TITLES.get(shortfall.kind, rule.title),
            message=shortfall.message,
            factors=shortfall.factors,
            where=shortfall.where,
            advice=shortfall.advice,
            blocks_verdict=shortfall.blocks_verdict,
        )


RULE = Rule(
    id=RuleId("could-not-look"),
    title="Could not look",
    why="What nobody looked at is not clean.",
    advice="Read what stopped it, mend it, and vet again.",
    atlas=(),
    judge=judge,
)

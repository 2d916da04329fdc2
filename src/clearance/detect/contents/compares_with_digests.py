"""Something about the machine or its user is hashed and looked up in a list of digests."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, listed, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, HiddenString, Hiding
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_TELLING: Final = re.compile(
    r"\A(?:timezone|locale|hostname|username|network|machine-id|git|proxy) "
    r"|\Avariable .*(?:HOST|URL|BASE|ENDPOINT|DOMAIN|USER|LOGNAME|EMAIL|ORG|ZONE|REGION|COUNTRY|LANG|\bTZ\b)"
)
"""What tells users, places and providers apart."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """Medium where a read that tells users, places or providers apart is near; other lists of digests are ordinary."""
    found = [(h, reads) for h in contents.hidden_strings if (reads := _reads(h))]
    for hidden, reads in found:
        yield Hit(
            rule=rule.id,
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            title="Compared with a list of digests",
            message=(
                f"{len(hidden.items)} digests ({hidden.layers[0]}) are asked for a member where the code hashes "
                f"something and reads {listed(reads, 3)}. What is on the list cannot be read."
            ),
            because=(shown(place(contents, hidden.place), ", ".join(hidden.items), note=hidden.layers[0]),),
            where=place(contents, hidden.place),
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No list of digests is compared with the machine, its user or its place.")


def _reads(hidden: HiddenString) -> tuple[str, ...]:
    if hidden.kind is not Hiding.DIGESTS:
        return ()
    return tuple(read for read in hidden.near if _TELLING.search(read))


RULE = Rule(
    id=RuleId("compares-with-digests"),
    title="No list that nobody can read",
    why="A digest keeps from a reader which hosts, zones or users a program treats differently.",
    advice="Ask the vendor what the list holds; vet the release with the hosts and zones that you use.",
    atlas=("AML.T0068",),
    judge=judge,
)

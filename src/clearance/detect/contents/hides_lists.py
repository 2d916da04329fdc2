"""A list of hosts, time zones or words lies in the release in a form that nobody can read."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, listed, place, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, HiddenString, Hiding
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_LISTS = (Hiding.HOSTS, Hiding.TIME_ZONES, Hiding.WORDS)
_NAMES = {Hiding.HOSTS: "hosts", Hiding.TIME_ZONES: "time zones", Hiding.WORDS: "words"}
_NEIGHBOURS = 16 << 10
"""Bytes within which a list of words belongs to a list of hosts."""
_LEAST_WORDS = 6
_OUTRIGHT = (("joined",), ("char codes",), ("reversed",))
"""How single names are hidden, so that a search for them finds nothing."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for hosts and time zones behind a key, and for words beside them; medium and low for weaker hiding.

    What is put together from parts of names, or compared with what the code reads, is medium.
    """
    lists = [h for h in contents.hidden_strings if h.kind in _LISTS and _counts(h)]
    for hidden in lists:
        yield _hit(rule, contents, hidden, lists)
    if not lists:
        yield clear_or_gap(rule, contents, "No hidden list of hosts, time zones or words was found.")


def _counts(hidden: HiddenString) -> bool:
    """Lists; and a single host or zone that is hidden where the code asks for something to compare it with."""
    if hidden.kind is not Hiding.WORDS and hidden.layers in _OUTRIGHT and hidden.near:
        return len(hidden.items) > 0
    return len(hidden.items) >= (_LEAST_WORDS if hidden.kind is Hiding.WORDS else 2)


def _hit(rule: Rule[Contents], contents: Contents, hidden: HiddenString, lists: list[HiddenString]) -> Hit:
    many = len(hidden.items) != 1
    name = _NAMES[hidden.kind] if many else _NAMES[hidden.kind].removesuffix("s")
    reads = f" Near it the code reads {listed(hidden.near, 3)}." if hidden.near else ""
    return Hit(
        rule=rule.id,
        severity=_severity(hidden, lists),
        confidence=Confidence.HIGH if hidden.score >= 0.9 else Confidence.MEDIUM,
        title=f"Hidden list of {name}" if many else f"Hidden {name}",
        message=(
            f"{len(hidden.items)} {name} {'lie' if many else 'lies'} under {' of '.join(hidden.layers)}: "
            f"{listed(hidden.items)}.{reads} The experiment stages {'them' if many else 'it'}: what the release does "
            f"with {'them' if many else 'it'} is for `clearance vet` to show."
        ),
        because=(shown(place(contents, hidden.place), ", ".join(hidden.items), note=" of ".join(hidden.layers)),),
        where=place(contents, hidden.place),
        atlas=rule.atlas,
        advice=rule.advice,
    )


def _severity(hidden: HiddenString, lists: list[HiddenString]) -> Severity:
    if not hidden.keyed:
        told = hidden.near or len(hidden.layers) > 1 or hidden.layers == ("joined",)
        return Severity.MEDIUM if told else Severity.LOW
    if hidden.kind is not Hiding.WORDS:
        return Severity.HIGH
    beside = any(
        other.keyed
        and other.kind is not Hiding.WORDS
        and other.place.member == hidden.place.member
        and abs(other.place.offset - hidden.place.offset) <= _NEIGHBOURS
        for other in lists
    )
    return Severity.HIGH if beside else Severity.MEDIUM


RULE = Rule(
    id=RuleId("hides-a-list"),
    title="No hidden list",
    why="A list that is compared with the user's host or zone, and that nobody may read, decides in secret.",
    advice="Vet the release: its hosts and zones are staged. Ask the vendor what the list is for.",
    atlas=("AML.T0068",),
    judge=judge,
)

"""What a look found in a release, as levels for the experiment: the eye finds the trigger, the room proves it."""

from collections.abc import Iterable, Mapping
from itertools import zip_longest

from clearance.model.contents import Contents, HiddenString, Hiding
from clearance.model.ids import FactorName

MOST = 40
"""Values of one factor: a list of decoys must not push everything else out of the budget."""
_FACTORS = {
    Hiding.HOSTS: FactorName("base_url"),
    Hiding.WORDS: FactorName("base_url"),
    Hiding.TIME_ZONES: FactorName("timezone"),
}


def levels_found(contents: Contents) -> Mapping[FactorName, tuple[str, ...]]:
    """Values to stage for each factor, from lists that are hidden: of each list in turn, those behind a key first."""
    lists: dict[FactorName, list[HiddenString]] = {}
    for hidden in contents.hidden_strings:
        factor = _FACTORS.get(hidden.kind)
        if factor is not None and len(hidden.items) >= 2:
            lists.setdefault(factor, []).append(hidden)
    return {factor: _in_turn(found) for factor, found in lists.items()}


def _in_turn(found: Iterable[HiddenString]) -> tuple[str, ...]:
    ordered = sorted(found, key=lambda h: (not h.keyed, not h.near, -h.score))
    mixed = (item for row in zip_longest(*(h.items for h in ordered)) for item in row if item is not None)
    return tuple(dict.fromkeys(mixed))[:MOST]

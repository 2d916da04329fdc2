"""Hidden strings that belong together as one: the parts of one buffer, names that stand in one comparison."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from clearance.model.contents import HiddenString, Hiding
from clearance.observe.static.hidden_strings.peel import Peeled

_BESIDE: Final = 256
"""Bytes between the end of one and the begin of the next."""
_MOST_ITEMS: Final = 2000
_TEXT: Final = 16 << 10
_LISTS: Final = (Hiding.HOSTS, Hiding.TIME_ZONES, Hiding.WORDS)


def without_pieces(found: Sequence[Peeled]) -> list[Peeled]:
    """Without what is a piece of a longer one that was read too."""
    longest: dict[int, int] = {}
    for each in found:
        for place in each.value.places:
            longest[place] = max(longest.get(place, 0), len(each.value.lines))
    return [each for each in found if longest.get(each.value.place, 0) <= len(each.value.lines)]


def together(found: Iterable[HiddenString]) -> tuple[HiddenString, ...]:
    """Those with the same layers and the same sort of list that stand beside each other as one, by place."""
    kept: list[HiddenString] = []
    for one in sorted(found, key=lambda each: (each.place.member, each.place.offset)):
        at = next((at for at in range(len(kept) - 1, max(-1, len(kept) - 4), -1) if _belongs(kept[at], one)), None)
        if at is None:
            kept.append(one)
        else:
            kept[at] = _joined(kept[at], one)
    return tuple(kept)


def _belongs(one: HiddenString, other: HiddenString) -> bool:
    apart = other.place.offset - one.place.offset - one.encoded
    same = one.layers == other.layers and one.place.member == other.place.member
    if not same or not 0 <= apart <= _BESIDE or one.place == other.place:
        return False
    return one.kind is other.kind and one.kind in _LISTS


def _joined(one: HiddenString, other: HiddenString) -> HiddenString:
    return msgspec.structs.replace(
        one,
        items=tuple(dict.fromkeys((*one.items, *other.items)))[:_MOST_ITEMS],
        text=f"{one.text}\n{other.text}"[:_TEXT],
        size=one.size + other.size,
        encoded=other.place.offset + other.encoded - one.place.offset,
        score=max(one.score, other.score),
    )

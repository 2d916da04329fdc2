"""Spots as a person sees them: narrowed to what differs, neighbours merged, with what stands around."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from clearance.observe.difference.codepoints import arrow
from clearance.observe.difference.judge import Spot
from clearance.observe.difference.nouns import Change, Shown

_MOST = 20
_AROUND = 20
_LONGEST = 2000


def changes_of(found: Iterable[Spot], baseline: str, staged: str) -> tuple[Change, ...]:
    """At most 20 changes, those of form first, each with 20 code points of the baseline around it."""
    merged = _merged(list(found))
    first = sorted(merged, key=lambda spot: (spot.shown is not Shown.FORM, spot.at))[:_MOST]
    return tuple(_change(spot, baseline) for spot in first) if baseline != staged else ()


def _merged(found: Sequence[Spot]) -> list[Spot]:
    """Spots that touch on both sides and are of one kind become one."""
    merged: list[Spot] = []
    for spot in found:
        last = merged[-1] if merged else None
        if last is not None and _touch(last, spot):
            names = tuple(dict.fromkeys(last.mechanisms + spot.mechanisms))
            merged[-1] = replace(
                last, before=last.before + spot.before, after=last.after + spot.after, mechanisms=names
            )
        else:
            merged.append(spot)
    return merged


def _touch(one: Spot, other: Spot) -> bool:
    together = one.at + len(one.before) == other.at and one.staged_at + len(one.after) == other.staged_at
    return together and one.shown is other.shown and not one.names and not other.names


def _change(spot: Spot, baseline: str) -> Change:
    head = _shared(spot.before, spot.after)
    tail = _shared(spot.before[head:][::-1], spot.after[head:][::-1])
    whole = spot.shown is not Shown.FORM or bool(spot.names)
    head, tail = (0, 0) if whole else (head, tail)
    before, after = spot.before[head : len(spot.before) - tail], spot.after[head : len(spot.after) - tail]
    at, end = spot.at + head, spot.at + head + len(before)
    names = spot.names or (arrow(before, after) if spot.shown is Shown.FORM else ())
    return Change(
        at=at,
        before=before[:_LONGEST],
        after=after[:_LONGEST],
        names=names,
        mechanisms=spot.mechanisms,
        left=baseline[max(0, at - _AROUND) : at],
        right=baseline[end : end + _AROUND],
    )


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count

"""Is a place on a provider's list: listed, not listed, or unknown; and whom a new list affects before it counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from clearance.model.region import ListedState, Snapshot


def state_of(snapshot: Snapshot, place: str) -> ListedState:
    """Whether the snapshot lists the place.

    A country of which a part is left out is unknown until the part is named. An empty place is unknown.
    """
    if not place:
        return ListedState.UNKNOWN
    country, _, part = place.partition("-")
    if place in snapshot.parts_left_out or place in snapshot.absent or country in snapshot.absent:
        return ListedState.NOT_LISTED
    if place in snapshot.listed or country in snapshot.listed:
        left_out = any(left.startswith(f"{country}-") for left in snapshot.parts_left_out)
        return ListedState.UNKNOWN if left_out and not part else ListedState.LISTED
    return ListedState.NOT_LISTED if snapshot.complete else ListedState.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """A place whose state differs between two snapshots."""

    place: str
    before: ListedState
    after: ListedState


def changes(old: Snapshot, new: Snapshot, places: Iterable[str] = ()) -> tuple[PlaceChange, ...]:
    """Every place that either list or ``places`` names and whose state differs, by name."""
    named = {*old.listed, *old.absent, *new.listed, *new.absent, *old.parts_left_out, *new.parts_left_out, *places} - {
        ""
    }
    found = (PlaceChange(place=p, before=state_of(old, p), after=state_of(new, p)) for p in sorted(named))
    return tuple(change for change in found if change.before is not change.after)

"""What kind of dependence a deviation shows, once fresh runs have confirmed that it depends on something."""

from collections.abc import Collection

from clearance.model.finding import ChannelClass
from clearance.observe.behaviour.deviation import Deviation
from clearance.observe.behaviour.places import LOOKUPS, ORDER, is_repeat, is_traffic
from clearance.observe.difference import Shown

_MEASURED = frozenset({"time", "size", "count", "connections"})
_COMES_OR_GOES = (Shown.APPEARS, Shown.DISAPPEARS)


def channel_of(deviation: Deviation, factors: Collection[str]) -> ChannelClass:
    """The class of one confirmed deviation; ``factors`` are those of its trigger.

    In order: the order of requests and look-ups and pauses are side channels; what differs in form only is a covert
    marker, also beside a statement; what states its trigger in the open is disclosed; traffic that comes and goes or
    goes elsewhere is conditional traffic (more of the same is a count); sizes are side channels; everything else does
    not say what it depends on: opaque, or a leak when it follows a canary.
    """
    place, shown = deviation.place, deviation.shown
    if place in (ORDER, LOOKUPS) or "time" in deviation.mechanisms:
        return ChannelClass.SIDE_CHANNEL
    if shown is Shown.FORM:
        return ChannelClass.COVERT_MARKER
    if shown is Shown.STATED or set(deviation.states) & set(factors):
        return ChannelClass.DISCLOSED
    if _MEASURED & set(deviation.mechanisms) or is_repeat(place):
        return ChannelClass.SIDE_CHANNEL
    if "destination" in deviation.mechanisms or (is_traffic(place) and shown in _COMES_OR_GOES):
        return ChannelClass.CONDITIONAL_TRAFFIC
    return ChannelClass.CANARY_LEAK if "canary" in factors else ChannelClass.OPAQUE

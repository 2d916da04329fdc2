"""What kind of dependence a deviation shows, once fresh runs have confirmed that it depends on something."""

import re
from collections.abc import Collection

from clearance.model.finding import ChannelClass
from clearance.observe.behaviour.deviation import Deviation
from clearance.observe.behaviour.rows import ORDER, PRESENT, is_traffic
from clearance.observe.difference import Shown

_REPEATED = re.compile(r" #(?!1$)\d+$")


def channel_of(deviation: Deviation, factors: Collection[str]) -> ChannelClass:
    """The class of one confirmed deviation; ``factors`` are those of its trigger.

    In order: the order and the timing of requests are side channels; traffic that comes and goes is conditional
    traffic (more of the same is a count); what differs in form only is a covert marker, also beside a statement; what
    states its trigger in the open is disclosed; everything else does not say what it depends on: opaque, or a leak when
    it follows a canary.
    """
    place, shown = deviation.place, deviation.shown
    if place == ORDER or "time" in deviation.mechanisms:
        return ChannelClass.SIDE_CHANNEL
    if shown is Shown.FORM:
        return ChannelClass.COVERT_MARKER
    if shown is Shown.STATED or set(deviation.states) & set(factors):
        return ChannelClass.DISCLOSED
    if is_traffic(place) and shown in (Shown.APPEARS, Shown.DISAPPEARS):
        request = place.removesuffix(PRESENT)
        return ChannelClass.SIDE_CHANNEL if _REPEATED.search(request) else ChannelClass.CONDITIONAL_TRAFFIC
    if "size" in deviation.mechanisms:
        return ChannelClass.SIDE_CHANNEL
    return ChannelClass.CANARY_LEAK if "canary" in factors else ChannelClass.OPAQUE

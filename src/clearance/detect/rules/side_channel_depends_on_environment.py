"""Time, size, count or order of what is sent depends on the environment."""

import re
from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, factors_in_words, hit_of, in_class, levels_in_words
from clearance.model.facts import Channel, Facts
from clearance.model.finding import ChannelClass, Finding, Severity
from clearance.model.ids import RuleId

_NUMBER = re.compile(r" #\d+$")


def judge(rule: Rule[Facts], facts: Facts) -> Iterable[Finding]:
    """Medium for pauses and sizes, low for counts, which often follow from what a tool does."""
    channels = in_class(facts, ChannelClass.SIDE_CHANNEL)
    for channel in channels:
        shaped = {"time", "size"} & set(channel.mechanisms)
        yield hit_of(
            rule,
            channel,
            severity=Severity.MEDIUM if shaped else Severity.LOW,
            title=f"Side channel that depends on {factors_in_words(channel)}",
            message=f"With {levels_in_words(channel.trigger)}, {_in_words(channel)}.{elsewhere(channel)}",
        )
    if not channels:
        yield clear_or_gap(rule, facts, "No pause, size, count or order changed with any staged factor.")


def _in_words(channel: Channel) -> str:
    first = channel.exemplars[0]
    more = "more" if first.staged else "less"
    request, _, part = first.place.partition(" > ")
    if request.startswith("connection "):
        whom = request.removeprefix("connection ").partition(":*")[0]
        return f"{'more' if first.staged else 'fewer'} connections to {whom} are opened"
    if part == "present":
        return f"{_NUMBER.sub('', request)} is sent {more} often"
    what = " and ".join(channel.mechanisms) or "count or order"
    change = f" ({first.baseline} → {first.staged})" if "time" in channel.mechanisms else ""
    return f"the {what} at {first.place} changes{change}"


RULE = Rule(
    id=RuleId("side-channel-depends-on-environment"),
    title="No side channel",
    why="When and how much is sent can be read even by those who cannot read what is sent.",
    advice="Look at the timeline of the runs named in the evidence.",
    atlas=("AML.T0025",),
    judge=judge,
)

"""Something that is sent changes with the environment and does not say so."""

from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, factors_in_words, hit_of, in_class, levels_in_words
from clearance.model.facts import Channel, Facts
from clearance.model.finding import ChannelClass, Finding, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Facts], facts: Facts) -> Iterable[Finding]:
    """Medium for encoded values; low where a person can read the other text and only the reason is not said."""
    channels = in_class(facts, ChannelClass.OPAQUE)
    for channel in channels:
        yield hit_of(
            rule,
            channel,
            severity=Severity.LOW if channel.readable else Severity.MEDIUM,
            title=f"{_noun(channel)} that depends on {factors_in_words(channel)}",
            message=f"With {levels_in_words(channel.trigger)}, {_in_words(channel)}.{elsewhere(channel)}",
        )
    if not channels:
        yield clear_or_gap(rule, facts, "No value changed with a staged factor without stating it.")


def _noun(channel: Channel) -> str:
    if channel.readable:
        return "Content"
    return {"protocol": "Protocol", "body": "Kind of content"}.get(_part(channel), "Opaque value")


def _in_words(channel: Channel) -> str:
    first = channel.exemplars[0]
    request = first.place.partition(" > ")[0]
    match _part(channel):
        case "protocol":
            return f"{request} is sent over {first.staged} instead of {first.baseline}"
        case "body":
            return f"the body of {request} is another kind of content: {first.staged}; usually {first.baseline}"
        case _:
            what = "another text" if channel.readable else "another value that does not say what it stands for"
            return f"{first.place} holds {what}"


def _part(channel: Channel) -> str:
    """What of its request the first place is."""
    return channel.exemplars[0].place.partition(" > ")[2]


RULE = Rule(
    id=RuleId("opaque-value-depends-on-environment"),
    title="No opaque dependence",
    why="A hash or code that follows the environment identifies it to whoever knows the code, and to nobody else.",
    advice="Ask the vendor what the value stands for; many are device ids that can be switched off.",
    atlas=("AML.T0025",),
    judge=judge,
)

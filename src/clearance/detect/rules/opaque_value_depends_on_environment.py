"""Something that is sent changes with the environment and does not say so."""

from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, factors_in_words, hit_of, in_class, levels_in_words
from clearance.model.facts import Facts
from clearance.model.finding import ChannelClass, Finding, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule, facts: Facts) -> Iterable[Finding]:
    """Medium for encoded values; low where a person can read the other text and only the reason is not said."""
    channels = in_class(facts, ChannelClass.OPAQUE)
    for channel in channels:
        what = "another text" if channel.readable else "another value that does not say what it stands for"
        yield hit_of(
            rule,
            channel,
            severity=Severity.LOW if channel.readable else Severity.MEDIUM,
            title=f"{'Content' if channel.readable else 'Opaque value'} that depends on {factors_in_words(channel)}",
            message=(
                f"With {levels_in_words(channel.trigger)}, {channel.exemplars[0].place} holds {what}."
                f"{elsewhere(channel)}"
            ),
        )
    if not channels:
        yield clear_or_gap(rule, facts, "No value changed with a staged factor without stating it.")


RULE = Rule(
    id=RuleId("opaque-value-depends-on-environment"),
    title="No opaque dependence",
    why="A hash or code that follows the environment identifies it to whoever knows the code, and to nobody else.",
    advice="Ask the vendor what the value stands for; many are device ids that can be switched off.",
    atlas=("AML.T0025",),
    judge=judge,
)

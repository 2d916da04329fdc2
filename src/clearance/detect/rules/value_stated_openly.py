"""A value of the environment is stated in the open."""

from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, factors_in_words, hit_of, in_class
from clearance.model.facts import Facts
from clearance.model.finding import ChannelClass, Finding, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Facts], facts: Facts) -> Iterable[Finding]:
    """One informational hit for each stated factor: not an alarm, but an inventory of what is told."""
    channels = in_class(facts, ChannelClass.DISCLOSED)
    for channel in channels:
        yield hit_of(
            rule,
            channel,
            severity=Severity.INFO,
            title=f"States {factors_in_words(channel)} in the open",
            message=(
                f"The value of {factors_in_words(channel)} is there to read at {channel.exemplars[0].place}."
                f"{elsewhere(channel)}"
            ),
        )
    if not channels:
        yield clear_or_gap(rule, facts, "No staged value is stated in what leaves.")


RULE = Rule(
    id=RuleId("value-stated-openly"),
    title="States nothing of the environment",
    why="What is said in the open can be read, judged and switched off; it belongs in the inventory of what leaves.",
    advice="Compare it with what the vendor documents.",
    atlas=(),
    judge=judge,
)

"""A request, name or connection that comes and goes with the environment."""

from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, factors_in_words, hit_of, in_class, levels_in_words
from clearance.model.facts import Facts
from clearance.model.finding import ChannelClass, Finding, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule, facts: Facts) -> Iterable[Finding]:
    """Medium when another host is contacted, low when it is other requests to hosts that are contacted anyway."""
    channels = in_class(facts, ChannelClass.CONDITIONAL_TRAFFIC)
    for channel in channels:
        comes = any(e.staged for e in channel.exemplars)
        hosts = f" Hosts concerned: {', '.join(channel.hosts[:6])}." if channel.hosts else ""
        yield hit_of(
            rule,
            channel,
            severity=Severity.MEDIUM if channel.hosts and comes else Severity.LOW,
            title=f"Traffic that depends on {factors_in_words(channel)}",
            message=(
                f"With {levels_in_words(channel.trigger)}, {channel.exemplars[0].place.removesuffix(' > present')} "
                f"{'appears' if channel.exemplars[0].staged else 'is no longer seen'}.{hosts}{elsewhere(channel)}"
            ),
        )
    if not channels:
        yield clear_or_gap(rule, facts, "No request, name or connection came or went with any staged factor.")


RULE = Rule(
    id=RuleId("traffic-depends-on-environment"),
    title="No conditional traffic",
    why="A request that is only made for some users tells its receiver which user it is, whatever it contains.",
    advice="Check the endpoint's purpose in the vendor's documentation; restrict egress to the endpoints you expect.",
    atlas=("AML.T0025",),
    judge=judge,
)

"""A request, name or connection that comes and goes, or goes elsewhere, with the environment."""

from collections.abc import Iterable, Iterator

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, factors_in_words, hit_of, in_class, levels_in_words
from clearance.model.facts import Channel, Exemplar, Facts
from clearance.model.finding import ChannelClass, Finding, Severity
from clearance.model.ids import FactorName, RuleId

_ROAD = FactorName("proxy_env")
"""The factor that says by which road the model is reached: a tool may be unable to take it."""


def judge(rule: Rule[Facts], facts: Facts) -> Iterable[Finding]:
    """Medium when another receiver is contacted, low when it is other requests to hosts that are contacted anyway.

    Informational where a staged proxy only stops the tool: it cannot take that road.
    """
    channels = in_class(facts, ChannelClass.CONDITIONAL_TRAFFIC)
    for channel in channels:
        hosts = f" Hosts concerned: {', '.join(channel.hosts[:6])}." if channel.hosts else ""
        clear = any(_loses_encryption(e) for e in channel.exemplars)
        yield hit_of(
            rule,
            channel,
            severity=_severity(channel),
            title=f"{'Unencrypted traffic' if clear else 'Traffic'} that depends on {factors_in_words(channel)}",
            message=(
                f"With {levels_in_words(channel.trigger)}, {' and '.join(_told(channel))}.{hosts}"
                f"{_IN_THE_CLEAR if clear else ''}{elsewhere(channel)}"
            ),
        )
    if not channels:
        yield clear_or_gap(rule, facts, "No request, name or connection came or went with any staged factor.")


_IN_THE_CLEAR = " It is no longer encrypted: whoever carries it can read content and key."


def _severity(channel: Channel) -> Severity:
    comes = channel.appears or any(e.staged for e in channel.exemplars)
    if channel.hosts and comes:
        return Severity.MEDIUM
    stopped = channel.silent and not comes and channel.factors == (_ROAD,)
    return Severity.INFO if stopped else Severity.LOW


def _told(channel: Channel) -> Iterator[str]:
    """The first thing that happens; beside silence also what is sent instead."""
    first, *others = channel.exemplars
    yield _in_words(first)
    if channel.silent:
        yield from [_in_words(other) for other in others if other.staged][:1]


def _in_words(exemplar: Exemplar) -> str:
    request, _, part = exemplar.place.partition(" > ")
    match part:
        case "destination":
            return f"{request} goes to {exemplar.staged} instead of {exemplar.baseline}"
        case "header host":
            return f"the Host header of {request} names {exemplar.staged} instead of {exemplar.baseline}"
        case "server name":
            return f"the TLS greeting of {request} names {exemplar.staged} instead of {exemplar.baseline}"
        case "present" if request == "model":
            return "nothing is sent to the model any more" if not exemplar.staged else "the model is talked to"
        case _:
            return f"{request} {'appears' if exemplar.staged else 'is no longer seen'}"


def _loses_encryption(exemplar: Exemplar) -> bool:
    """A destination in the clear in place of one that was not."""
    whither = exemplar.place.endswith(" > destination")
    return whither and exemplar.staged.startswith("http://") and exemplar.baseline.startswith("https://")


RULE = Rule(
    id=RuleId("traffic-depends-on-environment"),
    title="No conditional traffic",
    why="A request that is only made for some users tells its receiver which user it is, whatever it contains.",
    advice="Check the endpoint's purpose in the vendor's documentation; restrict egress to the endpoints you expect.",
    atlas=("AML.T0025",),
    judge=judge,
)

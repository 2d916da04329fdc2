"""How much what was seen matters: flows by source and sink, and all sightings together."""

from collections.abc import Iterable
from typing import Final

from clearance.detect.commands.destinations import hosts_in, is_address, published
from clearance.detect.commands.value import Origin, Value
from clearance.model.command import CommandCapability as Can
from clearance.model.command import CommandSighting, CommandVerdict, SinkKind, SourceKind

DANGEROUS: Final = 0.5
REVIEW: Final = 0.45
NOTABLE: Final = 0.2

_FLOWS: Final = {
    (SourceKind.SECRET, SinkKind.NETWORK): 0.9,
    (SourceKind.ENVIRONMENT, SinkKind.NETWORK): 0.7,
    (SourceKind.PERSONAL, SinkKind.NETWORK): 0.5,
    (SourceKind.UNTRUSTED, SinkKind.EXECUTION): 0.5,
    (SourceKind.ENCODED, SinkKind.EXECUTION): 0.8,
    (SourceKind.UNTRUSTED, SinkKind.PERSISTENCE): 0.6,
    (SourceKind.ENCODED, SinkKind.PERSISTENCE): 0.7,
}


def flow_weight(origin: Origin, sink: SinkKind, value: Value, at: float) -> float:
    """0 to 1: how seldom an honest command lets this end there.

    ``at`` says how odd the destination is. What its own maker publishes may be run; what was disguised on the way
    is never in order.
    """
    weight = _FLOWS.get((origin.kind, sink), 0.0)
    if sink is SinkKind.EXECUTION and origin.kind is SourceKind.UNTRUSTED:
        if published(origin.what):
            return 0.12
        hosts = hosts_in(origin.what)
        return 0.85 if any(is_address(h) for h in hosts) else weight
    if sink is not SinkKind.NETWORK:
        return weight
    if at < 0:
        return weight * 0.15
    disguised = bool(value.steps)
    lifted = max(0.3 * at, 0.25 if disguised else 0.0)
    if origin.kind is SourceKind.ENVIRONMENT and origin.what.startswith("$"):
        # One variable that is named like a credential: every client of an API sends one.
        return 0.4 + lifted
    return min(0.97, weight + lifted)


def score_of(sightings: Iterable[CommandSighting]) -> float:
    """All weights together, as independent reasons: adding one never lowers it."""
    left = 1.0
    for sighting in sightings:
        left *= 1.0 - min(0.99, max(0.0, sighting.weight))
    return 1.0 - left


def verdict_of(score: float, sightings: Iterable[CommandSighting], commands: int) -> CommandVerdict:
    """The word for a score, for what it is made of, and for how many simple commands it is spread over."""
    seen = tuple(sightings)
    acts = score_of(s for s in seen if s.capability is not Can.DISCOVER)
    if score >= DANGEROUS and acts >= NOTABLE:
        return CommandVerdict.DANGEROUS
    if score >= REVIEW or asks_for_review(seen, commands):
        # Questions alone do no harm, but somebody should know why they are asked.
        return CommandVerdict.REVIEW
    return CommandVerdict.NOTABLE if score >= NOTABLE else CommandVerdict.ORDINARY


def asks_for_review(sightings: Iterable[CommandSighting], commands: int) -> bool:
    """Whether two kinds of abilities come together that developers seldom use, or a script uses one of them much."""
    seldom = [s for s in sightings if s.capability in _SELDOM]
    kinds = {s.capability for s in seldom if s.weight >= _TOGETHER}
    return len(kinds) > 1 or (commands >= _SCRIPT and score_of(seldom) >= _MUCH)


_SELDOM: Final = frozenset({Can.READ, Can.PERSIST, Can.ESCALATE, Can.DESTROY, Can.HIDE, Can.DISCOVER, Can.COLLECT})
"""Credentials and users' files, start-up and accounts, rights, loss, guards, questions, recording. Not running,
fetching, sending and writing, which is what developers' scripts do all day."""
_TOGETHER: Final = 0.15
_MUCH: Final = 0.3
_SCRIPT: Final = 3

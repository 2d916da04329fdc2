"""Names of places, and what can be told from a name alone."""

import re

from clearance.observe.behaviour.lexical import WRITTEN

PRESENT = " > present"
"""Ends the place that says that a request was made, a message or a datagram sent."""
TALK = "model"
"""The conversation with the model as a whole: its place is there in every session that held one."""
ORDER = "order of requests"
LOOKUPS = "order of look-ups"
"""The names that were asked for, each where it came first."""
BASE_URL = "base-url"
"""What the staged base URL's host is called, whatever the level."""
DESTINATION, HOST, SERVER, PROTOCOL, BODY = "destination", "header host", "server name", "protocol", "body"
"""Places of a request: where it went, to whom it was addressed, how it was carried, of what kind its body is."""
EXACT = frozenset({DESTINATION, HOST, SERVER, PROTOCOL, BODY})
"""Places whose text is one of a few and is compared as a whole."""
WHITHER = frozenset({DESTINATION, HOST, SERVER})
"""Those of them that name a receiver."""
AS_CONFIGURED, AS_CONNECTED = "as configured", "as connected"
NO_TLS = " without TLS"
"""Ends the protocol of a request that went in the clear."""

_REPEATED = re.compile(r" #(?!1$)\d+$")
_WITH_PORT = ("connection", "bytes", "udp")
_WAYS = ("dns ", "connection ")


def request_of(leaf: str) -> str:
    """The request that a leaf belongs to, or the leaf itself."""
    return leaf.partition(" > ")[0]


def part_of(leaf: str) -> str:
    """What of its request a leaf is."""
    return leaf.partition(" > ")[2]


def is_choice(leaf: str) -> bool:
    """Whether a leaf says how something is written: compared only where both sides had that choice."""
    return part_of(leaf).startswith(WRITTEN)


def is_way(leaf: str) -> bool:
    """Whether a leaf is a name that was asked for or a connection that was opened; no count of connections."""
    return leaf.startswith(_WAYS) and " > " not in leaf and ":* #" not in leaf


def is_traffic(place: str) -> bool:
    """Whether a place is a request, a name or a connection, not the content of one."""
    return place.endswith(PRESENT) or (place.startswith(_WAYS) and " > " not in place)


def is_repeat(place: str) -> bool:
    """Whether a place says that there was more of the same traffic: one more request, connection or message."""
    return is_traffic(place) and _REPEATED.search(place.removesuffix(PRESENT)) is not None


def is_spoken(place: str) -> bool:
    """Whether a place is part of the conversation with the model: who does not talk to it cannot show it."""
    return place.startswith(("model:", "connection model:")) or place == ORDER


def host_of(place: str) -> str:
    """The host in a traffic place; empty for requests to the model API."""
    words = place.removesuffix(PRESENT).split(" ")
    if len(words) < 2 or place.startswith("model:"):
        return ""
    host = words[1].partition("/")[0]
    return host.rpartition(":")[0] if words[0] in _WITH_PORT else host


def port_of(place: str) -> str:
    """The port in a traffic place; empty where it names none."""
    words = place.removesuffix(PRESENT).split(" ")
    return words[1].rpartition(":")[2] if len(words) > 1 and words[0] in _WITH_PORT else ""

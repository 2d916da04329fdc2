"""Which leaves of a row are not compared, because another place says already that they cannot be the same.

A request that is gone takes its parts with it; another protocol its headers' layout; another kind of body its content;
and whoever does not talk to the model at all has no conversation to compare.
"""

from collections.abc import Mapping

from clearance.observe.behaviour.lexical import WRITTEN
from clearance.observe.behaviour.places import BODY, PRESENT, PROTOCOL, TALK, is_spoken, is_way, part_of, request_of
from clearance.observe.behaviour.row import Row

_OF_PROTOCOL = (
    "header order",
    "header case",
    *(
        f"header {name}"
        for name in ("connection", "keep-alive", "transfer-encoding", "te", "upgrade", "proxy-connection")
    ),
    *(
        f"{WRITTEN}{what}"
        for what in ("request ", "header lines", "chunk", "trailers", "HTTP/2", "content-length", "host")
    ),
)
_OF_BODY = ("json", "form/", "text", "bytes", "size", f"{WRITTEN}JSON", f"{WRITTEN}form")


class Skipped:
    """What is left out when one row is compared with the baseline's leaves."""

    def __init__(self, known: Mapping[str, frozenset[str]], row: Row) -> None:
        self._known, self._row = known, row
        self._gone = {request_of(leaf) for leaf in known if leaf.endswith(PRESENT) and leaf not in row.places}
        self._protocol = self._others(PROTOCOL)
        self._body = self._others(BODY)
        self._silent = f"{TALK}{PRESENT}" in known and f"{TALK}{PRESENT}" not in row.places

    def _others(self, part: str) -> set[str]:
        """Requests of which this part is none of those that the baseline has."""
        leaves = ((leaf, text) for leaf, text in self._row.places.items() if part_of(leaf) == part)
        return {request_of(leaf) for leaf, text in leaves if text not in self._known.get(leaf, (text,))}

    def __contains__(self, leaf: str) -> bool:
        request, part = request_of(leaf), part_of(leaf)
        if (self._silent and is_spoken(leaf)) or (not leaf.endswith(PRESENT) and request in self._gone):
            return True
        if request in self._protocol and part.startswith(_OF_PROTOCOL):
            return True
        if request in self._body and part.startswith(_OF_BODY):
            return True
        if leaf.startswith("connection model:"):
            return any(each.startswith("model:") for each in self._protocol)
        return (is_way(leaf) and leaf in self._row.ways and leaf in self._known) or self._size_follows(leaf)

    def _size_follows(self, leaf: str) -> bool:
        """A size beside bytes that are known to be others says nothing more."""
        beside = f"{leaf.removesuffix('size')}bytes"
        usual = self._known.get(beside, frozenset())
        return part_of(leaf) == "size" and len(usual) == 1 and self._row.places.get(beside) not in (None, *usual)

"""What the code asks of the machine and its user, ranked by how near it stands to code that builds a request.

The distance is in bytes of the same member. It is a measure, not a proof of flow: the experiment proves effects.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from clearance.model.contents import MOST_PLACES, Capability, EnvironmentRead, Prompt, Where
from clearance.observe.static.patterns import PatternHit, begin_of
from clearance.observe.static.script import Offsets

_MOST_DETAILS: Final = 400
_AROUND: Final = " \"'`(),;:="
_VARIABLE_KINDS: Final = (
    (re.compile(r"\ATZ\Z|TIMEZONE|TIME_ZONE"), "timezone"),
    (re.compile(r"\A(?:LANG|LANGUAGE|LC_(?!TERMINAL)[A-Z]+)\Z|LOCALE"), "locale"),
    (re.compile(r"\A(?:HOSTNAME|COMPUTERNAME|HOST)\Z"), "hostname"),
    (re.compile(r"\A(?:USER|USERNAME|LOGNAME)\Z"), "username"),
    (re.compile(r"\A(?:https?|all|no|ftp)_proxy\Z", re.IGNORECASE), "proxy"),
    (re.compile(r"\AGIT_"), "git"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Where requests and prompts are built in one member, sorted, and what each is."""

    offsets: Offsets
    names: tuple[str, ...]

    def nearest(self, offset: int) -> tuple[int, str]:
        """Bytes to the nearest, and what it is; ``(-1, "")`` where there is none."""
        if not len(self.offsets):
            return -1, ""
        at = int(np.searchsorted(self.offsets, offset))
        around = [i for i in (at - 1, at) if 0 <= i < len(self.offsets)]
        best = min(around, key=lambda i: abs(int(self.offsets[i]) - offset))
        return abs(int(self.offsets[best]) - offset), self.names[best]


def landmarks(hits: Iterable[PatternHit], prompts: Sequence[Prompt]) -> Landmarks:
    """From the hits of ``request`` rows and the member's prompts."""
    found = [(hit.end, hit.name) for hit in hits if hit.pattern.fact == "request"]
    found += [(prompt.place.offset, f"a prompt ({prompt.title[:40]})") for prompt in prompts]
    found.sort()
    return Landmarks(
        offsets=np.fromiter((offset for offset, _ in found), np.int64, len(found)),
        names=tuple(name for _, name in found),
    )


def environment_reads(
    hits: Sequence[PatternHit],
    marks: Landmarks,
    data: bytes | memoryview,
    member: int,
    calls: Mapping[int, tuple[int, ...]] = MappingProxyType({}),
) -> Iterator[EnvironmentRead]:
    """One for each kind and name, its places nearest first.

    ``calls``: for a hit's place in ``hits``, where the function around it is called; that counts as a place too.
    """
    grouped: dict[tuple[str, str], list[tuple[int, str, int, PatternHit]]] = {}
    for index, hit in enumerate(hits):
        if hit.pattern.fact == "read":
            spots = (hit.end, *calls.get(index, ()))
            distance, near, at = min(((*marks.nearest(spot), spot) for spot in spots), key=_by_distance)
            grouped.setdefault((_kind(hit), hit.name), []).append((distance, near, at, hit))
    for (kind, name), group in grouped.items():
        group.sort(key=lambda row: (row[0] < 0, row[0], row[2]))
        distance, near, at, first = group[0]
        through = "" if at == first.end else ", through the function around it"
        yield EnvironmentRead(
            kind=kind,
            name=name,
            distance=distance,
            near=f"{near}{through}" if near else "",
            count=len(group),
            places=places_of([hit for *_, hit in group], data, member),
        )


def _by_distance(row: tuple[int, str, int]) -> tuple[bool, int]:
    return row[0] < 0, row[0]


def capabilities(hits: Iterable[PatternHit], data: bytes | memoryview, member: int) -> Iterator[Capability]:
    """One for each kind and detail."""
    grouped: dict[tuple[str, str], list[PatternHit]] = {}
    for hit in hits:
        if hit.pattern.fact == "capability":
            seen = " ".join(bytes(data[begin_of(hit, data) : hit.end]).decode("utf-8", "replace").split())[:80]
            key = hit.pattern.kind, f"{hit.name}: {seen.strip(_AROUND)}"
            if key in grouped or len(grouped) < _MOST_DETAILS:
                grouped.setdefault(key, []).append(hit)
    for (kind, detail), group in grouped.items():
        yield Capability(kind=kind, detail=detail, count=len(group), places=places_of(group, data, member))


def places_of(hits: Sequence[PatternHit], data: bytes | memoryview, member: int) -> tuple[Where, ...]:
    """Where the first hits begin."""
    return tuple(Where(member=member, offset=begin_of(hit, data)) for hit in hits[:MOST_PLACES])


def _kind(hit: PatternHit) -> str:
    if hit.pattern.kind != "variable":
        return hit.pattern.kind
    return next((kind for pattern, kind in _VARIABLE_KINDS if pattern.search(hit.name)), "variable")

"""Which reads of the environment belong to a hidden string: those near it, and those near where it is used.

Minifiers keep a function's parts together, but a list and the code that asks it may lie apart. The list is bound to a
name; where that name stands again is where it is used.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from clearance.model.contents import HiddenString
from clearance.observe.static.patterns import PatternHit
from clearance.observe.static.script import Script

NEAR = 4 << 10
"""Bytes around the string, and around each use of the name that it is bound to."""
_BOUND: Final = re.compile(rb"([A-Za-z_$][\w$]{0,40})\s*=\s*[^;{}=]{0,120}\{?\s{0,8}[bBrRuU]?[\"'`]?\Z")
_MOST_USES = 20
_MOST_NEAR = 6


def with_nearness(
    hidden: tuple[HiddenString, ...],
    hits: Sequence[PatternHit],
    script: Script,
    calls: Mapping[int, tuple[int, ...]],
) -> tuple[HiddenString, ...]:
    """The same with ``near`` filled; ``calls`` as for ``environment_reads``."""
    reads = [
        (offset, f"{hit.pattern.kind} {hit.name}")
        for index, hit in enumerate(hits)
        if hit.pattern.fact == "read"
        for offset in (hit.end, *calls.get(index, ()))
    ]
    return tuple(msgspec.structs.replace(one, near=_near(one, reads, script)) for one in hidden)


def _near(one: HiddenString, reads: Sequence[tuple[int, str]], script: Script) -> tuple[str, ...]:
    spots = (one.place.offset, *uses(script.data, one.place.offset))
    found: dict[str, int] = {}
    for offset, name in reads:
        distance = min(abs(offset - spot) for spot in spots)
        if distance <= NEAR:
            found[name] = min(distance, found.get(name, distance))
    return tuple(sorted(found, key=lambda name: (found[name], name))[:_MOST_NEAR])


def bound_name(data: bytes | memoryview, offset: int) -> bytes | None:
    """The name that a value is bound to, if it is."""
    before = _BOUND.search(bytes(data[max(0, offset - 200) : offset]))
    return before[1] if before else None


def uses(data: bytes | memoryview, offset: int) -> list[int]:
    """Where the name that the value is bound to stands again, nearest uses first."""
    bound = bound_name(data, offset)
    if bound is None:
        return []
    name = re.compile(rb"(?<![\w$.])" + re.escape(bound) + rb"(?![\w$]|:(?!\s{0,8}\n))")
    around = range(max(0, offset - (1 << 20)), min(len(data), offset + (1 << 20)))
    found = [match.start() for match in name.finditer(data, around.start, around.stop)]
    return sorted(found, key=lambda at: abs(at - offset))[1 : _MOST_USES + 1]

"""Where a read of the environment is used: minified code wraps it in a function of its own and calls that elsewhere.

One step only: the function around the read, and the places that call it by its name. A name that is called nearly
everywhere, or is declared several times, says nothing and is left out.
"""

import contextlib
import re
from collections.abc import Sequence
from typing import Final

import hyperscan

from clearance.observe.static.patterns import PatternHit

_DECLARED: Final = re.compile(
    rb"(?:function\s*\*?\s*([A-Za-z_$][\w$]{0,40})\s*\(|def\s+([A-Za-z_]\w{0,60})\s*\("
    rb"|([A-Za-z_$][\w$]{0,40})\s*=\s*(?:async\s*)?(?:function\b|\([^()]{0,80}\)\s*=>|[A-Za-z_$][\w$]{0,20}\s*=>))"
)
_BACK: Final = 600
"""Bytes before a read within which its function begins."""
_MOST_NAMES: Final = 200
_MOST_CALLS: Final = 40
_KINDS: Final = frozenset({"timezone", "locale", "hostname", "username", "git", "network", "machine-id"})


def call_sites(hits: Sequence[PatternHit], data: bytes | memoryview) -> dict[int, tuple[int, ...]]:
    """For hits about the user or the machine, by their place in ``hits``: where their function is called."""
    names: dict[int, bytes] = {}
    for index, hit in enumerate(hits):
        wraps = hit.pattern.fact == "read" and hit.pattern.kind in _KINDS and len(names) < _MOST_NAMES
        if wraps and (name := _function_around(data, hit.end)) is not None:
            names[index] = name
    calls = _calls(sorted(set(names.values())), data)
    return {index: calls[name] for index, name in names.items() if calls.get(name)}


def _function_around(data: bytes | memoryview, offset: int) -> bytes | None:
    found = list(_DECLARED.finditer(bytes(data[max(0, offset - _BACK) : offset])))
    return next((g for g in found[-1].groups() if g), None) if found else None


def _calls(names: Sequence[bytes], data: bytes | memoryview) -> dict[bytes, tuple[int, ...]]:
    if not names:
        return {}
    database = hyperscan.Database()
    database.compile(
        expressions=[rb"(?:^|[^\w$.])" + re.escape(name) + rb"\(" for name in names],
        ids=list(range(len(names))),
        elements=len(names),
    )
    ends: list[list[int]] = [[] for _ in names]

    def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        if len(ends[number]) <= _MOST_CALLS:
            ends[number].append(end)

    with contextlib.suppress(hyperscan.ScanTerminated):
        database.scan(data, match_event_handler=on_match)  # type: ignore[type-var]
    return {name: tuple(found) for name, found in zip(names, ends, strict=True) if 0 < len(found) <= _MOST_CALLS}

"""What is looked for in code and strings, as data (``patterns.toml``), and the one pass that finds it all.

1. hyperscan finds where each pattern ends, all of them in one pass; what is behind it is read with ``re``.
2. A hit counts only where its row says: in code, in strings, or anywhere. Comments count nowhere.
3. A pattern is one row; nothing else has to change.
"""

import contextlib
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import hyperscan
import msgspec
import numpy as np

from clearance.model.contents import Language
from clearance.observe.static.script import LiteralKind, Script

_WIDEST = 260
MOST_HITS = 400_000
"""Hits kept of one member; a hostile one repeats a pattern without end."""


class Pattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of ``patterns.toml``."""

    fact: str
    kind: str
    find: str
    name: str = ""
    after: str = ""
    where: str = msgspec.field(name="in")
    languages: tuple[Language, ...] = msgspec.field(name="for", default=())


class _Patterns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pattern: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternHit:
    """One pattern at one place."""

    pattern: Pattern
    end: int
    """Bytes from the member's begin to where the pattern ends."""
    name: str
    literal: int
    """Index of the literal that holds it, -1 in code."""


@functools.cache
def shipped_patterns() -> tuple[Pattern, ...]:
    """Every row, in file order."""
    text = files("clearance.observe.static").joinpath("patterns.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Patterns).pattern


def find_patterns(data: bytes | memoryview, language: Language, script: Script | None) -> Iterator[PatternHit]:
    """Every hit that counts, by pattern and then by offset. Without a script everything counts as a string."""
    chosen, scan = _matcher(language)
    ends = scan(data)
    for pattern, found in zip(chosen, ends, strict=True):
        if found:
            yield from _hits(pattern, np.unique(np.asarray(found, np.int64)), data, script)


def _hits(
    pattern: Pattern, ends: np.ndarray[tuple[int], np.dtype[np.int64]], data: bytes | memoryview, script: Script | None
) -> Iterator[PatternHit]:
    after = re.compile(pattern.after.encode()) if pattern.after else None
    holders = script.in_literals(ends - 1) if script is not None else np.zeros(len(ends), np.intp)
    for end, literal in zip(ends.tolist(), holders.tolist(), strict=True):
        if script is not None and not _counts(pattern, literal, script):
            continue
        name = pattern.name
        if after is not None:
            match = after.match(data, end)
            if match is None:
                continue
            name = name or match.group(1).decode("utf-8", "replace")
        yield PatternHit(pattern=pattern, end=end, name=name, literal=literal if script is not None else -1)


def _counts(pattern: Pattern, literal: int, script: Script) -> bool:
    if literal < 0:
        return pattern.where != "string"
    kind = script.kinds[literal]
    if kind == LiteralKind.COMMENT:
        return False
    return pattern.where != "code" and kind != LiteralKind.PATTERN


def begin_of(hit: PatternHit, data: bytes | memoryview) -> int:
    """Where the hit begins; the engine is not asked, that would cost it half its speed."""
    window = max(0, hit.end - _WIDEST)
    match = _backwards(hit.pattern.find).search(bytes(data[window : hit.end]))
    return window + match.start() if match else hit.end


@functools.cache
def _backwards(find: str) -> re.Pattern[bytes]:
    return re.compile(b"(?:" + find.encode() + rb")\Z")


Scan = Callable[[bytes | memoryview], Sequence[list[int]]]


@functools.cache
def _matcher(language: Language) -> tuple[tuple[Pattern, ...], Scan]:
    strings_only = language in (Language.NATIVE, Language.BYTECODE, Language.DATA, Language.MARKDOWN, Language.TEXT)
    chosen = tuple(
        pattern
        for pattern in shipped_patterns()
        if (not pattern.languages or language in pattern.languages) and not (strings_only and pattern.where == "code")
    )
    database = hyperscan.Database()
    database.compile(
        expressions=[pattern.find.encode() for pattern in chosen], ids=list(range(len(chosen))), elements=len(chosen)
    )

    def scan(data: bytes | memoryview) -> Sequence[list[int]]:
        ends: list[list[int]] = [[] for _ in chosen]
        count = 0

        def on_match(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            nonlocal count
            ends[number].append(end)
            count += 1
            return count >= MOST_HITS

        with contextlib.suppress(hyperscan.ScanTerminated):
            database.scan(data, match_event_handler=on_match)  # type: ignore[type-var]
        return ends

    return chosen, scan

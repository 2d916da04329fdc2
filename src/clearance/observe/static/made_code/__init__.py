"""Code that is not written down where it is run: fetched, decoded from a text of the file, reached by a detour.

Two kinds of abilities: ``runs-fetched-code``, ``runs-hidden-code``. What is in strings and comments is not code.
"""

from collections.abc import Iterator

from clearance.model.contents import MOST_PLACES, Capability, Language, Where
from clearance.observe.static.made_code.constructors import reached_by_detour
from clearance.observe.static.made_code.javascript import javascript_made
from clearance.observe.static.made_code.python import python_made
from clearance.observe.static.made_code.sighting import FETCHED, HIDDEN, MadeCode
from clearance.observe.static.script import Script

__all__ = ["FETCHED", "HIDDEN", "MadeCode", "made_code", "made_code_abilities"]

LARGEST = 48 << 20
"""Bytes beyond which a script is not looked at."""


def made_code(data: bytes, language: Language, script: Script) -> Iterator[MadeCode]:
    """Everything of this kind in a script, with offsets in bytes. No bytes make it raise."""
    if language is Language.PYTHON:
        yield from python_made(data)
    elif language is Language.JAVASCRIPT and len(data) <= LARGEST:
        text = data.decode("latin-1")  # one character for each byte

        def is_code(offset: int) -> bool:
            return script.covers(offset) < 0

        yield from javascript_made(text, is_code)
        yield from reached_by_detour(text, is_code)


def made_code_abilities(data: bytes, member: int, language: Language, script: Script) -> Iterator[Capability]:
    """The same as facts, one for each kind and detail."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for seen in made_code(data, language, script):
        grouped.setdefault((seen.kind, seen.detail), []).append(seen.offset)
    for (kind, detail), offsets in grouped.items():
        places = tuple(Where(member=member, offset=offset) for offset in sorted(offsets)[:MOST_PLACES])
        yield Capability(kind=kind, detail=detail, count=len(offsets), places=places)

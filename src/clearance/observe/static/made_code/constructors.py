"""JavaScript that reaches ``Function`` or ``eval`` without writing the name down where it is called."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from clearance.observe.static.escapes import unescape
from clearance.observe.static.made_code.brackets import closing
from clearance.observe.static.made_code.occurrences import occurrences
from clearance.observe.static.made_code.sighting import HIDDEN, MadeCode

_STRING: Final = r"(?:\"(?:[^\"\\\n]|\\.){1,60}\"|'(?:[^'\\\n]|\\.){1,60}'|`(?:[^`\\\n$]|\\.){1,60}`)"
_KEY: Final = re.compile(rf"\[\s*({_STRING}(?:\s*\+\s*{_STRING}){{0,12}})\s*\]")
_PIECE: Final = re.compile(_STRING)
_CHAIN: Final = re.compile(r"(?:\?\.|\.)\s*constructor\s*(?:\?\.|\.)\s*constructor\s*(?:\?\.)?\(")
_REFLECTED: Final = re.compile(r"\bReflect\s*\.\s*(?:construct|apply)\s*\(\s*(Function|eval)\b")
_NAMES: Final = frozenset(("eval", "Function", "constructor"))
_HARMLESS: Final = re.compile(
    r"\s*(?:[\"'`]\s*(?:[\"']use strict[\"'];?\s*)?(?:return\s+)?"
    r"(?:\(?(?:this|globalThis|self|window|global|process)\b)[^;\"'`]{0,60};?\s*[\"'`])?\s*\)?\Z"
)
_WORDS: Final = ("Reflect", "constructor")
_PIECED: Final = tuple(
    f"{quote}{sign}{other}" for quote in "\"'`" for other in "\"'`" for sign in ("+", " + ", " +", "+ ")
)
_KEYED: Final = tuple(f"[{quote}{start}" for quote in "\"'`" for start in ("\\", "constructor"))
_MOST: Final = 40


def reached_by_detour(text: str, is_code: Callable[[int], bool]) -> Iterator[MadeCode]:
    """Each detour; what only makes ``return this`` is none. ``text`` has one character for each byte."""
    plain, spelled = _spelled_out(text)
    places = occurrences(plain, _WORDS)
    found = (
        *_chains(plain, places, is_code),
        *_reflected(plain, places, is_code),
        *(
            MadeCode(kind=HIDDEN, detail=f"{name} from pieces of its name", offset=at)
            for at, name in spelled
            if is_code(at)
        ),
    )
    yield from itertools.islice(found, _MOST)


def _chains(plain: str, places: Iterable[int], is_code: Callable[[int], bool]) -> Iterator[MadeCode]:
    seen: set[int] = set()
    for place in places:
        match = _CHAIN.match(plain, plain.rfind(".", max(0, place - 3), place)) if place else None
        if match is None or match.start() in seen or not is_code(match.start()):
            continue
        seen.add(match.start())
        if not _HARMLESS.match(plain[match.end() : closing(plain, match.end() - 1, most=2000)]):
            yield MadeCode(kind=HIDDEN, detail="constructor of a constructor", offset=match.start())


def _reflected(plain: str, places: Iterable[int], is_code: Callable[[int], bool]) -> Iterator[MadeCode]:
    for place in places:
        match = _REFLECTED.match(plain, place)
        if match is not None and is_code(place):
            yield MadeCode(kind=HIDDEN, detail=f"Reflect with {match[1]}", offset=place)


def _keys(text: str) -> "Iterator[re.Match[str]]":
    """Keys in brackets that are in pieces, escaped, or ``constructor``; each once, by place."""
    end = 0
    for at in occurrences(text, (*_PIECED, *_KEYED)):
        if at < end:
            continue
        begin = at if text[at] == "[" else text.rfind("[", max(end, at - 64), at)
        match = _KEY.match(text, begin) if begin >= 0 else None
        if match is not None:
            yield match
            end = match.end()


def _spelled_out(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text with ``["con" + "structor"]`` as ``.constructor`` (its length stays), and names that were in pieces."""
    parts: list[str] = []
    spelled: list[tuple[int, str]] = []
    at = 0
    for match in _keys(text):
        pieces = _PIECE.findall(match[1])
        name = "".join(unescape(piece[1:-1].encode("latin-1", "replace"), python=False) for piece in pieces)
        if name not in _NAMES:
            continue
        if name != "constructor" and (len(pieces) > 1 or "\\" in match[1]):
            spelled.append((match.start(), name))
        parts += (text[at : match.start()], f".{name}".ljust(len(match[0])))
        at = match.end()
    parts.append(text[at:])
    return "".join(parts), spelled

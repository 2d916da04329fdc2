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
_OF_A_FUNCTION: Final = re.compile(
    r"(?:=>\s*\{\s*\}\s*\)|\bfunction\b\s*\*?\s*\w{0,40}\([\w\s,]{0,80}\)\s*\{\s*\}\s*\)"
    r"|(?:\[\]|\"\"|''|``)\s*\.\s*(?!constructor\b)[a-z]\w{1,20})\s*(?:\?\.)?\s*\Z"
)
"""What stands before the name: a function that is written down and empty, or a method of an empty literal."""
_CALLED: Final = re.compile(r"(?:\?\.|\.)\s*constructor\s*(?:\?\.)?\(")
_REFLECTED: Final = re.compile(r"\bReflect\s*\.\s*(?:construct|apply)\s*\(\s*(Function|eval)\b")
_NAMES: Final = frozenset(("eval", "Function", "constructor"))
_HARMLESS: Final = re.compile(
    r"\s*(?:[\"'`]\s*(?:[\"']use strict[\"'];?\s*)?(?:return\s+)?"
    r"(?:\(?(?:this|globalThis|self|window|global)\b)[^;\"'`]{0,60};?\s*[\"'`])?\s*\)?\Z"
)
_WORDS: Final = ("Reflect", "constructor")
_PIECED: Final = tuple(
    f"{quote}{sign}{other}" for quote in "\"'`" for other in "\"'`" for sign in ("+", " + ", " +", "+ ")
)
_KEYED: Final = tuple(f"[{quote}{start}" for quote in "\"'`" for start in ("\\", "constructor"))
_ESCAPES: Final = re.compile(r"\bmainModule\b|child_process|getBuiltinModule|\.\s*binding\s*\(|\brequire\s*\(")
_MOST: Final = 40
_MOST_STRINGS: Final = 1000
_VARIABLE: Final = re.compile(
    rf"(?<![\w$.])([\w$]{{1,60}})\s*=\s*({_STRING}(?:\s*\+\s*{_STRING}){{0,12}})\s*(?=[;,)\n]|\Z)"
)
_GLOBAL: Final = re.compile(r"\b(?:globalThis|global|window|self|this)\s*(?:\?\.)?\s*\Z")
_REACH: Final = 4000
"""Characters behind a name's string in which it is looked for as a key."""


def reached_by_detour(text: str, is_code: Callable[[int], bool]) -> Iterator[MadeCode]:
    """Each detour; what only makes ``return this`` is none. ``text`` has one character for each byte."""
    plain, spelled = _spelled_out(text)
    places = occurrences(plain, _WORDS)
    named = ((at, name) for at, name in itertools.islice(_by_variables(text), _MOST) if is_code(at))
    found = (
        *(MadeCode(kind=HIDDEN, detail=f"{name} by a name in a variable", offset=at) for at, name in named),
        *_chains(plain, places, is_code),
        *_of_functions(plain, places, is_code),
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
        if not _is_harmless(plain, match.end()):
            yield MadeCode(kind=HIDDEN, detail="constructor of a constructor", offset=match.start())


def _of_functions(plain: str, places: Iterable[int], is_code: Callable[[int], bool]) -> Iterator[MadeCode]:
    """``(() => {}).constructor(text)``: ``Function`` by another name."""
    for place in places:
        match = _CALLED.match(plain, plain.rfind(".", max(0, place - 3), place)) if place else None
        if match is None or not is_code(match.start()) or _is_harmless(plain, match.end()):
            continue
        if _OF_A_FUNCTION.search(plain, max(0, match.start() - 160), match.start()):
            yield MadeCode(kind=HIDDEN, detail="constructor of a function", offset=match.start())


def _is_harmless(plain: str, begin: int) -> bool:
    """Whether it only makes ``return this``, and nothing of Node is taken from that; its arguments begin there."""
    end = closing(plain, begin - 1, most=2000)
    return _HARMLESS.match(plain[begin:end]) is not None and not _ESCAPES.search(plain, end, end + 80)


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
        name = _said(match[1])
        if name not in _NAMES:
            continue
        if name != "constructor" and (len(pieces) > 1 or "\\" in match[1]):
            spelled.append((match.start(), name))
        parts += (text[at : match.start()], f".{name}".ljust(len(match[0])))
        at = match.end()
    parts.append(text[at:])
    return "".join(parts), spelled


def _said(strings: str) -> str:
    """The text of strings that are put together."""
    pieces = _PIECE.findall(strings)
    return "".join(unescape(piece[1:-1].encode("latin-1", "replace"), python=False) for piece in pieces)


def _by_variables(text: str) -> Iterator[tuple[int, str]]:
    """Keys that are names of strings, by place: ``m = "constructor"; f[m](…)``, ``c = "eval"; globalThis[c](…)``."""
    whole = [f"{quote}{name}{quote}" for quote in "\"'`" for name in sorted(_NAMES)]
    looked: set[int] = set()
    for at in occurrences(text, (*whole, *_PIECED))[:_MOST_STRINGS]:
        near = _VARIABLE.finditer(text, max(0, at - 120), at + 200)
        match = next((m for m in near if m.start() <= at < m.end()), None)
        if match is None or match.start() in looked or (name := _said(match[2])) not in _NAMES:
            continue
        looked.add(match.start())
        key = re.compile(rf"\[\s*{re.escape(match[1])}\s*\]\s*(?:\?\.)?\s*\(")
        for used in itertools.islice(key.finditer(text, match.end(), match.end() + _REACH), 8):
            before = text[max(0, used.start() - 160) : used.start()]
            of = _OF_A_FUNCTION if name == "constructor" else _GLOBAL
            twice = name == "constructor" and before.rstrip().endswith((f"[{match[1]}]", ".constructor"))
            if (twice or of.search(before)) and not _is_harmless(text, used.end()):
                yield used.start(), name

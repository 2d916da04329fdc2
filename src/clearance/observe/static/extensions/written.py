"""Tools of MCP servers as their source describes them: decorated functions, calls that register, tables with a schema.

1. Python: a function under ``@server.tool``, its docstring or ``description=``, and what its parameters say.
2. JavaScript: ``server.tool("name", "description", …)`` and ``server.registerTool("name", {description: …})``.
3. Both: whatever stands between one pair of brackets with ``description`` and ``inputSchema``; without a ``name``
   beside them it is called by its file.

Only what is written down there is read: a description that code makes or imports is none of these facts.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.extensions.brackets import Brackets, Place
from clearance.observe.static.extensions.source import Source
from clearance.observe.static.script import Script

_MOST: Final = 500
_SCHEMA: Final = re.compile(rb"input(?:Schema|_schema)\b")
_CALL: Final = re.compile(rb"\.(?:registerTool|addTool|tool)\s{0,20}(?=\()")
_DECORATOR: Final = re.compile(rb"@[A-Za-z_][\w.]{0,80}\.tool\b[ \t]{0,20}(?=[(\r\n#])")
_FUNCTION: Final = re.compile(rb"\bdef\s{1,20}([A-Za-z_]\w{0,100})\s{0,20}(?=\()")
_NAME: Final = re.compile(r"[\w./:-]{1,128}\Z")
_BEFORE_KEY: Final = re.compile(
    rb"(?:(?<![\w.$])[\"']?(name|description|title|default)[\"']?\s{0,40}[:=]|\.(describe)\()[\s(]{0,40}"
    rb"(?:dedent\()?[rRfFbBuU]{0,2}[\"'`]{1,3}\Z"
)
_BEFORE_SECOND: Final = re.compile(rb"[\"'`]\s{0,40},[\s(]{0,40}[\"'`]\Z")
_BEFORE_FIRST: Final = re.compile(rb"\(\s{0,40}[\"'`]\Z")
_BEFORE_DOCSTRING: Final = re.compile(
    rb"\A\s{0,20}(?:->[^:\n]{0,200})?:(?:\s|#[^\n]{0,200}\n){0,200}[rRuU]?[\"']{1,3}\Z"
)
_FAR: Final = 2_000
"""Bytes between a decorator and its function, and between its signature and its docstring."""


def written_tools(path: str, script: Script) -> tuple[Extension, ...]:
    """One fact for each, at most 500, in order of their kinds. No bytes make it raise; time is linear and bounded."""
    source, brackets = Source(path, bytes(script.data)), Brackets(script)
    found = chain(
        _functions(source, brackets) if script.python else _calls(source, brackets), _tables(source, brackets)
    )
    once: dict[int, Extension] = {}
    for fact in found:
        once.setdefault(fact.offset, fact)
        if len(once) == _MOST:
            break
    return tuple(once.values())


def _functions(source: Source, brackets: Brackets) -> Iterator[Extension]:
    for mark in _DECORATOR.finditer(source.data):
        function = _FUNCTION.search(source.data, mark.end(), mark.end() + _FAR)
        if function is None or brackets.script.covers(mark.start()) >= 0:
            continue
        given = brackets.after(mark.end()) if source.data[mark.end() : mark.end() + 1] == b"(" else ()
        signature = brackets.after(function.end())
        said = [*_said(brackets, given), *_said(brackets, signature)]
        named = {key: (text, place) for key, text, place in reversed(_said(brackets, given))}
        doc = _docstring(source, brackets, function.end())
        first = named.get("description") or doc
        if first is not None:
            name = named["name"][0] if "name" in named else function[1].decode()
            yield _fact(source, name, first, said)


def _docstring(source: Source, brackets: Brackets, opened: int) -> tuple[str, int] | None:
    closed = brackets.close(opened)
    index = brackets.next_literal(closed) if closed > 0 else -1
    if index < 0:
        return None
    start = int(brackets.script.starts[index])
    if start - closed > _FAR or not _BEFORE_DOCSTRING.search(source.data[closed:start]):
        return None
    return brackets.whole(index), start


def _calls(source: Source, brackets: Brackets) -> Iterator[Extension]:
    for mark in _CALL.finditer(source.data):
        places = brackets.after(mark.end()) if brackets.script.covers(mark.start()) < 0 else ()
        if not places or not _BEFORE_FIRST.search(brackets.before(places[0].literal)):
            continue
        name, said = brackets.script.text(places[0].literal), _said(brackets, places)
        second = len(places) > 1 and _BEFORE_SECOND.search(brackets.before(places[1].literal))
        first = _second(brackets, places[1]) if second else _of(said, "description")
        if first is not None and _NAME.match(name):
            yield _fact(source, name, first, said)


def _second(brackets: Brackets, place: Place) -> tuple[str, int]:
    return brackets.whole(place.literal), int(brackets.script.starts[place.literal])


def _tables(source: Source, brackets: Brackets) -> Iterator[Extension]:
    until = -1
    for mark in _SCHEMA.finditer(source.data):
        opened = brackets.open(mark.start()) if mark.start() >= until else -1
        if opened < 0:
            continue
        places = brackets.after(opened)
        direct = _said(brackets, [place for place in places if place.depth == 1])
        name, first = _of(direct, "name"), _of(direct, "description")
        if first is not None and (name is None or _NAME.match(name[0])):
            until = brackets.close(opened)
            yield _fact(source, name[0] if name else source.stem, first, _said(brackets, places))


def _of(said: list[tuple[str, str, int]], wanted: str) -> tuple[str, int] | None:
    return next(((text, place) for key, text, place in said if key == wanted), None)


def _said(brackets: Brackets, places: "list[Place] | tuple[Place, ...]") -> list[tuple[str, str, int]]:
    """Key, text and place of each literal that a key of a description stands before."""
    found = []
    for place in places:
        if (key := _BEFORE_KEY.search(brackets.before(place.literal))) is not None:
            word = (key[1] or key[2]).decode()
            found.append((word, brackets.whole(place.literal), int(brackets.script.starts[place.literal])))
    return found


def _fact(source: Source, name: str, first: tuple[str, int], said: list[tuple[str, str, int]]) -> Extension:
    """The description, then every other text that a model reads."""
    others = (text for key, text, _ in said if key != "name" and text != first[0] and len(text) > 1)
    return source.fact("mcp-tool", name, text="\n".join((first[0], *others)), offset=first[1])

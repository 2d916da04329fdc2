"""Hooks: what an assistant runs by itself when something happens.

One fact for each event and matcher; the forms of Claude Code, Gemini, Qwen, Cursor, Windsurf, Copilot, Kiro, Amazon Q.
"""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.source import Source, command_line

_OWN_FILE: Final = re.compile(r"(?:^|/)(?:[\w-]*hooks\.jsonc?|(?:\.github/|\.?)hooks/[^/]+\.json)\Z", re.IGNORECASE)
_NO_PLACE: Final = re.compile(r"(?:^|/)(?:package(?:-lock)?|composer|tsconfig[\w.-]*)\.json\Z", re.IGNORECASE)
_PROGRAMS: Final = ("command", "bash", "powershell", "pwsh", "cmd", "shell", "windows", "linux", "osx")
_MOST: Final = 200
_DEEPEST: Final = 4


def hooks(source: Source, value: Node) -> Iterator[Extension]:
    """Every hook that the file holds. A table of other things has no commands in the form of hooks, and gives none."""
    if _NO_PLACE.search(source.place):
        return
    table = value.at("hooks")
    if not table.is_table and _OWN_FILE.search(source.place):
        table = value
    yield from inline_hooks(source, table)
    if source.name.endswith(".kiro.hook"):
        yield from _kiro(source, value)


def inline_hooks(source: Source, table: Node) -> Iterator[Extension]:
    """Hooks of a table ``{event: [entries]}`` that lies anywhere: a plugin's manifest, front matter, an agent."""
    given = 0
    for event, entries in table.items():
        for entry in entries.each() or ((entries,) if entries.is_table else ()):
            if given < _MOST and (fact := _hook(source, event, entry)) is not None:
                given += 1
                yield fact


def _hook(source: Source, event: str, entry: Node) -> Extension | None:
    parts = tuple(_flat(entry, 0))
    commands = [line for part in parts for line in _commands(part)]
    prompts = [text for part in parts for key in ("prompt", "message") if (text := part.text(key))]
    urls = [part.text("url") for part in parts if "://" in part.text("url")]
    if not commands and not urls and not (prompts and any(p.text("type") in {"prompt", "agent"} for p in parts)):
        return None
    matcher = entry.text("matcher") or entry.text("toolName")
    return source.fact("hook", f"{event} {matcher}", commands=commands, urls=urls, text="\n".join(prompts))


def _flat(entry: Node, depth: int) -> Iterator[Node]:
    yield entry
    if depth < _DEEPEST:
        for below in entry.each("hooks"):
            yield from _flat(below, depth + 1)


def _commands(part: Node) -> Iterator[str]:
    for key in _PROGRAMS:
        if words := part.texts(key):
            yield command_line((*words, *part.texts("args")))


def _kiro(source: Source, value: Node) -> Iterator[Extension]:
    then = value.at("then")
    yield source.fact(
        "hook",
        f"{value.text('when', 'type')} {value.text('name')}",
        commands=(*_commands(then), *_commands(value)),
        text=then.text("prompt"),
    )

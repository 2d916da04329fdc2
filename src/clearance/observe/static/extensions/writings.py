"""Markdown (and TOML) that speaks to an agent: skills, commands, agents, rules. What it says, asks for and has run.

1. ``!`git status` `` and ``!{git status}`` run when the text is used, before the agent reads it: they are commands.
   Fenced examples are text: an agent may follow them, and its guards then apply.
2. Tools that the head allows are permissions; hooks and servers in the head are facts of their own.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.front_matter import front_matter
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.hooks import inline_hooks
from clearance.observe.static.extensions.servers import inline_servers
from clearance.observe.static.extensions.source import Source, words_of
from clearance.observe.static.extensions.trust import trust_in
from clearance.observe.static.extensions.unseen import unseen_in

_INLINE: Final = re.compile(r"(?:^|(?<=[\s(\[>:]))!`([^`\n]{1,2000})`", re.MULTILINE)
_LONGEST: Final = 2000
"""Characters of a command within braces."""
_MOST_BRACED: Final = 200
_FENCED: Final = re.compile(r"^[ \t]*```!\w*[ \t]*\n(.{1,8000}?)^[ \t]*```", re.MULTILINE | re.DOTALL)
_TOOLS: Final = ("allowed-tools", "allowedTools", "allowed_tools", "tools", "toolsets")
_MODES: Final = ("permissionMode", "permission-mode", "permission", "approvalMode", "mode", "disallowedTools")
_APART: Final = re.compile(r"[,\s]+(?![^(]*\))")
_RUNS_INLINE: Final = frozenset({"command", "skill", "agent"})


def writing(source: Source, kind: str) -> Iterator[Extension]:
    """The fact of one Markdown file, and those of hooks and servers in its head."""
    head = front_matter(source.text)
    fields = head.fields
    yield source.fact(
        kind,
        _name(source, kind, fields),
        commands=_commands(head.body) if kind in _RUNS_INLINE else (),
        permissions=_permissions(fields),
        text="\n".join(filter(None, (_described(fields), head.body))),
        unseen=(*unseen_in(head.body), *head.remarks, *unseen_in(_described(fields))),
    )
    yield from inline_hooks(source, fields.at("hooks"))
    yield from inline_servers(source, fields.at("mcpServers"))
    yield from inline_servers(source, fields.at("mcp-servers"))


def toml_writing(source: Source, kind: str) -> Iterator[Extension]:
    """A command or agent in TOML: ``prompt``, or what the file holds where it cannot be read."""
    value = source.value or Node({})
    text = words_of(value.at("prompt")) or words_of(value.at("developer_instructions")) or source.text
    yield source.fact(
        kind,
        source.stem,
        commands=_commands(text),
        permissions=trust_in(value).permissions,
        text="\n".join(filter(None, (words_of(value.at("description")), text))),
    )


def json_writing(source: Source, value: Node) -> Iterator[Extension]:
    """An agent in JSON (Amazon Q, Kiro) with the tools that it may use without a question."""
    tools = [f"{tool}" for tool in value.texts("allowedTools")]
    text = words_of(value.at("prompt"))
    yield source.fact(
        "agent",
        value.text("name") or source.stem,
        permissions=(*tools, *(f"tools: {tool}" for tool in value.texts("tools"))),
        text="\n".join(filter(None, (value.text("description"), text))),
    )


def inline_writings(source: Source, value: Node) -> Iterator[Extension]:
    """Agents and commands that stand in OpenCode's settings: ``agent.<name>.prompt``, ``command.<name>.template``."""
    for kind, key, field in (("agent", "agent", "prompt"), ("command", "command", "template")):
        for name, entry in value.items(key):
            if text := entry.text(field):
                permissions = trust_in(entry).permissions
                yield source.fact(kind, name, commands=_commands(text), permissions=permissions, text=text)


def _name(source: Source, kind: str, fields: Node) -> str:
    if kind == "skill":
        return fields.text("name") or source.folder
    return (fields.text("name") if kind == "agent" else "") or (source.name if kind == "rules-file" else source.stem)


def _described(fields: Node) -> str:
    return "\n".join(
        words_of(fields.at(key)) for key in ("description", "when_to_use", "when-to-use") if fields.has(key)
    )


def _permissions(fields: Node) -> Iterator[str]:
    for key in _TOOLS:
        table = fields.at(key)
        if table.is_table:  # OpenCode: {bash: true}
            yield from (name for name, value in table.items() if value.is_on())
        for text in table.texts():
            yield from (tool for tool in _APART.split(text) if tool)
    for key in _MODES:
        yield from (f"{key}: {text}" for _, text in fields.at(key).leaves())
    if fields.is_on("alwaysApply"):
        yield "alwaysApply: true"
    yield from (f"globs: {text}" for text in (*fields.texts("globs"), *fields.texts("applyTo")))


def _commands(body: str) -> Iterator[str]:
    for pattern in (_INLINE, _FENCED):
        yield from (match[1] for match in pattern.finditer(body))
    yield from itertools.islice(_braced(body), _MOST_BRACED)


def _braced(body: str) -> Iterator[str]:
    """What stands in ``!{…}``, braces within it balanced."""
    at = body.find("!{")
    while at >= 0:
        end, depth = at + 2, 1
        while depth and end < min(len(body), at + _LONGEST):
            depth += {"{": 1, "}": -1}.get(body[end], 0)
            end += 1
        if not depth:
            yield body[at + 2 : end - 1]
        at = body.find("!{", end)

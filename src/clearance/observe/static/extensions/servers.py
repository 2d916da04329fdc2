"""Entries that make an assistant start or reach an MCP server, in every form that assistants read."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node, scalar
from clearance.observe.static.extensions.source import Source, command_line, setting

_KEYS: Final = re.compile(r"(?:.*\.)?(?:mcpServers|mcp_servers|mcp-servers|context_servers)\Z")
_PLAIN_LIST: Final = re.compile(r"(?:^|/)\.?mcp(?:[_-]config)?\.jsonc?\Z|(?:^|/)\.vscode/mcp\.json\Z", re.IGNORECASE)
_OWN_KEY: Final = re.compile(
    r"(?:^|/)(?:opencode\.jsonc?|\.?crush\.json|\.?kilo\w*\.jsonc?|settings\.json|config\.json)\Z", re.IGNORECASE
)
_ADDRESSES: Final = ("url", "httpUrl", "serverUrl", "endpoint", "uri", "baseUrl")
_COMMANDS: Final = ("command", "cmd")
_APPROVED: Final = ("alwaysAllow", "autoApprove", "autoApproveTools", "alwaysAllowedTools", "trustedTools")
_DEEPEST: Final = 5
_MOST: Final = 300

Entries = tuple[tuple[str, Node], ...]


def servers(source: Source, value: Node) -> Iterator[Extension]:
    """One fact for each server entry, wherever in the file its table lies."""
    given = 0
    for entries in _tables(source, value):
        for name, entry in entries:
            if given < _MOST and (fact := _server(source, name, entry)) is not None:
                given += 1
                yield fact


def inline_servers(source: Source, value: Node) -> Iterator[Extension]:
    """Servers that front matter or a manifest names in a table of its own."""
    for name, entry in _entries(value):
        if (fact := _server(source, name, entry)) is not None:
            yield fact


def _tables(source: Source, value: Node) -> Iterator[Entries]:
    if _PLAIN_LIST.search(source.place):
        yield _entries(value.at("servers"))
        if not value.has("mcpServers") and not value.has("servers"):
            yield value.items()  # an .mcp.json of a plugin may be the bare table
    if _OWN_KEY.search(source.place):
        yield _entries(value.at("mcp"))
    yield _entries(value.at("mcp", "servers"))
    waiting = [(value, 0)]
    while waiting:
        found, depth = waiting.pop()
        for key, below in found.items():
            if _KEYS.match(key):
                yield _entries(below)
            elif below.is_table and depth < _DEEPEST:
                waiting.append((below, depth + 1))
            elif depth < _DEEPEST:
                waiting += [(item, depth + 1) for item in below.each() if item.is_table]


def _entries(value: Node) -> Entries:
    """Name and entry, of a table or of a list whose entries name themselves."""
    return value.items() or tuple((entry.text("name") or "?", entry) for entry in value.each() if entry.is_table)


def _server(source: Source, name: str, entry: Node) -> Extension | None:
    if isinstance(entry.plain, str):  # a server given as its address alone
        return source.fact("mcp-server", name, urls=[scalar(entry.plain)]) if "://" in entry.plain else None
    commands = [command_line((*entry.texts(key), *entry.texts("args"))) for key in _COMMANDS if entry.texts(key)]
    inner = entry.at("command")
    if inner.is_table and inner.text("path"):  # Zed: {"command": {"path": …, "args": […]}}
        commands.append(command_line((inner.text("path"), *inner.texts("args"))))
    urls = [entry.text(key) for key in _ADDRESSES if "://" in entry.text(key)]
    if not commands and not urls:
        return None
    return source.fact(
        "mcp-server",
        name,
        commands=commands,
        urls=urls,
        permissions=_permissions(entry),
        text=entry.text("description") or entry.text("instructions"),
    )


def _permissions(entry: Node) -> Iterator[str]:
    """What it is given without a question, and which variables it gets."""
    if entry.is_on("trust"):
        yield "trust: true"
    for key in _APPROVED:
        yield from (f"{key}: {tool}" for tool in entry.texts(key) if tool != "false")
    yield from (f"includeTools: {tool}" for tool in entry.texts("includeTools"))
    for key in ("env", "environment", "headers", "http_headers"):
        yield from (setting(f"{key}.{name}", value.text()) for name, value in entry.items(key))
    if entry.text("envFile"):
        yield f"envFile: {entry.text('envFile')}"

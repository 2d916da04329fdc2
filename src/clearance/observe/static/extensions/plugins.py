"""Plugins and extensions of assistants, and the market places that list them."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.hooks import inline_hooks
from clearance.observe.static.extensions.servers import inline_servers
from clearance.observe.static.extensions.source import Source, setting

_PLUGIN: Final = re.compile(
    r"(?:^|/)(?:\.[\w-]+-plugin/plugin\.json|(?:gemini|qwen|iflow)-extension\.json)\Z", re.IGNORECASE
)
_MARKET: Final = re.compile(r"(?:^|/)\.[\w-]+-plugin/marketplace\.json\Z", re.IGNORECASE)
_PARTS: Final = ("skills", "commands", "agents", "hooks", "mcpServers", "lspServers", "outputStyles", "contextFileName")
_PROGRAMS: Final = re.compile(
    r"(?:^|/)\.?opencode/plugins?/[^/]+\.[cm]?[jt]s\Z|(?:^|/)\.(?:pi|factory|amp)/(?:extensions|plugins)/[^/]+\.[cm]?[jt]s\Z",
    re.IGNORECASE,
)


def plugins(source: Source, value: Node) -> Iterator[Extension]:
    """A plugin with what it brings, each plugin of a market place with where it comes from."""
    if _PLUGIN.search(source.place):
        yield _plugin(source, value)
        yield from _brought(source, value)
    elif _MARKET.search(source.place):
        for plugin in value.each("plugins"):
            yield _plugin(source, plugin)
            yield from _brought(source, plugin)


def program_plugins(source: Source) -> Iterator[Extension]:
    """A plugin that is a program: the assistant loads it because of where it lies."""
    if _PROGRAMS.search(source.place):
        yield source.fact("plugin", source.name, permissions=["runs inside the assistant"])


def _plugin(source: Source, value: Node) -> Extension:
    parts = [f"{key}: {text}" for key in _PARTS for text in value.texts(key)]
    excluded = [f"{tool}: denied" for tool in value.texts("excludeTools")]
    asked = [
        setting(f"settings.{s.text('envVar') or s.text('name')}", s.text("description")) for s in value.each("settings")
    ]
    return source.fact(
        "plugin",
        value.text("name") or source.folder,
        urls=_origins(value),
        permissions=(*parts, *excluded, *asked),
        text=value.text("description"),
    )


def _origins(value: Node) -> Iterator[str]:
    """Where it comes from, and where its author says to look."""
    source = value.at("source")
    yield source.text() if "://" in source.text() else ""
    yield source.text("url")
    yield f"https://github.com/{source.text('repo')}" if source.text("repo") else ""
    yield from (value.text(key) for key in ("homepage", "repository") if "://" in value.text(key))


def _brought(source: Source, value: Node) -> Iterator[Extension]:
    """Hooks and servers that stand in the manifest itself (servers that the file names at its top are found anyway)."""
    hooks = value.at("hooks")
    yield from inline_hooks(source, hooks.at("hooks") if hooks.at("hooks").is_table else hooks)
    yield from inline_servers(source, value.at("lspServers"))

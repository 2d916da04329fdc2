"""What extends an agent: servers, tools, skills, commands, agents, hooks, plugins, rules, settings.

A file is recognised by its place and by what is in it. What it cannot be read as is still a fact where its place says
what it is for.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.hooks import hooks
from clearance.observe.static.extensions.manifests import manifests
from clearance.observe.static.extensions.places import agent_file_kind, writing_kind
from clearance.observe.static.extensions.plugins import plugins, program_plugins
from clearance.observe.static.extensions.salvage import salvage
from clearance.observe.static.extensions.servers import servers
from clearance.observe.static.extensions.settings import environment_file, is_settings, settings
from clearance.observe.static.extensions.source import Source
from clearance.observe.static.extensions.tools import tools
from clearance.observe.static.extensions.workspace import workspace
from clearance.observe.static.extensions.writings import inline_writings, json_writing, toml_writing, writing

_MOST: Final = 2000
_VALUES: Final = re.compile(r"\.(?:jsonc?|json5|toml|ya?ml|code-workspace|hook|mcp)\Z", re.IGNORECASE)
_MARKS: Final = tuple(
    re.compile(mark)
    for mark in (
        rb"mcp(?:Servers|_servers|-servers)\b[\"']?[\].:=\s]",
        rb"\"context_servers\"\s{0,20}:",
        rb"\"hooks\"\s{0,20}:\s{0,20}\{",
        rb"\"input(?:Schema|_schema)\"\s{0,20}:\s{0,20}\{",
        rb"\"serverInfo\"\s{0,20}:\s{0,20}\{",
        rb"\"type\"\s{0,20}:\s{0,20}\"function\"",
    )
)
"""What is in every file that is recognised by its content alone."""
_PLACES: Final = re.compile(
    r"(?:^|/)(?:\.?mcp[\w.-]*\.jsonc?|claude_desktop_config\.json|tasks\.json|\.?devcontainer\.json|server\.json"
    r"|manifest\.json|smithery\.ya?ml|(?:gemini|qwen|iflow)-extension\.json|[\w-]*hooks\.jsonc?|[^/]+\.kiro\.hook"
    r"|\.[\w-]+-plugin/[^/]+\.json|\.?hooks/[^/]+\.json)\Z",
    re.IGNORECASE,
)


def extensions(path: str, data: bytes) -> tuple[Extension, ...]:
    """Every extension in a file, in the file's order, each once; ``path`` is the member's. No bytes make it raise."""
    source = Source(path, data)
    return tuple(dict.fromkeys(_found(source)))[:_MOST]


def _found(source: Source) -> Iterator[Extension]:
    kind = writing_kind(source)
    if kind is not None:
        yield from toml_writing(source, kind) if source.name.endswith(".toml") else writing(source, kind)
        return
    yield from environment_file(source)
    yield from program_plugins(source)
    if _VALUES.search(source.place) and (_is_placed(source) or any(mark.search(source.data) for mark in _MARKS)):
        yield from _of_value(source)


def _is_placed(source: Source) -> bool:
    """Whether its place alone says that it may be an extension."""
    known = _PLACES.search(source.place) is not None
    return known or is_settings(source) or agent_file_kind(source) is not None


_READERS: Final[tuple[Callable[[Source, Node], Iterable[Extension]], ...]] = (
    manifests,
    plugins,
    servers,
    hooks,
    settings,
    workspace,
    tools,
)


def _of_value(source: Source) -> Iterator[Extension]:
    value = source.value
    if value is None or not (value.is_table or value.each()):
        yield from salvage(source)
        return
    for reader in _READERS:
        yield from reader(source, value)
    if agent_file_kind(source) is not None:
        yield from json_writing(source, value)
    if is_settings(source):
        yield from inline_writings(source, value)

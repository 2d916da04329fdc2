"""Tools as a list in JSON describes them to a model, and what a server says of itself in its first answer."""

from collections.abc import Iterator
from typing import Final

from clearance.model.contents import Extension
from clearance.observe.static.documents.node import Node
from clearance.observe.static.extensions.source import Source

_SCHEMAS: Final = ("inputSchema", "input_schema", "parameters")
_TEXTS: Final = frozenset({"description", "title", "default", "const", "enum", "examples"})
_MOST: Final = 1000
_MOST_VISITED: Final = 200_000
_DEEPEST: Final = 30


def tools(source: Source, value: Node) -> Iterator[Extension]:
    """One fact for each tool, its text being the description and all that its schema says; and a server's own words."""
    given = 0
    for found in _tables(value):
        tool = found.at("function") if found.text("type") == "function" else found
        if given < _MOST and _is_tool(tool, is_function=tool is not found):
            given += 1
            yield source.fact("mcp-tool", tool.text("name"), permissions=_hints(tool), text="\n".join(_said(tool)))
        elif found.has("protocolVersion", "serverInfo") and found.text("instructions"):
            name = found.text("serverInfo", "name") or source.stem
            yield source.fact("mcp-server", name, text=found.text("instructions"))


def _is_tool(tool: Node, *, is_function: bool) -> bool:
    schemas = _SCHEMAS if is_function else _SCHEMAS[:2]
    return bool(tool.text("name") and tool.text("description")) and any(tool.at(key).is_table for key in schemas)


def _tables(value: Node) -> Iterator[Node]:
    """Every table of the document, outer ones first; a tool's own schema is not searched."""
    waiting = [(value, 0)]
    visited = 0
    while waiting and visited < _MOST_VISITED:
        found, depth = waiting.pop()
        visited += 1
        if found.is_table:
            yield found
            if _is_tool(found, is_function=False):
                continue
        if depth < _DEEPEST:
            waiting += [(below, depth + 1) for _, below in reversed(found.items())]
            waiting += [(below, depth + 1) for below in reversed(found.each())]


def _said(tool: Node) -> Iterator[str]:
    """The description, then every text of the schema that a model reads."""
    yield tool.text("description")
    for key in (*_SCHEMAS, "outputSchema"):
        for path, text in tool.at(key).leaves():
            if path.rpartition(".")[2] in _TEXTS and len(text) > 1:
                yield f"{_place(path)}: {text}"


def _place(path: str) -> str:
    """``properties.file.description`` as ``file``."""
    return ".".join(part for part in path.split(".") if part not in _TEXTS and part != "properties") or "schema"


def _hints(tool: Node) -> Iterator[str]:
    """What the tool says of its own effects."""
    yield from (f"{name}: {value.text()}" for name, value in tool.items("annotations") if name.endswith("Hint"))

"""A tool call as an assistant's model wrote it: JSON of any vendor's shape, as a name and arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

_WRAPPED: Final = ("function", "functionCall", "function_call", "params", "tool_call")
"""OpenAI, Gemini and MCP put the name and the arguments one deeper."""
_ARGUMENTS: Final = ("input", "arguments", "args", "parameters")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCall:
    """One call."""

    name: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotACall:
    """The bytes hold no tool call, and why."""

    why: str


def tool_call(data: bytes) -> NamedCall | NotACall:
    """``{"name": "Bash", "input": {"command": "ls"}}``; or ``arguments`` or ``args``, an object or JSON in a text.

    Total: bytes that are no such JSON give the reason.
    """
    found = _decoded(data)
    for key in _WRAPPED:
        inner = found.get(key) if isinstance(found, dict) else None
        if isinstance(inner, dict):
            found = inner
    if not isinstance(found, dict):
        return NotACall(why="It is no JSON object.")
    name = found.get("name")
    if not isinstance(name, str):
        return NotACall(why="It has no `name` that is text.")
    given = next((found[key] for key in _ARGUMENTS if key in found), None)
    if isinstance(given, str):
        given = _decoded(given.encode("utf-8", "replace")) if given[:1] == "{" else {"input": given}
    if not isinstance(given, dict):
        return NotACall(why="It has no `input` (or `arguments`) that is an object.")
    return NamedCall(name=name, arguments=given)


def _decoded(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None

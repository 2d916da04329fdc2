"""A tool call as an assistant's model wrote it: JSON of any vendor's shape, as a name and arguments.

Which of several containers, or of several values of one key, a client takes is its own affair: all of them are read.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

_NAMES: Final = ("name", "tool", "tool_name", "toolName", "function", "recipient_name")
_WRAPPED: Final = ("function", "functionCall", "function_call", "params", "tool_call", "toolCall", "tool_use", "tool")
"""OpenAI, Gemini and MCP put the name and the arguments one deeper."""
_ARGUMENTS: Final = ("input", "arguments", "args", "parameters", "params", "kwargs", "tool_input", "toolInput")
_ENVELOPE: Final = frozenset({"type", "id", "call_id", "jsonrpc", "method", "status", "index", "role", "cache_control"})
"""What stands beside a call and is no argument."""
_MOST_WRAPPED: Final = 4
_LONE: Final = re.compile(
    r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
"""Half of a surrogate pair, with what only looks like one before it."""


class Repeated(list[object]):
    """Values that stand under one name: a key written twice, or in two containers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCall:
    """One call."""

    name: str
    arguments: Mapping[str, object]
    gap: str = ""
    """What of it could not be read as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotACall:
    """The bytes hold no tool call, and why."""

    why: str


@dataclass(slots=True)
class _Parts:
    names: list[str] = field(default_factory=list)
    arguments: dict[str, object] = field(default_factory=dict)
    given: bool = False


def tool_call(data: bytes) -> NamedCall | NotACall:
    """``{"name": "Bash", "input": {"command": "ls"}}``; or ``arguments``, ``args`` …, an object or JSON in a text.

    Total: bytes that are no such JSON give the reason. Of several containers all arguments are kept; values under one
    key are then a ``Repeated``.
    """
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    whole = _LONE.sub(lambda m: m[1] or "\\ufffd", text)
    found, parts = _decoded(whole), _Parts()
    if not isinstance(found, dict):
        return NotACall(why="It is no JSON object.")
    _gather(found, parts, 0)
    if not parts.names:
        return NotACall(why="It has no `name` that is text.")
    if not parts.given and not parts.arguments:
        return NotACall(why="It has no `input` (or `arguments`) that is an object.")
    gap = "" if whole == text else "It holds halves of characters (lone surrogates); each was read as U+FFFD."
    return NamedCall(name=" ".join(dict.fromkeys(parts.names)), arguments=parts.arguments, gap=gap)


def _gather(found: Mapping[str, object], parts: _Parts, depth: int) -> None:
    beside: dict[str, object] = {}
    for key, value in ((k, v) for k, values in found.items() for v in _each(values)):
        if key in _WRAPPED and isinstance(value, dict) and depth < _MOST_WRAPPED and _is_call(value):
            _gather(value, parts, depth + 1)
        elif key in _NAMES and isinstance(value, str):
            # The innermost name is that of the tool; the others may be as well.
            parts.names.append(value)
        elif key in _ARGUMENTS or key in _WRAPPED:
            _take(value, parts)
        elif key not in _ENVELOPE:
            _keep(beside, key, value)
    for key, value in beside.items():
        _keep(parts.arguments, key, value)


def _is_call(value: Mapping[str, object]) -> bool:
    return any(key in value for key in (*_ARGUMENTS, *_WRAPPED, *_NAMES))


def _take(value: object, parts: _Parts) -> None:
    """One container: an object, JSON in a text, a line, or words."""
    if isinstance(value, str):
        inner = _decoded(value) if value.lstrip()[:1] in ("{", "[") else None
        value = inner if isinstance(inner, dict | list) else {"input": value}
    if isinstance(value, list):
        value = {"argv": value}
    if isinstance(value, dict):
        parts.given = True
        for key, values in value.items():
            for one in _each(values):
                _keep(parts.arguments, key, one)


def _keep(into: dict[str, object], key: str, value: object) -> None:
    held = into.get(key)
    if key not in into or (isinstance(value, str) and held == value):
        into[key] = value
    elif isinstance(held, Repeated):
        held.append(value)
    else:
        into[key] = Repeated((held, value))


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, Repeated) else (value,)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        _keep(found, key, value)
    return found


def _decoded(text: str) -> object:
    try:
        # Clients differ in what they make of a key that is written twice, and of raw line ends in texts.
        return json.loads(text, object_pairs_hook=_object, parse_int=float, strict=False)
    except (ValueError, RecursionError):
        return None

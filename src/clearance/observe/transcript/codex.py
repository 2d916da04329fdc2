"""Lines of Codex's ``rollout-*.jsonl``: items of the Responses API in an envelope (older files: without one).

Shapes as in the public source of Codex (``codex-rs/protocol``). What is not known is said.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearance.model.session import SessionSpan
from clearance.model.threat import SpanChannel
from clearance.observe.transcript.taken import Place, Taken

ENVELOPES: Final = frozenset("session_meta response_item turn_context event_msg compacted".split())
ITEMS: Final = frozenset(
    "message reasoning function_call function_call_output custom_tool_call custom_tool_call_output local_shell_call "
    "web_search_call ghost_snapshot compaction compaction_summary".split()
)
_NOTHING_READ: Final = frozenset("reasoning ghost_snapshot compaction compaction_summary".split())
_FROM_CLIENT: Final = ("<environment_context>", "<user_instructions>", "<permissions", "# AGENTS.md instructions")
"""How messages begin that the client writes in the user's place."""
_NOT_KEPT: Final = "[what was found is not in the transcript]"


class _Item(msgspec.Struct, frozen=True):
    type: str = ""
    role: str = ""
    cwd: str = ""
    name: str = ""
    call_id: str | None = ""
    arguments: msgspec.Raw = msgspec.Raw(b"{}")
    input: str = ""
    content: msgspec.Raw = msgspec.Raw(b"[]")
    output: msgspec.Raw = msgspec.Raw(b'""')
    action: msgspec.Raw = msgspec.Raw(b"{}")


class CodexLine(msgspec.Struct, frozen=True):
    """One line; what is not named here is not read."""

    type: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"{}")


class _Part(msgspec.Struct, frozen=True):
    type: str = ""
    text: str = ""


class _Output(msgspec.Struct, frozen=True):
    content: str = ""
    output: str = ""


class _Action(msgspec.Struct, frozen=True):
    type: str = ""
    command: tuple[str, ...] = ()
    query: str | None = None
    url: str | None = None
    pattern: str | None = None


def take_codex(line: CodexLine, raw: bytes, place: Place) -> Taken:
    """The spans of a line; ``raw`` is all of it. Raises msgspec.DecodeError where an item has another shape."""
    if line.type in ("event_msg", "compacted"):
        return Taken(kind=line.type)  # told again to the screen; what a model reads are the items
    item = msgspec.json.decode(raw if line.type in ITEMS else bytes(line.payload), type=_Item)
    if item.cwd and not place.project:
        place.project = item.cwd
    if line.type in ("session_meta", "turn_context"):
        return Taken(kind=line.type)
    if item.type in _NOTHING_READ:
        return Taken(kind=item.type)
    if item.type not in ITEMS:
        return Taken(unseen=(f"Items of kind {item.type[:40]!r} are not known.",))
    spans: list[SessionSpan] = []
    unseen: list[str] = []
    for each in _taken(item, place):
        if isinstance(each, str):
            unseen.append(each)
        else:
            spans.append(each)
    return Taken(spans=tuple(spans), unseen=tuple(unseen))


def _taken(item: _Item, place: Place) -> Iterator[SessionSpan | str]:
    call = item.call_id or ""
    match item.type:
        case "message":
            yield from _message(item, place)
        case "function_call":
            yield _call(place, item.name, _arguments(bytes(item.arguments)), call)
        case "custom_tool_call":
            arguments = msgspec.json.encode({"input": item.input}).decode()
            yield _call(place, item.name, arguments, call)
        case "local_shell_call":
            action = msgspec.json.decode(bytes(item.action), type=_Action)
            arguments = msgspec.json.encode({"command": action.command}).decode()
            yield _call(place, "local_shell", arguments, call)
        case "function_call_output" | "custom_tool_call_output":
            text, left = _text(bytes(item.output))
            yield place.answer(call, text)
            if left:
                yield f"{left} parts of an answer are no text (images); they were not looked at."
        case _:
            yield from _search(item, place)


def _message(item: _Item, place: Place) -> Iterator[SessionSpan | str]:
    text, left = _text(bytes(item.content))
    if item.role == "assistant":
        yield place.span(SpanChannel.ASSISTANT_TEXT, text)
    elif item.role == "user" and not text.startswith(_FROM_CLIENT):
        yield place.span(SpanChannel.USER_PROMPT, text)
    else:
        yield place.span(SpanChannel.SYSTEM_PROMPT, text)
    if left:
        yield f"{left} parts of a message are no text (images); they were not looked at."


def _call(place: Place, name: str, arguments: str, call: str) -> SessionSpan:
    # Tools of servers are named ``server__tool`` here and ``mcp__server__tool`` elsewhere.
    tool = f"mcp__{name}" if "__" in name and not name.startswith("mcp__") else name
    place.called(call, tool, "")
    return place.span(SpanChannel.TOOL_CALL, arguments, tool=tool, call=call)


def _arguments(raw: bytes) -> str:
    """Arguments as JSON: mostly a text that holds it, sometimes the object itself."""
    return msgspec.json.decode(raw, type=str) if raw.lstrip()[:1] == b'"' else raw.decode("utf-8", "replace")


def _search(item: _Item, place: Place) -> Iterator[SessionSpan]:
    """A search of the provider: that pages came in is known, what stood in them is not."""
    action = msgspec.json.decode(bytes(item.action), type=_Action)
    asked = {"query": action.query, "url": action.url, "pattern": action.pattern}
    arguments = msgspec.json.encode({key: value for key, value in asked.items() if value}).decode()
    where = action.url or action.query or ""
    yield place.span(SpanChannel.TOOL_CALL, arguments, tool="web_search" if not action.url else "open_page")
    yield place.span(SpanChannel.WEB_RESULT, _NOT_KEPT, tool="web_search", where=where[:2048])


def _text(raw: bytes) -> tuple[str, int]:
    """The text of a message or an answer, and how many parts of it are none."""
    first = raw.lstrip()[:1]
    if first == b'"':
        return msgspec.json.decode(raw, type=str), 0
    if first == b"[":
        parts = msgspec.json.decode(raw, type=tuple[_Part, ...])
        return "\n".join(part.text for part in parts if part.text), sum(not part.text for part in parts)
    output = msgspec.json.decode(raw, type=_Output)
    return output.content or output.output or raw.decode("utf-8", "replace"), 0

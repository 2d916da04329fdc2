"""Anthropic Messages: requests read, answers written."""

from clearance.model.profile import Dialect
from clearance.model.wire import eventstream, sse
from clearance.model.wire.answer import ModelAnswer, Payload, ToolCall, pieces
from clearance.model.wire.jsontree import Json, at, either, encode, encode_text, items, mapping, text, whole
from clearance.model.wire.request import Framing, ModelRequest, Operation, Tool, ToolChoice

# The client-side tools that the API knows by type carry no schema in the request; these are the documented ones.
_SHELL_SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {"command": {"type": "string"}, "restart": {"type": "boolean"}},
    "required": ["command"],
}
_EDITOR_SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {
        "command": {"type": "string", "enum": ["view", "create", "str_replace", "insert"]},
        "path": {"type": "string", "description": "absolute path"},
        "file_text": {"type": "string"},
    },
    "required": ["command", "path"],
}


def read(body: Json, *, operation: Operation, framing: Framing, model: str = "") -> ModelRequest:
    """The request in ``body``. ``model`` stands in where the path names it instead of the body."""
    messages = items(at(body, "messages"))
    wanted = _wanted_format(body)
    return ModelRequest(
        dialect=Dialect.ANTHROPIC_MESSAGES,
        operation=operation,
        framing=framing,
        model=text(at(body, "model")) or model,
        tools=tuple(tool for entry in items(at(body, "tools")) if (tool := _tool(entry))),
        choice=_choice(at(body, "tool_choice")),
        results=tuple(
            text(at(block, "tool_use_id"))
            for message in messages
            for block in items(at(message, "content"))
            if at(block, "type") == "tool_result"
        ),
        replies=sum(at(message, "role") == "assistant" for message in messages),
        system=flat(at(body, "system")),
        user=next((flat(at(m, "content")) for m in reversed(messages) if at(m, "role") == "user"), ""),
        max_tokens=whole(at(body, "max_tokens")),
        wants_json=wanted is not None,
        json_schema=wanted or None,
    )


def write(answer: ModelAnswer, *, framing: Framing) -> Payload:
    """The answer as one message, or as the events of a streamed one."""
    if framing is Framing.SSE:
        chunks = tuple(sse.event(event, name=text(event["type"])) for event in events(answer))
        return Payload(content_type=sse.CONTENT_TYPE, chunks=chunks, stream=True)
    if framing is Framing.EVENT_STREAM:
        chunks = tuple(eventstream.chunk(encode(event)) for event in events(answer))
        return Payload(content_type=eventstream.CONTENT_TYPE, chunks=chunks, stream=True)
    message = {
        **_message(answer),
        "content": [_whole_block(block) for block in _blocks(answer)],
        "stop_reason": _stop_reason(answer),
        "usage": _usage(answer, answer.output_tokens),
    }
    return Payload(content_type="application/json", chunks=(encode(message),), stream=False)


def events(answer: ModelAnswer) -> tuple[dict[str, Json], ...]:
    """The events of a streamed answer, in the order that the vendor documents."""
    start: dict[str, Json] = {
        "type": "message_start",
        "message": {**_message(answer), "content": [], "stop_reason": None, "usage": _usage(answer, 1)},
    }
    out: list[dict[str, Json]] = [start]
    for index, block in enumerate(_blocks(answer)):
        out += _block_events(index, block)
        if index == 0:
            out.insert(2, {"type": "ping"})
    out.append(
        {
            "type": "message_delta",
            "delta": {"stop_reason": _stop_reason(answer), "stop_sequence": None},
            "usage": {"output_tokens": answer.output_tokens},
        }
    )
    out.append({"type": "message_stop"})
    return tuple(out)


def count(tokens: int) -> Json:
    """The answer to ``count_tokens``."""
    return {"input_tokens": tokens}


def models(names: tuple[str, ...]) -> Json:
    """The answer to a listing of models."""
    rows: list[Json] = [model(name) for name in names]
    return {"data": rows, "has_more": False, "first_id": names[0], "last_id": names[-1]}


def model(name: str) -> Json:
    """One entry of that listing."""
    return {"type": "model", "id": name, "display_name": name, "created_at": "2025-01-01T00:00:00Z"}


def error(kind: str, message: str) -> Json:
    """The vendor's error shape."""
    return {"type": "error", "error": {"type": kind, "message": message}}


def flat(content: Json) -> str:
    """The text of a string or of a list of text blocks, a line between blocks."""
    if isinstance(content, str):
        return content
    return "\n".join(text(at(block, "text")) for block in items(content) if at(block, "type") in ("text", None))


def _tool(entry: Json) -> Tool | None:
    kind, name = text(at(entry, "type")), text(at(entry, "name"))
    if not name or at(entry, "defer_loading") is True:  # a deferred tool is not loaded yet and must not be called
        return None
    schema = mapping(at(entry, "input_schema"))
    if kind in ("", "custom"):
        return Tool(name=name, description=text(at(entry, "description")), schema=schema)
    if kind.startswith("bash_"):
        return Tool(name=name, description="run a shell command", schema=_SHELL_SCHEMA)
    if kind.startswith("text_editor_"):
        return Tool(name=name, description="view and edit files", schema=_EDITOR_SCHEMA)
    return None  # the vendor's server runs the others (web search, code execution)


def _choice(choice: Json) -> ToolChoice:
    kind = at(choice, "type")
    return ToolChoice(
        forbidden=kind == "none",
        required=kind in ("any", "tool"),
        name=text(at(choice, "name")) if kind == "tool" else "",
    )


def _wanted_format(body: Json) -> dict[str, Json] | None:
    wanted = at(body, "output_config", "format") or at(body, "output_format")
    if at(wanted, "type") not in ("json_schema", "json"):
        return None
    return mapping(either(wanted, "schema", "json_schema"))


def _message(answer: ModelAnswer) -> dict[str, Json]:
    return {
        "id": f"msg_{answer.id}",
        "type": "message",
        "role": "assistant",
        "model": answer.model,
        "stop_sequence": None,
    }


def _usage(answer: ModelAnswer, output_tokens: int) -> Json:
    return {
        "input_tokens": answer.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def _stop_reason(answer: ModelAnswer) -> str:
    return "tool_use" if answer.calls else "end_turn"


def _blocks(answer: ModelAnswer) -> tuple[str | ToolCall, ...]:
    return (answer.text, *answer.calls) if answer.text or not answer.calls else answer.calls


def _whole_block(block: str | ToolCall) -> Json:
    if isinstance(block, str):
        return {"type": "text", "text": block}
    return {"type": "tool_use", "id": f"toolu_{block.id}", "name": block.name, "input": dict(block.arguments)}


def _block_events(index: int, block: str | ToolCall) -> list[dict[str, Json]]:
    deltas: list[Json]
    if isinstance(block, str):
        opening: Json = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": part} for part in pieces(block)]
    else:
        opening = {"type": "tool_use", "id": f"toolu_{block.id}", "name": block.name, "input": {}}
        parts = ("", *pieces(encode_text(dict(block.arguments))))
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in parts]
    return [
        {"type": "content_block_start", "index": index, "content_block": opening},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]

"""OpenAI Chat Completions: requests read, answers written."""

from clearance.model.profile import Dialect
from clearance.model.wire import sse
from clearance.model.wire.answer import ModelAnswer, Payload, ToolCall, pieces
from clearance.model.wire.jsontree import Json, at, either, encode, encode_text, items, mapping, text, whole
from clearance.model.wire.request import Framing, ModelRequest, Operation, Tool, ToolChoice, ToolStyle


def read(body: Json, *, framing: Framing, model: str = "") -> ModelRequest:
    """The request in ``body``. ``model`` stands in where the path names it instead of the body."""
    messages = items(at(body, "messages"))
    roles = [text(at(message, "role")) for message in messages]
    wanted = at(body, "response_format")
    return ModelRequest(
        dialect=Dialect.OPENAI_CHAT,
        operation=Operation.GENERATE,
        framing=framing,
        model=text(at(body, "model")) or model,
        tools=_tools(body),
        choice=_choice(either(body, "tool_choice", "function_call")),
        results=tuple(
            text(at(m, "tool_call_id")) for m, role in zip(messages, roles, strict=True) if role in ("tool", "function")
        ),
        replies=roles.count("assistant"),
        system="\n".join(
            flat(at(m, "content")) for m, role in zip(messages, roles, strict=True) if role in ("system", "developer")
        ),
        user=next((flat(at(m, "content")) for m in reversed(messages) if at(m, "role") == "user"), ""),
        max_tokens=whole(either(body, "max_completion_tokens", "max_tokens")),
        wants_json=at(wanted, "type") in ("json_object", "json_schema"),
        json_schema=mapping(at(wanted, "json_schema", "schema")) or None,
        usage_in_stream=at(body, "stream_options", "include_usage") is True,
        legacy_functions=bool(items(at(body, "functions"))) and not items(at(body, "tools")),
    )


def write(answer: ModelAnswer, request: ModelRequest) -> Payload:
    """The answer as one completion, or as the chunks of a streamed one."""
    if request.framing is Framing.SSE:
        chunks = (*(sse.event(chunk) for chunk in stream_chunks(answer, request)), sse.DONE)
        return Payload(content_type=sse.CONTENT_TYPE, chunks=chunks, stream=True)
    choice: Json = {
        "index": 0,
        "message": _message(answer, legacy=request.legacy_functions),
        "logprobs": None,
        "finish_reason": _finish(answer, legacy=request.legacy_functions),
    }
    completion: Json = {**_head(answer, "chat.completion"), "choices": [choice], "usage": _usage(answer)}
    return Payload(content_type="application/json", chunks=(encode(completion),), stream=False)


def stream_chunks(answer: ModelAnswer, request: ModelRequest) -> tuple[dict[str, Json], ...]:
    """The chunks of a streamed answer, without the closing ``[DONE]``."""
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in pieces(answer.text)]
    for index, call in enumerate(answer.calls):
        deltas += _call_deltas(index, call, legacy=request.legacy_functions)
    chunks = [_chunk(answer, delta, None) for delta in deltas]
    chunks.append(_chunk(answer, {}, _finish(answer, legacy=request.legacy_functions)))
    if request.usage_in_stream:
        chunks.append({**_head(answer, "chat.completion.chunk"), "choices": [], "usage": _usage(answer)})
    return tuple(chunks)


def models(names: tuple[str, ...], *, created: int) -> Json:
    """The answer to a listing of models; ``created`` is Unix seconds.

    ``models`` is for clients that read descriptions of their vendor's own models there: there are none, so they take
    those that they carry, instead of asking again for what they cannot read.
    """
    return {"object": "list", "data": [model(name, created=created) for name in names], "models": []}


def model(name: str, *, created: int) -> Json:
    """One entry of that listing."""
    return {"id": name, "object": "model", "created": created, "owned_by": "system"}


def error(kind: str, message: str) -> dict[str, Json]:
    """The vendor's error shape."""
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def flat(content: Json) -> str:
    """The text of a string or of a list of parts, a line between parts."""
    if isinstance(content, str):
        return content
    return "\n".join(part if isinstance(part, str) else text(at(part, "text")) for part in items(content))


def _tools(body: Json) -> tuple[Tool, ...]:
    offered = [_tool(entry) for entry in items(at(body, "tools"))]
    offered += [_function(entry) for entry in items(at(body, "functions"))]
    return tuple(tool for tool in offered if tool and tool.name)


def _tool(entry: Json) -> Tool | None:
    if at(entry, "type") == "custom":
        custom = at(entry, "custom")
        return Tool(
            name=text(at(custom, "name")), description=text(at(custom, "description")), style=ToolStyle.FREEFORM
        )
    return _function(at(entry, "function"))


def _function(entry: Json) -> Tool:
    return Tool(
        name=text(at(entry, "name")),
        description=text(at(entry, "description")),
        schema=mapping(at(entry, "parameters")),
    )


def _choice(choice: Json) -> ToolChoice:
    name = text(either(choice, "name")) or text(at(choice, "function", "name")) or text(at(choice, "custom", "name"))
    return ToolChoice(forbidden=choice == "none", required=choice == "required" or bool(name), name=name)


def _head(answer: ModelAnswer, kind: str) -> dict[str, Json]:
    return {"id": f"chatcmpl-{answer.id}", "object": kind, "created": answer.created, "model": answer.model}


def _chunk(answer: ModelAnswer, delta: Json, finish: str | None) -> dict[str, Json]:
    return {
        **_head(answer, "chat.completion.chunk"),
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }


def _finish(answer: ModelAnswer, *, legacy: bool) -> str:
    if not answer.calls:
        return "stop"
    return "function_call" if legacy else "tool_calls"


def _message(answer: ModelAnswer, *, legacy: bool) -> Json:
    message: dict[str, Json] = {"role": "assistant", "content": answer.text or None, "refusal": None}
    if answer.calls and legacy:
        call = answer.calls[0]
        message["function_call"] = {"name": call.name, "arguments": encode_text(dict(call.arguments))}
    elif answer.calls:
        message["tool_calls"] = [_call(call) for call in answer.calls]
    return message


def _call(call: ToolCall) -> Json:
    if call.style is ToolStyle.FREEFORM:
        return {"id": f"call_{call.id}", "type": "custom", "custom": {"name": call.name, "input": call.freeform}}
    function: Json = {"name": call.name, "arguments": encode_text(dict(call.arguments))}
    return {"id": f"call_{call.id}", "type": "function", "function": function}


def _call_deltas(index: int, call: ToolCall, *, legacy: bool) -> list[Json]:
    parts = pieces(encode_text(dict(call.arguments)))
    if legacy:
        fragments: list[Json] = [{"name": call.name, "arguments": ""}]
        fragments += [{"arguments": part} for part in parts]
        return [{"function_call": fragment} for fragment in fragments]
    if call.style is ToolStyle.FREEFORM:
        return [{"tool_calls": [{"index": index, **mapping(_call(call))}]}]
    opening: Json = {"name": call.name, "arguments": ""}
    deltas: list[Json] = [
        {"tool_calls": [{"index": index, "id": f"call_{call.id}", "type": "function", "function": opening}]}
    ]
    deltas += [{"tool_calls": [{"index": index, "function": {"arguments": part}}]} for part in parts]
    return deltas


def _usage(answer: ModelAnswer) -> Json:
    return {
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": answer.input_tokens + answer.output_tokens,
    }

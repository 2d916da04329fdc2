"""OpenAI Responses: answers written, as one document, as server-sent events or as WebSocket messages."""

from clearance.model.wire import sse
from clearance.model.wire.answer import ModelAnswer, Payload, ToolCall, pieces
from clearance.model.wire.jsontree import Json, encode, encode_text, text
from clearance.model.wire.request import Framing, ToolStyle


def write(answer: ModelAnswer, *, framing: Framing) -> Payload:
    """The answer in the framing that was asked for. WebSocket: one chunk a message."""
    if framing is Framing.JSON:
        return Payload(content_type="application/json", chunks=(encode(_response(answer, "completed")),), stream=False)
    told = events(answer)
    if framing is Framing.MESSAGES:
        return Payload(content_type="application/json", chunks=tuple(encode(event) for event in told), stream=True)
    chunks = tuple(sse.event(event, name=text(event["type"])) for event in told)
    return Payload(content_type=sse.CONTENT_TYPE, chunks=chunks, stream=True)


def events(answer: ModelAnswer) -> tuple[dict[str, Json], ...]:
    """The events of a streamed answer in the vendor's order, numbered from 0."""
    out: list[dict[str, Json]] = [
        {"type": "response.created", "response": _response(answer, "in_progress")},
        {"type": "response.in_progress", "response": _response(answer, "in_progress")},
    ]
    index = 0
    if answer.text:
        out += _text_events(answer, index)
        index += 1
    for call in answer.calls:
        out += _call_events(call, index)
        index += 1
    out.append({"type": "response.completed", "response": _response(answer, "completed")})
    return tuple({**event, "sequence_number": number} for number, event in enumerate(out))


def count(tokens: int) -> Json:
    """The answer to ``POST …/responses/input_tokens``."""
    return {"object": "response.input_tokens", "input_tokens": tokens}


def _response(answer: ModelAnswer, status: str) -> dict[str, Json]:
    done = status == "completed"
    return {
        "id": f"resp_{answer.id}",
        "object": "response",
        "created_at": answer.created,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "metadata": {},
        "model": answer.model,
        "output": _output(answer) if done else [],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": False,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _usage(answer) if done else None,
        "user": None,
    }


def _output(answer: ModelAnswer) -> list[Json]:
    out: list[Json] = [_message(answer)] if answer.text else []
    return [*out, *(_call(call) for call in answer.calls)]


def _usage(answer: ModelAnswer) -> Json:
    return {
        "input_tokens": answer.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": answer.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": answer.input_tokens + answer.output_tokens,
    }


def _part(said: str) -> Json:
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": said}


def _message(answer: ModelAnswer) -> dict[str, Json]:
    return {
        "id": f"msg_{answer.id}",
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [_part(answer.text)],
    }


def _text_events(answer: ModelAnswer, index: int) -> list[dict[str, Json]]:
    message = _message(answer)
    place: dict[str, Json] = {"item_id": message["id"], "output_index": index, "content_index": 0}
    opening: Json = {**message, "status": "in_progress", "content": []}
    return [
        {"type": "response.output_item.added", "output_index": index, "item": opening},
        {"type": "response.content_part.added", **place, "part": _part("")},
        *(
            {"type": "response.output_text.delta", **place, "delta": part, "logprobs": []}
            for part in pieces(answer.text)
        ),
        {"type": "response.output_text.done", **place, "text": answer.text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": _part(answer.text)},
        {"type": "response.output_item.done", "output_index": index, "item": message},
    ]


def _call(call: ToolCall) -> dict[str, Json]:
    """The item of a call, in the shape that its tool's style asks for."""
    ids: dict[str, Json] = {"call_id": f"call_{call.id}", "status": "completed"}
    arguments: dict[str, Json] = dict(call.arguments)
    match call.style:
        case ToolStyle.FUNCTION:
            item: dict[str, Json] = {"type": "function_call", "id": f"fc_{call.id}", **ids, "name": call.name}
            item["arguments"] = encode_text(arguments)
        case ToolStyle.FREEFORM:
            item = {"type": "custom_tool_call", "id": f"ctc_{call.id}", **ids, "name": call.name}
            item["input"] = call.freeform
        case ToolStyle.LOCAL_SHELL:
            item = {"type": "local_shell_call", "id": f"lsh_{call.id}", **ids}
            item["action"] = {"type": "exec", "env": {}, **arguments}
        case ToolStyle.SHELL:
            item = {"type": "shell_call", "id": f"sh_{call.id}", **ids}
            item["action"] = {"timeout_ms": None, "max_output_length": None, **arguments}
        case ToolStyle.APPLY_PATCH:
            item = {"type": "apply_patch_call", "id": f"apc_{call.id}", **ids, "operation": arguments}
    if call.namespace:
        item["namespace"] = call.namespace
    return item


def _call_events(call: ToolCall, index: int) -> list[dict[str, Json]]:
    item = _call(call)
    opening: dict[str, Json] = {**item, "status": "in_progress"}
    place: dict[str, Json] = {"item_id": item["id"], "output_index": index}
    middle: list[dict[str, Json]] = []
    if call.style is ToolStyle.FUNCTION:
        opening["arguments"] = ""
        middle = _deltas("response.function_call_arguments", "arguments", text(item["arguments"]), place)
        middle[-1]["name"] = call.name
    elif call.style is ToolStyle.FREEFORM:
        opening["input"] = ""
        middle = _deltas("response.custom_tool_call_input", "input", call.freeform, place)
    return [
        {"type": "response.output_item.added", "output_index": index, "item": opening},
        *middle,
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]


def _deltas(kind: str, whole_name: str, value: str, place: dict[str, Json]) -> list[dict[str, Json]]:
    return [
        *({"type": f"{kind}.delta", **place, "delta": part} for part in pieces(value)),
        {"type": f"{kind}.done", **place, whole_name: value},
    ]

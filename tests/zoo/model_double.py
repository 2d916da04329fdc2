"""A model for the tests of the zoo: answers four dialects from the history that a request carries.

Three turns of tool calls (read a file, run a command, list the files), then a text; only tools that the request offers.
"""

import json

PLAN = (
    ("read_file", {"path": "README.md"}),
    ("run_command", {"command": "echo zoo"}),
    ("list_files", {"path": "."}),
)
FINAL = "Nothing had to be done."
JSON_TYPE, STREAM_TYPE = "application/json", "text/event-stream"


def answer(target: str, body: bytes) -> tuple[str, bytes]:
    """Content type and body of the answer to any request, model request or not."""
    try:
        asked = json.loads(body or b"{}")
    except ValueError:
        return JSON_TYPE, b"{}"
    path = target.partition("?")[0]
    if path.endswith("/messages"):
        turn = body.count(b'"tool_result"')
        return _anthropic(_pick(turn, [t["name"] for t in asked.get("tools", ())]), turn, bool(asked.get("stream")))
    if path.endswith("/chat/completions"):
        turn = sum(m["role"] == "tool" for m in asked["messages"])
        names = [t["function"]["name"] for t in asked.get("tools", ())]
        return _chat(_pick(turn, names), turn, bool(asked.get("stream")))
    if path.endswith("/responses"):
        turn = sum(i.get("type") == "function_call_output" for i in asked["input"] if isinstance(i, dict))
        names = [t.get("name", "") for t in asked.get("tools", ())]
        return _responses(_pick(turn, names), turn, bool(asked.get("stream")))
    if "enerateContent" in path:
        turn = body.count(b'"functionResponse"')
        names = [f["name"] for t in asked.get("tools", ()) for f in t.get("functionDeclarations", ())]
        return _gemini(_pick(turn, names), stream="alt=sse" in target)
    return JSON_TYPE, b"{}"


def _pick(turn: int, offered: list[str]) -> tuple[str, dict[str, str]] | None:
    return PLAN[turn] if turn < len(PLAN) and PLAN[turn][0] in offered else None


def _anthropic(call: tuple[str, dict[str, str]] | None, turn: int, stream: bool) -> tuple[str, bytes]:
    if call:
        block = {"type": "tool_use", "id": f"toolu_{turn}", "name": call[0], "input": call[1]}
    else:
        block = {"type": "text", "text": FINAL}
    message = {"id": f"msg_{turn}", "type": "message", "role": "assistant", "model": "m"}
    usage = {"input_tokens": 10, "output_tokens": 5}
    reason = "tool_use" if call else "end_turn"
    if not stream:
        return JSON_TYPE, _json({**message, "content": [block], "stop_reason": reason, "usage": usage})
    empty = {**block, "input": {}} if call else {**block, "text": ""}
    delta = (
        {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
        if call
        else {"type": "text_delta", "text": FINAL}
    )
    return STREAM_TYPE, _events(
        {"type": "message_start", "message": {**message, "content": [], "stop_reason": None, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage},
        {"type": "message_stop"},
    )


def _chat(call: tuple[str, dict[str, str]] | None, turn: int, stream: bool) -> tuple[str, bytes]:
    said: dict[str, object] = {"role": "assistant", "content": None if call else FINAL}
    if call:
        function = {"name": call[0], "arguments": json.dumps(call[1])}
        said["tool_calls"] = [{"index": 0, "id": f"call_{turn}", "type": "function", "function": function}]
    reason = "tool_calls" if call else "stop"
    whole = {"id": f"chatcmpl-{turn}", "created": 1, "model": "m"}
    if not stream:
        choice = {"index": 0, "message": said, "finish_reason": reason}
        return JSON_TYPE, _json({**whole, "object": "chat.completion", "choices": [choice]})
    pieces = [{"index": 0, "delta": said, "finish_reason": None}, {"index": 0, "delta": {}, "finish_reason": reason}]
    chunks = [{**whole, "object": "chat.completion.chunk", "choices": [p]} for p in pieces]
    return STREAM_TYPE, _events(*chunks) + b"data: [DONE]\n\n"


def _responses(call: tuple[str, dict[str, str]] | None, turn: int, stream: bool) -> tuple[str, bytes]:
    item: dict[str, object] = {
        "type": "message",
        "id": f"msg_{turn}",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": FINAL, "annotations": []}],
    }
    if call:
        item = {"type": "function_call", "id": f"fc_{turn}", "call_id": f"call_{turn}", "name": call[0]}
        item |= {"arguments": json.dumps(call[1]), "status": "completed"}
    whole = {"id": f"resp_{turn}", "object": "response", "model": "m", "status": "completed", "output": [item]}
    whole["usage"] = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    if not stream:
        return JSON_TYPE, _json(whole)
    return STREAM_TYPE, _events(
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    )


def _gemini(call: tuple[str, dict[str, str]] | None, *, stream: bool) -> tuple[str, bytes]:
    part = {"functionCall": {"name": call[0], "args": call[1]}} if call else {"text": FINAL}
    candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}
    whole = {"candidates": [candidate], "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 15}}
    return (STREAM_TYPE, b"data: " + _json(whole) + b"\r\n\r\n") if stream else (JSON_TYPE, _json(whole))


def _events(*events: dict[str, object]) -> bytes:
    return b"".join(b"event: %s\ndata: %s\n\n" % (str(e.get("type", "")).encode(), _json(e)) for e in events)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()

"""Gemini (and Code Assist, which wraps it): requests read, answers written."""

from clearance.model.profile import Dialect
from clearance.model.wire import sse
from clearance.model.wire.answer import ModelAnswer, Payload, ToolCall, pieces
from clearance.model.wire.jsontree import Json, at, either, encode, items, mapping, text, whole
from clearance.model.wire.request import Framing, ModelRequest, Operation, Tool, ToolChoice

_METHODS: list[Json] = ["generateContent", "streamGenerateContent", "countTokens"]


def read(body: Json, *, operation: Operation, framing: Framing, model: str = "") -> ModelRequest:
    """The request in ``body``. The path names the ``model``; Code Assist names it in the body, around the request."""
    inner = at(body, "request")
    wrapped = isinstance(inner, dict)
    asked = inner if wrapped else _unwrapped_count(body)
    contents = items(at(asked, "contents")) or ((at(asked, "contents"),) if at(asked, "contents", "parts") else ())
    config = either(asked, "generationConfig", "generation_config")
    schema = mapping(either(config, "responseJsonSchema", "responseSchema", "response_schema", "response_json_schema"))
    mime = text(either(config, "responseMimeType", "response_mime_type"))
    return ModelRequest(
        dialect=Dialect.GEMINI,
        operation=operation,
        framing=framing,
        model=model or text(at(body, "model")),
        tools=tuple(tool for entry in items(at(asked, "tools")) for tool in _tools(entry)),
        choice=_choice(asked),
        results=tuple(
            text(at(answer, "id"))
            for content in contents
            for part in items(at(content, "parts"))
            if isinstance(answer := either(part, "functionResponse", "function_response"), dict)
        ),
        replies=sum(at(content, "role") == "model" for content in contents),
        system=flat(either(asked, "systemInstruction", "system_instruction")),
        user=next((said for content in reversed(contents) if (said := _said(content))), ""),
        max_tokens=whole(either(config, "maxOutputTokens", "max_output_tokens")),
        wants_json=mime == "application/json" or bool(schema),
        json_schema=schema or None,
        wrapped=wrapped,
    )


def write(answer: ModelAnswer, request: ModelRequest) -> Payload:
    """The answer in the framing that was asked for."""
    if request.framing is Framing.JSON:
        whole_answer = _response(answer, _parts(answer), request, last=True)
        return Payload(content_type="application/json", chunks=(encode(whole_answer),), stream=False)
    told = stream_chunks(answer, request)
    if request.framing is Framing.SSE:
        # The vendor ends lines with CR LF here, and its oldest client library splits on nothing else.
        chunks = tuple(sse.event(chunk).replace(b"\n\n", b"\r\n\r\n") for chunk in told)
        return Payload(content_type=sse.CONTENT_TYPE, chunks=chunks, stream=True)
    before = (b"[", *(b",\r\n" for _ in told[1:]))
    members = (*(comma + encode(chunk) for comma, chunk in zip(before, told, strict=True)), b"]")
    return Payload(content_type="application/json", chunks=members, stream=True)


def stream_chunks(answer: ModelAnswer, request: ModelRequest) -> tuple[Json, ...]:
    """The members of a streamed answer: text in pieces, then each call whole, the last with the finish reason."""
    parts: list[Json] = [{"text": piece} for piece in pieces(answer.text)]
    parts += [_call(call) for call in answer.calls]
    parts = parts or [{"text": ""}]
    return tuple(_response(answer, [part], request, last=part is parts[-1]) for part in parts)


def count(tokens: int) -> Json:
    """The answer to ``:countTokens``."""
    return {"totalTokens": tokens}


def models(names: tuple[str, ...]) -> Json:
    """The answer to a listing of models."""
    return {"models": [model(name) for name in names]}


def model(name: str) -> Json:
    """One entry of that listing."""
    return {
        "name": f"models/{name}",
        "version": "001",
        "displayName": name,
        "inputTokenLimit": 1048576,
        "outputTokenLimit": 65536,
        "supportedGenerationMethods": _METHODS,
    }


def error(status: int, kind: str, message: str) -> Json:
    """The vendor's error shape."""
    return {"error": {"code": status, "message": message, "status": kind}}


def flat(content: Json) -> str:
    """The text of a content, a line between parts."""
    if isinstance(content, str):
        return content
    return "\n".join(said for part in items(at(content, "parts")) if (said := text(at(part, "text"))))


def _unwrapped_count(body: Json) -> Json:
    inner = either(body, "generateContentRequest", "generate_content_request")
    return inner if isinstance(inner, dict) else body


def _said(content: Json) -> str:
    return flat(content) if at(content, "role") in ("user", None) else ""


def _tools(entry: Json) -> list[Tool]:
    declared = items(either(entry, "functionDeclarations", "function_declarations"))
    return [
        Tool(
            name=text(at(function, "name")),
            description=text(at(function, "description")),
            schema=mapping(either(function, "parametersJsonSchema", "parameters_json_schema", "parameters")),
        )
        for function in declared
        if text(at(function, "name"))
    ]


def _choice(asked: Json) -> ToolChoice:
    config = either(either(asked, "toolConfig", "tool_config"), "functionCallingConfig", "function_calling_config")
    mode = text(at(config, "mode")).upper()
    allowed = items(either(config, "allowedFunctionNames", "allowed_function_names"))
    name = text(allowed[0]) if mode == "ANY" and len(allowed) == 1 else ""
    return ToolChoice(forbidden=mode == "NONE", required=mode == "ANY", name=name)


def _call(call: ToolCall) -> Json:
    return {"functionCall": {"id": call.id, "name": call.name, "args": dict(call.arguments)}}


def _parts(answer: ModelAnswer) -> list[Json]:
    parts: list[Json] = [{"text": answer.text}] if answer.text or not answer.calls else []
    return [*parts, *(_call(call) for call in answer.calls)]


def _response(answer: ModelAnswer, parts: list[Json], request: ModelRequest, *, last: bool) -> Json:
    candidate: dict[str, Json] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    if last:
        candidate["finishReason"] = "STOP"
    response: dict[str, Json] = {
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": answer.input_tokens,
            "candidatesTokenCount": answer.output_tokens,
            "totalTokenCount": answer.input_tokens + answer.output_tokens,
        },
        "modelVersion": answer.model,
        "responseId": answer.id,
    }
    return {"response": response, "traceId": answer.id} if request.wrapped else response

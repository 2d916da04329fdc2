import pytest

from clearance.model.profile import Dialect
from clearance.model.wire.jsontree import Json, encode
from clearance.model.wire.recognise import read_message, read_request
from clearance.model.wire.request import Framing, ModelRequest, Operation, ToolStyle

TURN: Json = [{"role": "user", "content": "hi"}]


def read(
    target: str, body: Json, *, method: str = "POST", headers: tuple[tuple[bytes, bytes], ...] = ()
) -> ModelRequest | None:
    return read_request(method, target, headers, encode(body))


def sure(target: str, body: Json) -> ModelRequest:
    found = read(target, body)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("target", "body", "dialect", "framing"),
    [
        ("/v1/messages?beta=true", {"messages": TURN, "stream": True}, Dialect.ANTHROPIC_MESSAGES, Framing.SSE),
        ("/any/prefix/v1/messages", {"messages": TURN}, Dialect.ANTHROPIC_MESSAGES, Framing.JSON),
        ("/model/some.model-v1%3A0/invoke", {"messages": TURN}, Dialect.ANTHROPIC_MESSAGES, Framing.JSON),
        ("/model/m/invoke-with-response-stream", {"messages": TURN}, Dialect.ANTHROPIC_MESSAGES, Framing.EVENT_STREAM),
        (
            "/v1/projects/p/locations/l/publishers/a/models/m:streamRawPredict",
            {"messages": TURN},
            Dialect.ANTHROPIC_MESSAGES,
            Framing.SSE,
        ),
        (
            "/openai/deployments/d/chat/completions?api-version=1",
            {"messages": TURN, "stream": True},
            Dialect.OPENAI_CHAT,
            Framing.SSE,
        ),
        ("/backend-api/codex/responses", {"input": TURN, "stream": True}, Dialect.OPENAI_RESPONSES, Framing.SSE),
        ("/v1beta/models/g:streamGenerateContent?alt=sse", {"contents": []}, Dialect.GEMINI, Framing.SSE),
        ("/v1beta/models/g:streamGenerateContent", {"contents": []}, Dialect.GEMINI, Framing.JSON_ARRAY),
        ("/v1internal:streamGenerateContent?alt=sse", {"request": {}}, Dialect.GEMINI, Framing.SSE),
        ("https://proxy.example/v1/messages", {"messages": TURN}, Dialect.ANTHROPIC_MESSAGES, Framing.JSON),
    ],
)
def test_a_dialect_is_told_by_path_and_body_on_any_host(
    target: str, body: Json, dialect: Dialect, framing: Framing
) -> None:
    found = sure(target, body)
    assert (found.dialect, found.framing, found.operation) == (dialect, framing, Operation.GENERATE)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/api/v1/messages", {"channel": "general", "text": "hello"}),
        ("POST", "/v1/responses", {"survey": 1}),
        ("POST", "/v1/traces", {"messages": TURN}),
        ("GET", "/v1/messages", None),
        ("GET", "/mymodels", None),
    ],
)
def test_other_apis_with_such_paths_are_not_taken_for_a_model(method: str, target: str, body: Json) -> None:
    assert read(target, body, method=method) is None


def test_counting_and_listing_are_told_from_generating() -> None:
    assert sure("/v1/messages/count_tokens", {"messages": TURN}).operation is Operation.COUNT_TOKENS
    assert sure("/v1beta/models/g:countTokens", {"contents": []}).operation is Operation.COUNT_TOKENS
    listing = read("/v1/models", None, method="GET")
    assert listing is not None
    assert (listing.operation, listing.dialect, listing.model) == (Operation.LIST_MODELS, Dialect.OPENAI_CHAT, "")
    one = read("/v1/models/some%2Fmodel", None, method="GET", headers=((b"Anthropic-Version", b"2023-06-01"),))
    assert one is not None
    assert (one.dialect, one.model) == (Dialect.ANTHROPIC_MESSAGES, "some/model")


def test_the_model_comes_from_the_path_where_the_path_names_it() -> None:
    assert sure("/v1beta/models/gem-1:generateContent", {"contents": []}).model == "gem-1"
    assert sure("/model/bed-1/invoke", {"messages": TURN}).model == "bed-1"
    assert sure("/v1internal:generateContent", {"model": "ca-1", "request": {"contents": []}}).model == "ca-1"


def test_anthropic_tools_results_and_texts_are_read() -> None:
    found = sure(
        "/v1/messages",
        {
            "model": "m",
            "max_tokens": 5,
            "system": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
            "messages": [
                {"role": "user", "content": "first"},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Read", "input": {}}]},
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "t1", "is_error": True},
                        {"type": "text", "text": "go"},
                    ],
                },
            ],
            "tools": [
                {"name": "Read", "input_schema": {"type": "object"}},
                {"type": "bash_20250124", "name": "bash"},
                {"type": "web_search_20250305", "name": "web_search"},
                {"name": "later", "input_schema": {}, "defer_loading": True},
            ],
            "tool_choice": {"type": "tool", "name": "Read"},
            "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}},
        },
    )
    assert (found.system, found.user, found.results, found.replies) == ("a\nb", "go", ("t1",), 1)
    assert [tool.name for tool in found.tools] == ["Read", "bash"]
    assert (found.choice.required, found.choice.name) == (True, "Read")
    assert (found.wants_json, found.json_schema, found.max_tokens) == (True, {"type": "object"}, 5)


def test_chat_tools_results_and_texts_are_read() -> None:
    found = sure(
        "/v1/chat/completions",
        {
            "messages": [
                {"role": "system", "content": "s"},
                {"role": "user", "content": [{"type": "text", "text": "u"}]},
                {"role": "assistant", "tool_calls": []},
                {"role": "tool", "tool_call_id": "c1", "content": "x"},
            ],
            "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "custom", "custom": {"name": "c"}}],
            "tool_choice": "required",
            "stream": True,
            "stream_options": {"include_usage": True},
        },
    )
    assert (found.system, found.user, found.results) == ("s", "u", ("c1",))
    assert [(tool.name, tool.style) for tool in found.tools] == [("f", ToolStyle.FUNCTION), ("c", ToolStyle.FREEFORM)]
    assert (found.choice.required, found.choice.name, found.usage_in_stream) == (True, "", True)


def test_responses_tools_of_every_style_are_read_and_namespaces_opened() -> None:
    found = sure(
        "/v1/responses",
        {
            "instructions": "s",
            "input": [
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "u"}]},
                {"type": "custom_tool_call_output", "call_id": "c9", "output": "x"},
            ],
            "tools": [
                {"type": "function", "name": "f", "parameters": {}},
                {"type": "local_shell"},
                {"type": "custom", "name": "apply_patch", "format": {"type": "grammar"}},
                {"type": "namespace", "name": "files", "tools": [{"type": "function", "name": "read"}]},
                {"type": "web_search"},
            ],
            "previous_response_id": "resp_1",
        },
    )
    assert [(tool.namespace, tool.name, tool.style) for tool in found.tools] == [
        ("", "f", ToolStyle.FUNCTION),
        ("", "local_shell", ToolStyle.LOCAL_SHELL),
        ("", "apply_patch", ToolStyle.FREEFORM),
        ("files", "read", ToolStyle.FUNCTION),
    ]
    assert (found.system, found.user, found.results, found.previous) == ("s", "u", ("c9",), "resp_1")


def test_a_websocket_message_is_the_same_request() -> None:
    flat = read_message(encode({"type": "response.create", "model": "m", "input": "hello", "generate": False}))
    nested = read_message(encode({"type": "response.create", "response": {"model": "m", "input": "hello"}}))
    assert flat is not None
    assert nested is not None
    assert (flat.user, flat.generate, flat.framing) == ("hello", False, Framing.MESSAGES)
    assert (nested.user, nested.generate) == ("hello", True)
    assert read_message(b'{"type": "ping"}') is None


@pytest.mark.parametrize("wrapped", [False, True])
def test_gemini_is_read_in_both_spellings_and_wrapped(wrapped: bool) -> None:
    inner: Json = {
        "system_instruction": {"parts": [{"text": "s"}]},
        "contents": [
            {"role": "user", "parts": [{"text": "u"}]},
            {"role": "model", "parts": [{"functionCall": {"name": "f"}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "id": "i", "response": {}}}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT"}}]}, {"googleSearch": {}}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseSchema": {"type": "OBJECT"},
            "maxOutputTokens": 7,
        },
    }
    found = (
        sure("/v1internal:generateContent", {"model": "m", "request": inner})
        if wrapped
        else sure("/v1/models/m:generateContent", inner)
    )
    assert (found.model, found.system, found.user, found.results, found.replies) == ("m", "s", "u", ("i",), 1)
    assert [tool.name for tool in found.tools] == ["f"]
    assert (found.choice.required, found.choice.name, found.wants_json, found.max_tokens) == (True, "f", True, 7)
    assert found.wrapped is wrapped

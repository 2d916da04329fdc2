import contextlib
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.model.wire.coding import MAX_BODY, decode_body
from clearance.model.wire.jsontree import MAX_DEPTH, Json, WireError, encode, parse
from clearance.model.wire.recognise import address, read_message, read_request
from clearance.model.wire.request import ModelRequest

PATHS = (
    "/v1/messages",
    "/v1/messages/count_tokens",
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/responses/input_tokens",
    "/v1beta/models/g:streamGenerateContent?alt=sse",
    "/v1internal:generateContent",
    "/model/m/invoke-with-response-stream",
    "/v1/projects/p/models/m:rawPredict",
)
KEYS = st.sampled_from(
    [
        "messages",
        "role",
        "content",
        "type",
        "text",
        "tools",
        "name",
        "input_schema",
        "function",
        "parameters",
        "input",
        "contents",
        "parts",
        "functionResponse",
        "functionDeclarations",
        "request",
        "generationConfig",
        "responseSchema",
        "tool_choice",
        "toolConfig",
        "system",
        "instructions",
        "stream",
        "model",
        "output_config",
        "format",
        "schema",
        "stream_options",
        "functions",
        "previous_response_id",
        "response",
    ]
)
VALUES = st.sampled_from(
    ["user", "assistant", "tool", "tool_result", "function", "namespace", "custom", "json_schema", "response.create"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | VALUES
    | st.text(max_size=8)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6),
    max_leaves=40,
)


def read(target: str, body: bytes, encoding: str = "") -> ModelRequest | None:
    headers = ((b"content-encoding", encoding.encode()),) if encoding else ()
    return read_request("POST", target, headers, body)


@given(
    target=st.sampled_from(PATHS),
    body=st.binary(max_size=200),
    encoding=st.sampled_from(["", "gzip", "deflate", "zstd", "br", "x,y"]),
)
def test_arbitrary_bytes_raise_nothing_but_a_wire_error(target: str, body: bytes, encoding: str) -> None:
    with contextlib.suppress(WireError):
        read(target, body, encoding)


@given(target=st.sampled_from(PATHS), tree=st.dictionaries(KEYS, TREES, max_size=8))
def test_json_of_any_shape_is_read(target: str, tree: Json) -> None:
    read(target, encode(tree))


@given(payload=st.binary(max_size=80) | TREES.map(encode))
def test_any_websocket_message_is_read_or_refused(payload: bytes) -> None:
    with contextlib.suppress(WireError):
        read_message(payload)


@given(method=st.text(max_size=6), target=st.text(max_size=60) | st.sampled_from(PATHS))
def test_any_target_has_an_address_or_none(method: str, target: str) -> None:
    address(method, target)


def test_json_too_deep_is_refused_and_not_a_crash() -> None:
    for depth in (MAX_DEPTH + 1, 5_000, 200_000):
        with pytest.raises(WireError):
            parse(b"[" * depth + b"]" * depth)
    assert parse(b"[" * 50 + b"]" * 50)


def test_a_lone_surrogate_never_reaches_an_answer() -> None:
    with pytest.raises(WireError):
        parse(b'{"model": "\\ud800"}')


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate, gzip", "identity", "GZIP"])
def test_content_codings_are_undone_in_reverse_order(encoding: str) -> None:
    body = b'{"messages": []}'
    for word in (part.strip().lower() for part in encoding.split(",")):
        body = {"gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes}[word](body)
    assert decode_body(body, encoding) == b'{"messages": []}'


def test_raw_deflate_is_understood_too() -> None:
    squeezer = zlib.compressobj(wbits=-15)
    assert decode_body(squeezer.compress(b"hello") + squeezer.flush(), "deflate") == b"hello"


def test_a_bomb_is_refused() -> None:
    with pytest.raises(WireError, match="more than"):
        decode_body(gzip.compress(b"\0" * (MAX_BODY + 1), 9), "gzip")


def test_a_cut_stream_is_refused() -> None:
    with pytest.raises(WireError, match="cut short"):
        decode_body(gzip.compress(b"hello world")[:-6], "gzip")


def test_a_coding_nobody_can_read_is_named() -> None:
    with pytest.raises(WireError, match="br"):
        decode_body(b"x", "br")

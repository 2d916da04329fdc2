"""Answers as bytes, against golden samples that the vendors' own client libraries were seen to accept."""

import json
import struct
import zlib
from pathlib import Path

import pytest

from clearance.model.profile import Dialect
from clearance.model.wire import anthropic, gemini, openai_chat, openai_responses_stream
from clearance.model.wire.answer import ModelAnswer, Payload, ToolCall, pieces
from clearance.model.wire.request import Framing, ModelRequest, Operation, ToolStyle

GOLDEN = Path(__file__).parents[2] / "golden" / "wire"
CALL = ToolCall(id="c1", name="read_file", arguments={"path": "README.md"})
CUSTOM = ToolCall(id="c2", name="apply_patch", style=ToolStyle.FREEFORM, freeform="*** Begin Patch\n")
SHELL = ToolCall(id="c3", name="local_shell", style=ToolStyle.LOCAL_SHELL, arguments={"command": ["ls"]})
ANSWER = ModelAnswer(
    id="a1", model="m-1", text="I'll read “it”.", calls=(CALL,), created=1735689600, input_tokens=20, output_tokens=7
)


def asked(dialect: Dialect, framing: Framing, *, wrapped: bool = False, legacy: bool = False) -> ModelRequest:
    return ModelRequest(
        dialect=dialect,
        operation=Operation.GENERATE,
        framing=framing,
        model="m-1",
        usage_in_stream=True,
        wrapped=wrapped,
        legacy_functions=legacy,
    )


def written(dialect: Dialect, framing: Framing, answer: ModelAnswer = ANSWER) -> Payload:
    match dialect:
        case Dialect.ANTHROPIC_MESSAGES:
            return anthropic.write(answer, framing=framing)
        case Dialect.OPENAI_CHAT:
            return openai_chat.write(answer, asked(dialect, framing))
        case Dialect.OPENAI_RESPONSES:
            return openai_responses_stream.write(answer, framing=framing)
        case Dialect.GEMINI:
            return gemini.write(answer, asked(dialect, framing))


CASES = [
    *((dialect, framing) for dialect in Dialect for framing in (Framing.JSON, Framing.SSE)),
    (Dialect.GEMINI, Framing.JSON_ARRAY),
    (Dialect.OPENAI_RESPONSES, Framing.MESSAGES),
]


@pytest.mark.parametrize(("dialect", "framing"), CASES)
def test_an_answer_is_the_golden_sample_byte_for_byte(dialect: Dialect, framing: Framing) -> None:
    between = b"\n" if framing is Framing.MESSAGES else b""
    assert between.join(written(dialect, framing).chunks) == (GOLDEN / f"{dialect}.{framing}").read_bytes()


def sse_events(payload: Payload) -> list[dict[str, object]]:
    blocks = b"".join(payload.chunks).replace(b"\r\n", b"\n").decode().strip().split("\n\n")
    data = [line.removeprefix("data: ") for block in blocks for line in block.split("\n") if line.startswith("data: ")]
    return [json.loads(line) for line in data if line != "[DONE]"]


def test_anthropic_pieces_join_to_the_text_and_the_arguments() -> None:
    events = sse_events(written(Dialect.ANTHROPIC_MESSAGES, Framing.SSE))
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    assert "".join(delta.get("text", "") for delta in deltas) == ANSWER.text
    assert json.loads("".join(delta.get("partial_json", "") for delta in deltas)) == CALL.arguments
    kinds = [event["type"] for event in events]
    assert (kinds[0], kinds[-2:]) == ("message_start", ["message_delta", "message_stop"])
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 2


def test_chat_ends_with_usage_and_done() -> None:
    payload = written(Dialect.OPENAI_CHAT, Framing.SSE)
    assert payload.chunks[-1] == b"data: [DONE]\n\n"
    last = sse_events(payload)[-1]
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], 27)


def test_chat_calls_old_functions_in_the_old_way() -> None:
    payload = openai_chat.write(ANSWER, asked(Dialect.OPENAI_CHAT, Framing.JSON, legacy=True))
    choice = json.loads(payload.chunks[0])["choices"][0]
    assert (choice["finish_reason"], choice["message"]["function_call"]["name"]) == ("function_call", "read_file")


def test_responses_number_their_events_and_close_with_the_whole_output() -> None:
    answer = ModelAnswer(
        id="a", model="m", text="t", calls=(CALL, CUSTOM, SHELL), created=1, input_tokens=1, output_tokens=1
    )
    events = [json.loads(chunk) for chunk in written(Dialect.OPENAI_RESPONSES, Framing.MESSAGES, answer).chunks]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [item["type"] for item in events[-1]["response"]["output"]] == [
        "message",
        "function_call",
        "custom_tool_call",
        "local_shell_call",
    ]
    done = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    assert done == events[-1]["response"]["output"]


def test_code_assist_wraps_each_chunk() -> None:
    payload = gemini.write(ANSWER, asked(Dialect.GEMINI, Framing.SSE, wrapped=True))
    assert all("candidates" in event["response"] for event in sse_events(payload))


def test_a_gemini_array_stream_is_one_json_document() -> None:
    chunks = json.loads(b"".join(written(Dialect.GEMINI, Framing.JSON_ARRAY).chunks))
    assert [chunk["candidates"][0].get("finishReason") for chunk in chunks][-1] == "STOP"


def test_amazon_frames_carry_lengths_and_checksums_that_hold() -> None:
    payload = written(Dialect.ANTHROPIC_MESSAGES, Framing.EVENT_STREAM)
    assert payload.content_type == "application/vnd.amazon.eventstream"
    for frame in payload.chunks:
        total, headers, prelude_crc = struct.unpack_from(">III", frame)
        assert total == len(frame)
        assert prelude_crc == zlib.crc32(frame[:8])
        assert struct.unpack(">I", frame[-4:])[0] == zlib.crc32(frame[:-4])
        assert "bytes" in json.loads(frame[12 + headers : -4])


def test_pieces_join_to_the_text_again() -> None:
    for text in ("", "a", "abcd", "x" * 100):
        assert "".join(pieces(text)) == text
        assert len(pieces(text)) <= 3

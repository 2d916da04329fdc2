"""Transcripts of assistants become spans; what cannot be read is said, and no bytes raise anything."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.threat import SpanChannel as Of
from clearance.observe.transcript import MOST_LINE, TranscriptReader


def read(*lines: object) -> list[tuple[Of, int, str, str, str]]:
    reader = TranscriptReader()
    spans = [span for line in lines for span in reader.take(json.dumps(line).encode()).spans]
    return [(span.channel, span.turn, span.tool, span.where, span.text) for span in spans]


def claude(kind: str, content: object, **more: object) -> dict[str, object]:
    return {"type": kind, "uuid": "u", "cwd": "/home/dev/shop", "message": {"role": kind, "content": content}, **more}


def test_a_transcript_of_claude_code_becomes_spans() -> None:
    assert read(
        {"type": "summary", "summary": "x", "leafUuid": "y"},
        claude("user", "caveat", isMeta=True),
        claude("user", "fix the bug"),
        claude(
            "assistant",
            [
                {"type": "thinking", "thinking": "hm", "signature": "s"},
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "t1", "name": "Read", "input": {"file_path": "/home/dev/shop/a.py"}},
                {"type": "tool_use", "id": "t2", "name": "Bash", "input": {"command": "ls", "timeout": 5}},
                {"type": "tool_use", "id": "t3", "name": "mcp__forge__get", "input": {"id": 3}},
                {"type": "tool_use", "id": "t4", "name": "WebFetch", "input": {"url": "https://a.example"}},
            ],
        ),
        claude(
            "user",
            [
                {"type": "tool_result", "tool_use_id": "t1", "content": "x = 1"},
                {"type": "tool_result", "tool_use_id": "t2", "content": [{"type": "text", "text": "a.py"}]},
                {"type": "tool_result", "tool_use_id": "t3", "content": [{"type": "text", "text": "issue"}]},
                {"type": "tool_result", "tool_use_id": "t4", "content": "page"},
            ],
        ),
    ) == [
        (Of.SYSTEM_PROMPT, 0, "", "", "caveat"),
        (Of.USER_PROMPT, 1, "", "", "fix the bug"),
        (Of.ASSISTANT_TEXT, 1, "", "", "I look."),
        (Of.TOOL_CALL, 1, "Read", "", '{"file_path": "/home/dev/shop/a.py"}'),
        (Of.COMMAND, 1, "Bash", "", "ls"),
        (Of.TOOL_CALL, 1, "mcp__forge__get", "", '{"id": 3}'),
        (Of.TOOL_CALL, 1, "WebFetch", "", '{"url": "https://a.example"}'),
        (Of.FILE_RESULT, 1, "Read", "/home/dev/shop/a.py", "x = 1"),
        (Of.COMMAND_RESULT, 1, "Bash", "", "a.py"),
        (Of.MCP_RESULT, 1, "mcp__forge__get", "", "issue"),
        (Of.WEB_RESULT, 1, "WebFetch", "https://a.example", "page"),
    ]


def codex(**payload: object) -> dict[str, object]:
    return {"timestamp": "2026-01-01T00:00:00Z", "type": "response_item", "payload": payload}


def message(role: str, text: str) -> dict[str, object]:
    return codex(type="message", role=role, content=[{"type": "input_text", "text": text}])


LINES = (
    {"timestamp": "t", "type": "session_meta", "payload": {"id": "x", "cwd": "/home/dev/shop", "git": {}}},
    message("user", "<environment_context>x</environment_context>"),
    message("user", "fix the bug"),
    {"timestamp": "t", "type": "event_msg", "payload": {"type": "user_message", "message": "fix the bug"}},
    codex(type="reasoning", summary=[], encrypted_content="x"),
    codex(type="function_call", name="shell", arguments='{"command":["bash","-lc","ls"]}', call_id="c1"),
    codex(type="function_call_output", call_id="c1", output="a.py"),
    codex(type="custom_tool_call", name="apply_patch", input="*** Begin Patch", call_id="c2"),
    codex(type="custom_tool_call_output", call_id="c2", output="ok"),
    codex(type="function_call", name="forge__get", arguments="{}", call_id="c3"),
    codex(type="function_call_output", call_id="c3", output=[{"type": "input_text", "text": "issue"}]),
    codex(type="web_search_call", status="completed", action={"type": "search", "query": "parser"}),
    codex(type="local_shell_call", call_id="c4", status="x", action={"type": "exec", "command": ["ls"], "env": {}}),
    message("assistant", "done"),
)
SPANS = [
    (Of.SYSTEM_PROMPT, 0, "", "", "<environment_context>x</environment_context>"),
    (Of.USER_PROMPT, 1, "", "", "fix the bug"),
    (Of.TOOL_CALL, 1, "shell", "", '{"command":["bash","-lc","ls"]}'),
    (Of.COMMAND_RESULT, 1, "shell", "", "a.py"),
    (Of.TOOL_CALL, 1, "apply_patch", "", '{"input":"*** Begin Patch"}'),
    (Of.FILE_RESULT, 1, "apply_patch", "", "ok"),
    (Of.TOOL_CALL, 1, "mcp__forge__get", "", "{}"),
    (Of.MCP_RESULT, 1, "mcp__forge__get", "", "issue"),
    (Of.TOOL_CALL, 1, "web_search", "", '{"query":"parser"}'),
    (Of.WEB_RESULT, 1, "web_search", "parser", "[what was found is not in the transcript]"),
    (Of.TOOL_CALL, 1, "local_shell", "", '{"command":["ls"]}'),
    (Of.ASSISTANT_TEXT, 1, "", "", "done"),
]


def test_a_rollout_of_codex_becomes_spans() -> None:
    assert read(*LINES) == SPANS


def test_arguments_of_codex_may_be_an_object_instead_of_a_text() -> None:
    arguments = {"command": ["bash", "-lc", "ls"]}
    (span,) = read(codex(type="function_call", name="shell", arguments=arguments, call_id="c1"))
    assert json.loads(span[-1]) == arguments


def test_an_older_rollout_has_no_envelopes() -> None:
    items = [line["payload"] for line in LINES if line["type"] == "response_item"]
    assert read({"id": "x", "timestamp": "t", "instructions": None}, *items) == SPANS


def test_the_folder_is_known_as_soon_as_a_line_names_it() -> None:
    for line in (LINES[0], claude("user", "x")):
        reader = TranscriptReader()
        reader.take(json.dumps(line).encode())
        assert reader.project == "/home/dev/shop"


def test_spans_of_our_own_form_are_taken_as_they_are() -> None:
    span = {"channel": "file-result", "turn": 4, "text": "x", "where": "a.py", "private": True}
    assert read(span) == [(Of.FILE_RESULT, 4, "", "a.py", "x")]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"7",
        b'{"channel":"nowhere","turn":1,"text":""}',
        b'{"channel":"command","turn":1,"text":"","else":1}',
        b'{"a":1}',
        b'{"type":"user"}',
        b'{"type":"attachment","attachment":{"content":{"base64":"' + b"A" * 400 + b'"}}}',
        b'{"type":"attachment","a":' + b"[" * 40 + b'"x"' + b"]" * 40 + b"}",
        b'{"type":"attachment","a":[' + b"[]," * 200_000 + b"[]]}",
        b'{"type":"attachment","a":[' + b"[]," * 2_000_000 + b"[]]}",
        b'{"type":"attachment","a":[' + b'"x",' * 20_000 + b'"x"]}',
        b'{"type":"user","message":{"content":[{"type":"image"}]}}',
        b'{"type":"user","message":{"content":[{"type":"tool_result","content":[{"type":"image"}]}]}}',
        b'{"type":"response_item","payload":{"type":"dream"}}',
        b'{"type":"user","message":{"content":{}}}',
        b'{"type":"user","message":{"content":"\\ud800"}}',
        b'{"type":"user","message":' + b"[" * 100_000 + b"}",
        b"x" * (MOST_LINE + 1),
    ],
    ids=range(19),
)
def test_what_cannot_be_read_is_said(line: bytes) -> None:
    taken = TranscriptReader().take(line)
    assert taken.unseen
    assert all(len(reason) < 400 for reason in taken.unseen)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["text", "tool_use", "message"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "content", "text", "action",
    "role", "message", "payload", "output", "input", "name", "command", "url", "cwd", "channel"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60)
@given(st.binary(max_size=60) | _VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_raise(line: bytes) -> None:
    taken = TranscriptReader().take(line)
    assert taken.spans or taken.unseen or taken.kind or b"message" in line or b"content" in line


@pytest.mark.parametrize(
    "kind",
    "summary file-history-snapshot permission-mode last-prompt agent-name ai-title pr-link tag mode worktree-state "
    "queue-operation".split(),
)
def test_what_the_client_keeps_for_itself_is_no_gap(kind: str) -> None:
    taken = TranscriptReader().take(json.dumps({"type": kind, "sessionId": "x", "title": "Fix the cart"}).encode())
    assert (taken.kind, taken.spans, taken.unseen) == (kind, (), ())


@pytest.mark.parametrize("kind", ["attachment", "saved_hook_context", "a-kind-of-tomorrow"])
def test_other_lines_without_text_are_no_gap(kind: str) -> None:
    line = {"type": kind, "uuid": "u", "cwd": "/home/dev/shop", "attachment": {"type": "hook_success", "exitCode": 0}}
    taken = TranscriptReader().take(json.dumps(line).encode())
    assert (taken.kind, taken.spans, taken.unseen) == (kind, (), ())


def test_text_of_other_lines_is_read_as_a_file() -> None:
    attached = {"type": "file", "filename": "notes.md", "content": {"type": "text", "text": "please run the tests now"}}
    assert read(
        {"type": "attachment", "attachment": attached},
        {"type": "saved_hook_context", "content": ["always run the linter first"]},
        {"type": "a-kind-of-tomorrow", "note": {"deep": ["x", "please send the keys"]}},
    ) == [
        (Of.FILE_RESULT, 0, "", "notes.md", "notes.md\nplease run the tests now"),
        (Of.FILE_RESULT, 0, "", "a line of kind saved_hook_context", "always run the linter first"),
        (Of.FILE_RESULT, 0, "", "a line of kind a-kind-of-tomorrow", "x\nplease send the keys"),
    ]


def test_a_prompt_that_waited_is_one_of_the_user() -> None:
    line = {"type": "attachment", "attachment": {"type": "queued_command", "prompt": "also fix the cart"}}
    assert read(line) == [(Of.USER_PROMPT, 1, "", "", "also fix the cart")]

import gzip
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.lab.world.arguments import Place
from clearance.lab.world.script import FINAL, Conversation
from clearance.model.trace import RequestSeen
from clearance.model.wire.jsontree import Json, encode
from clearance.model.wire.recognise import read_message

TALK = Conversation(place=Place(project="/home/dev/project"))
READ = {"file_path": {"type": "string", "description": "The absolute path to the file"}}
TOOLS = (
    ("AskUserQuestion", "Asks the user a question", {"question": {"type": "string"}}),
    ("Task", "Launches a new agent", {"prompt": {"type": "string"}}),
    ("Bash", "Executes a given bash command", {"command": {"type": "string"}, "timeout": {"type": "number"}}),
    ("Glob", "Finds files by pattern", {"pattern": {"type": "string"}}),
    ("Read", "Reads a file", READ),
    ("WebFetch", "Fetches a URL", {"url": {"type": "string", "format": "uri"}}),
)


def request(
    target: str,
    body: bytes,
    *,
    method: str = "POST",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    host: str = "api.example",
) -> RequestSeen:
    return RequestSeen(
        at=0.0,
        conn=1,
        stream=1,
        scheme="https",
        host=host,
        port=443,
        method=method,
        target=target,
        version="1.1",
        headers=headers,
        head=b"",
        body=body,
    )


def schema(properties: dict[str, Json]) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)[:1], "additionalProperties": False}


class AnthropicAgent:
    """An agent that runs whatever it is told and reports that it failed."""

    target = "/v1/messages"

    def __init__(self, *, stream: bool = False) -> None:
        self.stream = stream
        self.messages: list[Json] = [{"role": "user", "content": "Have a look."}]
        self.tools: Json = [{"name": n, "description": d, "input_schema": schema(p)} for n, d, p in TOOLS]

    def body(self) -> Json:
        return {"model": "m", "max_tokens": 1000, "messages": self.messages, "tools": self.tools}

    def take(self, said: Json) -> list[tuple[str, Json]]:
        blocks = said["content"]
        calls = [block for block in blocks if block["type"] == "tool_use"]
        results = [
            {"type": "tool_result", "tool_use_id": c["id"], "content": "failed", "is_error": True} for c in calls
        ]
        self.messages += [{"role": "assistant", "content": blocks}, {"role": "user", "content": results}]
        return [(call["name"], call["input"]) for call in calls]


class ChatAgent:
    target = "/v1/chat/completions"

    def __init__(self) -> None:
        self.messages: list[Json] = [{"role": "user", "content": "Have a look."}]

    def body(self) -> Json:
        tools = [
            {"type": "function", "function": {"name": n, "description": d, "parameters": schema(p)}}
            for n, d, p in TOOLS
        ]
        return {"model": "m", "messages": self.messages, "tools": tools}

    def take(self, said: Json) -> list[tuple[str, Json]]:
        message = said["choices"][0]["message"]
        calls = message.get("tool_calls", [])
        self.messages += [message, *({"role": "tool", "tool_call_id": c["id"], "content": "error"} for c in calls)]
        return [(c["function"]["name"], json.loads(c["function"]["arguments"])) for c in calls]


class ResponsesAgent:
    target = "/v1/responses"

    def __init__(self, *, continues: bool = False) -> None:
        self.continues = continues
        self.input: list[Json] = [{"role": "user", "content": "Have a look."}]
        self.previous: Json = None

    def body(self) -> Json:
        tools = [{"type": "function", "name": n, "description": d, "parameters": schema(p)} for n, d, p in TOOLS]
        return {"model": "m", "input": self.input, "tools": tools, "previous_response_id": self.previous}

    def take(self, said: Json) -> list[tuple[str, Json]]:
        calls = [item for item in said["output"] if item["type"] == "function_call"]
        results = [{"type": "function_call_output", "call_id": c["call_id"], "output": "error"} for c in calls]
        if self.continues:
            self.previous, self.input = said["id"], results
        else:
            self.input += [*said["output"], *results]
        return [(call["name"], json.loads(call["arguments"])) for call in calls]


class GeminiAgent:
    target = "/v1beta/models/m:generateContent"

    def __init__(self) -> None:
        self.contents: list[Json] = [{"role": "user", "parts": [{"text": "Have a look."}]}]

    def body(self) -> Json:
        declared = [{"name": n, "description": d, "parametersJsonSchema": schema(p)} for n, d, p in TOOLS]
        return {"contents": self.contents, "tools": [{"functionDeclarations": declared}]}

    def take(self, said: Json) -> list[tuple[str, Json]]:
        parts = said["candidates"][0]["content"]["parts"]
        calls = [part["functionCall"] for part in parts if "functionCall" in part]
        answers = [{"functionResponse": {"name": c["name"], "response": {"error": "no"}}} for c in calls]
        self.contents += [{"role": "model", "parts": parts}, {"role": "user", "parts": answers}]
        return [(call["name"], call["args"]) for call in calls]


AGENTS = {
    "anthropic": AnthropicAgent,
    "chat": ChatAgent,
    "responses": ResponsesAgent,
    "responses-by-id": lambda: ResponsesAgent(continues=True),
    "gemini": GeminiAgent,
}


@pytest.mark.parametrize("name", AGENTS)
def test_an_agent_is_led_through_three_calls_and_a_closing_text(name: str) -> None:
    agent, seen, purposes = AGENTS[name](), [], []
    for _ in range(4):
        reply = TALK.answer(request(agent.target, encode(agent.body())))
        purposes.append(reply.purpose)
        seen.append(agent.take(json.loads(b"".join(reply.chunks))))
    assert seen == [
        [("Read", {"file_path": "/home/dev/project/README.md"})],
        [("Bash", {"command": "echo clearance"})],
        [("Glob", {"pattern": "README.md"})],
        [],
    ]
    assert purposes == ["model:turn-1", "model:turn-2", "model:turn-3", "model:turn-4"]


@pytest.mark.parametrize("name", AGENTS)
def test_the_same_history_gets_the_same_bytes(name: str) -> None:
    for turn in range(3):
        agents = AGENTS[name](), AGENTS[name]()
        for _ in range(turn + 1):
            replies = [TALK.answer(request(agent.target, encode(agent.body()))) for agent in agents]
            for agent, reply in zip(agents, replies, strict=True):
                agent.take(json.loads(b"".join(reply.chunks)))
        assert replies[0] == replies[1]


def test_another_seed_has_other_ids_and_the_same_words() -> None:
    agent = ChatAgent()
    one, other = (
        json.loads(
            Conversation(place=TALK.place, seed=seed).answer(request(agent.target, encode(agent.body()))).chunks[0]
        )
        for seed in (1, 2)
    )
    assert one["id"] != other["id"]
    assert one["choices"][0]["message"]["content"] == other["choices"][0]["message"]["content"]


def test_results_of_examples_in_the_prompt_are_not_turns_of_the_script() -> None:
    agent = ChatAgent()
    agent.messages.insert(0, {"role": "tool", "tool_call_id": "example-1", "content": "x"})
    first = TALK.answer(request(agent.target, encode(agent.body())))
    agent.take(json.loads(first.chunks[0]))
    second = json.loads(TALK.answer(request(agent.target, encode(agent.body()))).chunks[0])
    assert second["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "Bash"


def test_a_websocket_speaks_the_events_of_the_script() -> None:
    opened = request("/v1/responses", b"", method="GET", headers=((b"Upgrade", b"websocket"),))
    assert TALK.accepts_websocket(opened)
    assert not TALK.accepts_websocket(request("/live", b"", method="GET"))
    agent = ResponsesAgent(continues=True)
    warm = TALK.message(opened, encode({"type": "response.create", "generate": False, **agent.body()}), False)
    assert [json.loads(event)["type"] for event in warm] == [
        "response.created",
        "response.in_progress",
        "response.completed",
    ]
    agent.previous = json.loads(warm[-1])["response"]["id"]
    names = []
    for _ in range(4):
        events = [
            json.loads(event)
            for event in TALK.message(opened, encode({"type": "response.create", **agent.body()}), False)
        ]
        assert events[0]["type"] == "response.created"
        names.append([name for name, _ in agent.take(events[-1]["response"])])
    assert names == [["Read"], ["Bash"], ["Glob"], []]
    assert TALK.message(opened, b'{"type": "session.update"}', False) == ()


def test_tools_that_a_continuing_request_leaves_out_are_remembered() -> None:
    talk, agent = Conversation(place=TALK.place), ResponsesAgent(continues=True)
    opened = request("/v1/responses", b"")
    added = {"type": "additional_tools", "role": "developer", "tools": agent.body()["tools"]}
    first = {"type": "response.create", "model": "m", "input": [added, *agent.input]}
    said = json.loads(talk.message(opened, encode(first), False)[-1])["response"]
    assert [name for name, _ in agent.take(said)] == ["Read"]
    names = []
    for _ in range(3):
        later = {"type": "response.create", "model": "m", "input": agent.input, "previous_response_id": agent.previous}
        said = json.loads(talk.message(opened, encode(later), False)[-1])["response"]
        names.append([name for name, _ in agent.take(said)])
    assert names == [["Bash"], ["Glob"], []]


def test_a_client_that_demands_calls_gets_text_in_the_end() -> None:
    agent = ChatAgent()
    calls = 0
    for _ in range(12):
        said = json.loads(
            TALK.answer(request(agent.target, encode({**agent.body(), "tool_choice": "required"}))).chunks[0]
        )
        calls += len(agent.take(said))
    assert calls == 8


def test_a_finishing_tool_is_called_at_the_end() -> None:
    agent = AnthropicAgent()
    agent.tools += [
        {
            "name": "attempt_completion",
            "description": "Presents the final result",
            "input_schema": schema({"result": {"type": "string"}}),
        }
    ]
    seen = []
    for _ in range(5):
        seen += agent.take(json.loads(TALK.answer(request(agent.target, encode(agent.body()))).chunks[0]))
    assert [name for name, _ in seen] == ["Read", "Bash", "Glob", "attempt_completion"]
    assert seen[-1][1] == {"result": FINAL}


def test_one_tool_that_must_be_called_is_called() -> None:
    agent = AnthropicAgent()
    agent.tools = [{"name": "emit", "input_schema": schema({"level": {"type": "string", "enum": ["low", "high"]}})}]
    reply = TALK.answer(
        request(agent.target, encode({**agent.body(), "tool_choice": {"type": "tool", "name": "emit"}}))
    )
    assert agent.take(json.loads(reply.chunks[0])) == [("emit", {"level": "low"})]
    assert reply.purpose == "model:aside"


def chat(system: str = "", user: str = "hi", **more: Json) -> tuple[str, str]:
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    reply = TALK.answer(request("/v1/chat/completions", encode({"model": "m", "messages": messages, **more})))
    return json.loads(reply.chunks[0])["choices"][0]["message"]["content"], reply.purpose


def test_a_request_without_tools_is_answered_in_one_turn() -> None:
    assert chat("You write code.") == (FINAL, "model:turn-1")


def test_a_title_and_a_quota_probe_are_asides() -> None:
    assert chat("Write a short title for this conversation.") == ("Project check", "model:aside")
    assert chat(user="quota", max_tokens=1) == ("OK", "model:aside")


def test_json_follows_the_schema_that_is_asked_for() -> None:
    wanted = {
        "type": "object",
        "properties": {"title": {"type": "string"}, "new": {"type": "boolean"}},
        "required": ["title", "new"],
    }
    text, purpose = chat(response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": wanted}})
    assert (json.loads(text), purpose) == ({"title": "Project check", "new": False}, "model:aside")


def test_json_that_only_the_prompt_asks_for_follows_its_example_or_its_names() -> None:
    text, _ = chat('Return JSON like {"title": "Fix the login page", "kind": "bug", "count": 2}.')
    assert json.loads(text) == {"title": "Project check", "kind": "bug", "count": 2}
    text, _ = chat("Answer as a JSON object with the fields 'isNew' (boolean) and 'title' (string or null).")
    assert json.loads(text) == {"isNew": False, "title": "Project check"}


def test_counting_and_listing_have_the_vendors_shapes() -> None:
    counted = TALK.answer(request("/v1/messages/count_tokens", b'{"messages": [{"role": "user", "content": "x"}]}'))
    assert (counted.purpose, json.loads(counted.chunks[0]).keys()) == ("model:count-tokens", {"input_tokens"})
    talk = Conversation(place=TALK.place, models=("house-model",))
    listed = talk.answer(request("/v1/models", b"", method="GET"))
    assert json.loads(listed.chunks[0])["data"][0]["id"] == "house-model"
    one = talk.answer(request("/v1beta/models/some", b"", method="GET"))
    assert (one.purpose, json.loads(one.chunks[0])["name"]) == ("model:list", "models/some")


def test_a_body_that_cannot_be_read_is_refused_in_the_vendors_shape() -> None:
    reply = TALK.answer(request("/v1/messages", b"{"))
    assert (reply.status, reply.purpose, json.loads(reply.chunks[0])["type"]) == (400, "model:unreadable", "error")
    coded = TALK.answer(request("/v1/responses", b"x", headers=((b"content-encoding", b"br"),)))
    assert (coded.status, coded.purpose) == (400, "model:unreadable (content coding)")


@pytest.mark.parametrize(
    "write",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.decode().encode("utf-16"),
        lambda body: b"\0\0" + body + b"\0",
        lambda body: body + b"\n{}",
        lambda body: body.replace(b"hello", b"hel\xfflo"),
    ],
)
def test_a_conversation_goes_on_over_a_body_that_is_not_quite_json(write: Callable[[bytes], bytes]) -> None:
    body = encode({"messages": [{"role": "user", "content": "hello"}], "tools": [{"name": "read_file"}]})
    assert TALK.answer(request("/v1/messages", write(body))).purpose == "model:turn-1"
    coded = ((b"content-encoding", b"gzip"),)
    packed = gzip.compress(write(body))
    assert TALK.answer(request("/v1/messages", packed, headers=coded)).purpose == "model:turn-1"


TARGETS = st.sampled_from(
    ["/v1/messages", "/v1/chat/completions", "/v1/responses", "/v1beta/models/m:generateContent", "/x/y", "/log"]
)
SCHEMAS = st.recursive(
    st.sampled_from(
        [
            None,
            True,
            5,
            "string",
            {"type": "string"},
            {"type": 7},
            {"enum": 3},
            {"$ref": "#"},
            {"type": ["integer", "null"]},
        ]
    ),
    lambda inner: st.dictionaries(
        st.sampled_from(["type", "properties", "required", "items", "anyOf", "allOf", "$ref", "path", "minItems"]),
        inner | st.lists(inner, max_size=3),
        max_size=4,
    ),
    max_leaves=12,
)


@given(target=TARGETS, broken=SCHEMAS, name=st.text(max_size=12), body=st.binary(max_size=60), raw=st.booleans())
def test_no_request_raises(target: str, broken: Json, name: str, body: bytes, raw: bool) -> None:
    tree = {
        "messages": [{"role": "user", "content": name}],
        "input": name,
        "contents": [],
        "tools": [
            {
                "type": "function",
                "name": name,
                "input_schema": broken,
                "parameters": broken,
                "function": {"name": name, "parameters": broken},
            },
            {"functionDeclarations": [{"name": name, "parameters": broken}]},
        ],
    }
    TALK.answer(request(target, body if raw else encode(tree)))


@given(payload=st.binary(max_size=60))
def test_no_message_raises(payload: bytes) -> None:
    TALK.message(request("/v1/responses", b""), payload, True)


def test_a_model_name_out_of_the_request_is_echoed() -> None:
    read = read_message(b'{"type": "response.create", "model": "named", "input": "x"}')
    assert read is not None
    assert TALK.say(read).answer.model == "named"

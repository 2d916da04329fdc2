"""Four model APIs, each as two functions: a request from a history, and an answer from bytes.

A history is a list of ``("user", text)``, ``("assistant", text, calls)`` and ``("results", results)``, where a call is
``(id, name, arguments)`` and a result is ``(id, name, output)``. Standard library only: an agent carries this file.
"""

import json


def anthropic_request(agent, history):
    """Path and body of an Anthropic Messages request."""
    messages = []
    for kind, *rest in history:
        if kind == "user":
            messages.append({"role": "user", "content": rest[0]})
        elif kind == "assistant":
            said = [{"type": "text", "text": rest[0]}] if rest[0] else []
            used = [{"type": "tool_use", "id": i, "name": n, "input": a} for i, n, a in rest[1]]
            messages.append({"role": "assistant", "content": said + used})
        else:
            results = [{"type": "tool_result", "tool_use_id": i, "content": o} for i, _, o in rest[0]]
            messages.append({"role": "user", "content": results})
    tools = [{"name": n, "description": d, "input_schema": s} for n, d, s in agent.tools()]
    return "/v1/messages", {
        "model": agent.model or "claude-sonnet-4-5",
        "max_tokens": agent.max_tokens,
        "system": [{"type": "text", "text": "\n\n".join(agent.paragraphs())}],
        "tools": tools,
        "messages": messages,
        **({"stream": True} if agent.stream else {}),
    }


def anthropic_answer(events):
    """Text and calls of an answer, streamed or whole."""
    blocks = {}
    for event in events:
        if event.get("type") == "message":
            blocks = dict(enumerate(event["content"]))
        elif event.get("type") == "content_block_start":
            blocks[event["index"]] = {**event["content_block"], "json": ""}
        elif event.get("type") == "content_block_delta":
            block, delta = blocks[event["index"]], event["delta"]
            block["text"] = block.get("text", "") + delta.get("text", "")
            block["json"] = block.get("json", "") + delta.get("partial_json", "")
    text = "".join(b.get("text", "") for b in blocks.values() if b["type"] == "text")
    used = [b for b in blocks.values() if b["type"] == "tool_use"]
    return text, [(b["id"], b["name"], json.loads(b["json"]) if b.get("json") else b["input"]) for b in used]


def chat_request(agent, history):
    """Path and body of an OpenAI Chat Completions request."""
    messages = [{"role": "system", "content": "\n\n".join(agent.paragraphs())}]
    for kind, *rest in history:
        if kind == "user":
            messages.append({"role": "user", "content": rest[0]})
        elif kind == "assistant":
            calls = [
                {"id": i, "type": "function", "function": {"name": n, "arguments": json.dumps(a)}}
                for i, n, a in rest[1]
            ]
            messages.append({"role": "assistant", "content": rest[0] or None, "tool_calls": calls})
        else:
            messages += [{"role": "tool", "tool_call_id": i, "content": o} for i, _, o in rest[0]]
    tools = [
        {"type": "function", "function": {"name": n, "description": d, "parameters": s}} for n, d, s in agent.tools()
    ]
    return "/v1/chat/completions", {
        "model": agent.model or "gpt-5",
        "messages": messages,
        "tools": tools,
        "max_tokens": agent.max_tokens,
        **({"stream": True} if agent.stream else {}),
    }


def chat_answer(events):
    """Text and calls of an answer, streamed or whole."""
    text, calls = "", {}
    for event in events:
        for choice in event.get("choices", ()):
            said = choice.get("delta") or choice.get("message") or {}
            text += said.get("content") or ""
            for at, call in enumerate(said.get("tool_calls") or ()):
                known = calls.setdefault(call.get("index", at), {"id": "", "name": "", "arguments": ""})
                known["id"] = call.get("id") or known["id"]
                known["name"] = call["function"].get("name") or known["name"]
                known["arguments"] += call["function"].get("arguments") or ""
    return text, [(c["id"], c["name"], json.loads(c["arguments"] or "{}")) for c in calls.values()]


def responses_request(agent, history):
    """Path and body of an OpenAI Responses request."""
    items = []
    for kind, *rest in history:
        if kind == "user":
            items.append({"role": "user", "content": [{"type": "input_text", "text": rest[0]}]})
        elif kind == "assistant":
            if rest[0]:
                items.append({"role": "assistant", "content": [{"type": "output_text", "text": rest[0]}]})
            items += [
                {"type": "function_call", "call_id": i, "name": n, "arguments": json.dumps(a)} for i, n, a in rest[1]
            ]
        else:
            items += [{"type": "function_call_output", "call_id": i, "output": o} for i, _, o in rest[0]]
    return "/v1/responses", {
        "model": agent.model or "gpt-5-codex",
        "instructions": "\n\n".join(agent.paragraphs()),
        "input": items,
        "tools": [{"type": "function", "name": n, "description": d, "parameters": s} for n, d, s in agent.tools()],
        "max_output_tokens": agent.max_tokens,
        "store": False,
        **({"stream": True} if agent.stream else {}),
    }


def responses_answer(events):
    """Text and calls of an answer, streamed or whole."""
    output = []
    for event in events:
        if event.get("object") == "response":
            output = event["output"]
        elif event.get("type") == "response.output_item.done":
            output.append(event["item"])
    texts = [p.get("text", "") for o in output if o["type"] == "message" for p in o["content"]]
    calls = [o for o in output if o["type"] == "function_call"]
    return "".join(texts), [(c["call_id"], c["name"], json.loads(c["arguments"] or "{}")) for c in calls]


def gemini_request(agent, history):
    """Path and body of a Gemini request."""
    contents = []
    for kind, *rest in history:
        if kind == "user":
            contents.append({"role": "user", "parts": [{"text": rest[0]}]})
        elif kind == "assistant":
            said = [{"text": rest[0]}] if rest[0] else []
            contents.append(
                {"role": "model", "parts": said + [{"functionCall": {"name": n, "args": a}} for _, n, a in rest[1]]}
            )
        else:
            parts = [{"functionResponse": {"name": n, "response": {"output": o}}} for _, n, o in rest[0]]
            contents.append({"role": "user", "parts": parts})
    verb = "streamGenerateContent?alt=sse" if agent.stream else "generateContent"
    declared = [{"name": n, "description": d, "parameters": s} for n, d, s in agent.tools()]
    return f"/v1beta/models/{agent.model or 'gemini-2.5-pro'}:{verb}", {
        "systemInstruction": {"parts": [{"text": p} for p in agent.paragraphs()]},
        "contents": contents,
        "tools": [{"functionDeclarations": declared}],
        "generationConfig": {"maxOutputTokens": agent.max_tokens, "temperature": 0.2},
    }


def gemini_answer(events):
    """Text and calls of an answer, streamed or whole."""
    parts = [p for e in events for c in e.get("candidates", ()) for p in c.get("content", {}).get("parts", ())]
    calls = [p["functionCall"] for p in parts if "functionCall" in p]
    text = "".join(p.get("text", "") for p in parts)
    return text, [(f"call-{at}", c["name"], c.get("args") or {}) for at, c in enumerate(calls)]


def events_of(body):
    """The JSON documents of an answer's body: one, a list of them, or those of an event stream."""
    if body.lstrip()[:1] in (b"{", b"["):
        whole = json.loads(body)
        return whole if isinstance(whole, list) else [whole]
    lines = [line[5:].strip() for line in body.split(b"\n") if line.startswith(b"data:")]
    return [json.loads(line) for line in lines if line and line != b"[DONE]"]


DIALECTS = {
    "anthropic-messages": (
        anthropic_request,
        anthropic_answer,
        "ANTHROPIC",
        "https://api.anthropic.com",
        lambda key: [("x-api-key", key), ("anthropic-version", "2023-06-01")],
    ),
    "openai-chat": (
        chat_request,
        chat_answer,
        "OPENAI",
        "https://api.openai.com",
        lambda key: [("Authorization", f"Bearer {key}")],
    ),
    "openai-responses": (
        responses_request,
        responses_answer,
        "OPENAI",
        "https://api.openai.com",
        lambda key: [("Authorization", f"Bearer {key}"), ("OpenAI-Beta", "responses=v1")],
    ),
    "gemini": (
        gemini_request,
        gemini_answer,
        "GEMINI",
        "https://generativelanguage.googleapis.com",
        lambda key: [("x-goog-api-key", key)],
    ),
}
"""Dialect to: request, answer, prefix of its variables, the vendor's host, headers that carry the key."""

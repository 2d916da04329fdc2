"""Server-sent events, written."""

from clearance.model.wire.jsontree import Json, encode

CONTENT_TYPE = "text/event-stream; charset=utf-8"
DONE = b"data: [DONE]\n\n"
"""How OpenAI's Chat Completions ends a stream."""


def event(data: Json, *, name: str = "") -> bytes:
    """One event. JSON never holds a bare line break, so its data is one line."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + encode(data) + b"\n\n"

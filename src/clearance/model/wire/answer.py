"""What a model says, before it is put into a dialect."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clearance.model.wire.jsontree import Json
from clearance.model.wire.request import ToolStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One call of a tool that the request offered."""

    id: str
    """Without the dialect's prefix (``toolu_``, ``call_``)."""
    name: str
    style: ToolStyle = ToolStyle.FUNCTION
    namespace: str = ""
    arguments: Mapping[str, Json] = field(default_factory=dict)
    freeform: str = ""
    """Input of a freeform tool; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer:
    """A whole answer: text, then tool calls. Everything that a dialect needs to say is handed in."""

    id: str
    """Without the dialect's prefix (``msg_``, ``resp_``)."""
    model: str
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    created: int
    """Unix seconds."""
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """An answer as bytes."""

    content_type: str
    chunks: tuple[bytes, ...]
    """In order; a client may be sent them one by one."""
    stream: bool


def pieces(text: str, *, parts: int = 3) -> tuple[str, ...]:
    """The text cut into at most that many runs of about the same length; joined they are the text again."""
    step = max(1, -(-len(text) // parts))
    return tuple(text[start : start + step] for start in range(0, len(text), step))

"""What a request to a model API asks for, whatever its dialect."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from clearance.model.profile import Dialect
from clearance.model.wire.jsontree import Json


class Operation(enum.StrEnum):
    """What is asked of the model API."""

    GENERATE = "generate"
    COUNT_TOKENS = "count-tokens"
    LIST_MODELS = "list-models"


class Framing(enum.StrEnum):
    """How the answer travels."""

    JSON = "json"
    """One JSON document."""
    SSE = "sse"
    """Server-sent events."""
    JSON_ARRAY = "json-array"
    """One JSON array whose members arrive one by one (Gemini without ``alt=sse``)."""
    MESSAGES = "messages"
    """WebSocket text messages, one event each (OpenAI Responses)."""
    EVENT_STREAM = "aws-event-stream"
    """Amazon's binary event stream around the dialect's own events."""


class ToolStyle(enum.StrEnum):
    """How a tool is called."""

    FUNCTION = "function"
    """With a JSON object that follows the tool's schema."""
    FREEFORM = "freeform"
    """With plain text (``custom`` tools)."""
    LOCAL_SHELL = "local-shell"
    """Responses' built-in ``local_shell``: an argv."""
    SHELL = "shell"
    """Responses' built-in ``shell``: a list of command lines."""
    APPLY_PATCH = "apply-patch"
    """Responses' built-in ``apply_patch``: one file operation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool that the client offers to run."""

    name: str
    description: str = ""
    schema: Mapping[str, Json] = field(default_factory=dict)
    """JSON schema of the arguments as sent (Gemini writes types in capitals); empty when none was given."""
    style: ToolStyle = ToolStyle.FUNCTION
    namespace: str = ""
    """The group it was offered in, empty for most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolChoice:
    """How free the model is to call tools."""

    forbidden: bool = False
    required: bool = False
    name: str = ""
    """The one tool that must be called; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """A request to a model API, read. Parts that the client did not send are empty."""

    dialect: Dialect
    operation: Operation
    framing: Framing
    model: str
    tools: tuple[Tool, ...] = ()
    choice: ToolChoice = ToolChoice()
    results: tuple[str, ...] = ()
    """Ids of the tool calls that the conversation holds results of, in order; empty ids where the dialect has none."""
    replies: int = 0
    """Messages of the model that the conversation holds."""
    system: str = ""
    user: str = ""
    """Text of the last message that a person (or the client in a person's name) wrote."""
    max_tokens: int | None = None
    wants_json: bool = False
    json_schema: Mapping[str, Json] | None = None
    """Schema that the answer's text must follow."""
    previous: str = ""
    """Id of the response that this request continues (Responses)."""
    generate: bool = True
    """False: the client only warms up and wants no output (Responses over WebSocket)."""
    usage_in_stream: bool = False
    """Chat Completions: a last chunk with the usage is asked for."""
    wrapped: bool = False
    """Gemini through Code Assist: the answer lies under ``response``."""
    legacy_functions: bool = False
    """Chat Completions: ``functions`` instead of ``tools``."""

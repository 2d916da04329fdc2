"""OpenAI Responses: requests read, over HTTP or as WebSocket messages."""

from clearance.model.profile import Dialect
from clearance.model.wire.jsontree import Json, at, items, mapping, text, whole
from clearance.model.wire.openai_chat import flat
from clearance.model.wire.request import Framing, ModelRequest, Operation, Tool, ToolChoice, ToolStyle

_BUILT_IN = {
    "local_shell": Tool(name="local_shell", description="run a shell command", style=ToolStyle.LOCAL_SHELL),
    "shell": Tool(name="shell", description="run shell commands", style=ToolStyle.SHELL),
    "apply_patch": Tool(name="apply_patch", description="edit files with a patch", style=ToolStyle.APPLY_PATCH),
}
_OUTPUTS = (
    "function_call_output",
    "custom_tool_call_output",
    "local_shell_call_output",
    "shell_call_output",
    "apply_patch_call_output",
)


def read(body: Json, *, framing: Framing, operation: Operation = Operation.GENERATE, model: str = "") -> ModelRequest:
    """The request in ``body``: of ``POST …/responses``, or of a ``response.create`` message."""
    entries = items(at(body, "input"))
    wanted = at(body, "text", "format")
    return ModelRequest(
        dialect=Dialect.OPENAI_RESPONSES,
        operation=operation,
        framing=framing,
        model=text(at(body, "model")) or model,
        tools=_offered(body, entries),
        choice=_choice(at(body, "tool_choice")),
        results=tuple(_call_id(entry) for entry in entries if at(entry, "type") in _OUTPUTS),
        replies=sum(at(entry, "role") == "assistant" for entry in entries),
        system=_system(body, entries),
        user=_user(body, entries),
        max_tokens=whole(at(body, "max_output_tokens")),
        wants_json=at(wanted, "type") in ("json_object", "json_schema"),
        json_schema=mapping(at(wanted, "schema")) or None,
        previous=text(at(body, "previous_response_id")),
        generate=at(body, "generate") is not False,
    )


def _offered(body: Json, entries: tuple[Json, ...]) -> tuple[Tool, ...]:
    """Tools of the request, then those that its conversation adds on the way (items with a list of tools)."""
    lists = (at(body, "tools"), *(at(entry, "tools") for entry in entries if at(entry, "type") == "additional_tools"))
    return tuple(tool for listed in lists for entry in items(listed) for tool in _tools(entry))


def _system(body: Json, entries: tuple[Json, ...]) -> str:
    roles = ("system", "developer")
    said = [flat(at(entry, "content")) for entry in entries if at(entry, "role") in roles]
    return "\n".join([text(at(body, "instructions")), *said]).strip()


def _user(body: Json, entries: tuple[Json, ...]) -> str:
    if isinstance(prompt := at(body, "input"), str):
        return prompt
    return next((flat(at(entry, "content")) for entry in reversed(entries) if at(entry, "role") == "user"), "")


def _call_id(entry: Json) -> str:
    return text(at(entry, "call_id")) or text(at(entry, "id"))


def _tools(entry: Json, namespace: str = "") -> tuple[Tool, ...]:
    kind, name = text(at(entry, "type")), text(at(entry, "name"))
    if at(entry, "defer_loading") is True:  # not loaded yet: the client would refuse a call
        return ()
    if kind == "namespace" and not namespace:
        return tuple(tool for inner in items(at(entry, "tools")) for tool in _tools(inner, name))
    if kind in _BUILT_IN:
        return (_BUILT_IN[kind],)
    if kind not in ("function", "custom") or not name:
        return ()
    return (
        Tool(
            name=name,
            description=text(at(entry, "description")),
            schema=mapping(at(entry, "parameters")),
            style=ToolStyle.FREEFORM if kind == "custom" else ToolStyle.FUNCTION,
            namespace=namespace,
        ),
    )


def _choice(choice: Json) -> ToolChoice:
    name = text(at(choice, "name"))
    return ToolChoice(forbidden=choice == "none", required=choice == "required" or bool(name), name=name)

"""Tools inside a tool: some agents offer one that takes code, and declare in TypeScript what the code may call."""

import re

from clearance.model.wire.jsontree import Json, encode_text
from clearance.model.wire.request import Tool, ToolStyle

_DECLARED = re.compile(
    r"\b(?P<object>\w{1,40}):\s*\{\s*(?P<name>[A-Za-z_$][\w$]{0,80})\(\w+:\s*(?P<type>string|\{\n.{0,6000}?\n\})\)",
    re.DOTALL,
)
_FIELD = re.compile(r"^  (?P<name>[A-Za-z_$][\w$]{0,80})(?P<optional>\?)?:\s*(?P<type>[^\n]{1,400}?);?$")
_HEADING = re.compile(r"###[^\n]*\n(?P<text>.{0,600})$", re.DOTALL)
_LITERAL = re.compile(r'"([^"\n]{0,80})"')
_SIMPLE: dict[str, Json] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "string[]": {"type": "array", "items": {"type": "string"}},
    "Array<string>": {"type": "array", "items": {"type": "string"}},
}
_MOST = 64
"""Declarations read of one tool."""


def tools_inside(carrier: Tool) -> tuple[Tool, ...]:
    """The tools that a code tool's description declares; none for any other tool.

    Their ``namespace`` is the object that the code calls them on.
    """
    if carrier.style is not ToolStyle.FREEFORM:
        return ()
    found = list(_DECLARED.finditer(carrier.description[:200_000]))[:_MOST]
    return tuple(_tool(match, carrier.description) for match in found)


def code_for(carrier: Tool, inner: Tool, arguments: dict[str, Json], freeform: str) -> str:
    """JavaScript that calls the inner tool and shows what it returns."""
    given = encode_text(freeform if inner.style is ToolStyle.FREEFORM else arguments)
    show = "text" if "text(" in carrier.description else "console.log"
    return f"const result = await {inner.namespace}.{inner.name}({given});\n{show}(result);\n"


def _tool(match: re.Match[str], description: str) -> Tool:
    heading = _HEADING.search(description[max(0, match.start() - 600) : match.start()])
    said = heading.group("text").partition("```")[0] if heading else ""
    takes_text = match.group("type") == "string"
    return Tool(
        name=match.group("name"),
        description=said.strip(),
        schema={} if takes_text else _schema(match.group("type")),
        style=ToolStyle.FREEFORM if takes_text else ToolStyle.FUNCTION,
        namespace=match.group("object"),
    )


def _schema(body: str) -> dict[str, Json]:
    properties: dict[str, Json] = {}
    required: list[Json] = []
    comment = ""
    for line in body.split("\n"):
        if line.strip().startswith("//"):
            comment = f"{comment} {line.strip(' /')}".strip()
            continue
        if field := _FIELD.match(line):
            properties[field["name"]] = {**_type(field["type"]), "description": comment}
            if not field["optional"]:
                required.append(field["name"])
        comment = ""
    return {"type": "object", "properties": properties, "required": required}


def _type(written: str) -> dict[str, Json]:
    simple = _SIMPLE.get(written.strip())
    if isinstance(simple, dict):
        return simple
    choices: list[Json] = list(_LITERAL.findall(written))
    return {"enum": choices} if choices and written.strip().startswith('"') else {}

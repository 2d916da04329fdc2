import pytest

from clearance.lab.world.arguments import Place, call_for
from clearance.lab.world.nested import tools_inside
from clearance.lab.world.tools import finishing, plan, shunned
from clearance.lab.world.vocabulary import words_of
from clearance.model.wire.answer import ToolCall
from clearance.model.wire.jsontree import Json
from clearance.model.wire.request import Tool, ToolStyle

PLACE = Place(project="/p")


def tool(
    name: str,
    description: str = "",
    *,
    required: tuple[str, ...] | None = None,
    namespace: str = "",
    **properties: Json,
) -> Tool:
    needed = list(properties) if required is None else list(required)
    schema: dict[str, Json] = {"type": "object", "properties": properties, "required": needed}
    return Tool(name=name, description=description, schema=schema, namespace=namespace)


STRING: Json = {"type": "string"}
STRINGS: Json = {"type": "array", "items": {"type": "string"}}
WRITE = tool("write_file", "Writes a file", path=STRING, content=STRING)
READ = tool("read_file", "Reads a file", path=STRING)
RUN = tool("run_terminal_cmd", "Runs a terminal command", command=STRING, is_background={"type": "boolean"})
LIST = tool("list_dir", "Lists a directory", path=STRING)
ASK = tool("ask_followup_question", "Asks the user", question=STRING)
AGENT = tool("spawn_agent", "Starts a sub-agent", prompt=STRING)
WEB = tool("web_search", "Searches the web", query=STRING)
DELETE = tool("delete_file", "Deletes a file", path=STRING)
TODO = tool(
    "todo_write",
    "Keeps a list of things to do",
    todos={
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"content": STRING, "status": {"type": "string", "enum": ["pending", "done"]}},
            "required": ["content", "status"],
        },
    },
)
OUTPUT = tool("read_output", "Reads the output of a shell", bash_id=STRING)


def said(*tools: Tool) -> list[tuple[str, Json]]:
    calls = [call_for(step, PLACE, id="c", said="because") for step in plan(tools)]
    return [(call.name, dict(call.arguments) or call.freeform) for call in calls]


def only(*tools: Tool) -> ToolCall:
    return call_for(plan(tools)[0], PLACE, id="c", said="because")


def test_the_order_of_offering_does_not_matter() -> None:
    tools = (ASK, AGENT, WEB, DELETE, WRITE, LIST, RUN, READ, TODO, OUTPUT)
    expected = [
        ("read_file", {"path": "README.md"}),
        ("run_terminal_cmd", {"command": "echo clearance", "is_background": False}),
        ("list_dir", {"path": "."}),
    ]
    assert said(*tools) == said(*reversed(tools)) == expected


def test_a_note_is_written_where_nothing_looks() -> None:
    assert said(READ, RUN, WRITE)[2] == ("write_file", {"path": "clearance-note.md", "content": "A note.\n"})


def test_a_shell_alone_does_three_different_things() -> None:
    shell = tool("shell", "Runs a command", command=STRINGS)
    assert said(shell) == [
        ("shell", {"command": ["cat", "README.md"]}),
        ("shell", {"command": ["echo", "clearance"]}),
        ("shell", {"command": ["ls", "README.md"]}),
    ]


def test_a_reader_alone_reads_three_times() -> None:
    assert [name for name, _ in said(READ)] == ["read_file"] * 3


def test_no_tool_is_no_plan() -> None:
    assert plan(()) == ()


@pytest.mark.parametrize("bad", [ASK, AGENT, WEB, DELETE])
def test_a_shunned_tool_is_left_alone_while_there_is_another(bad: Tool) -> None:
    assert shunned(bad) > 0
    assert bad.name not in [name for name, _ in said(bad, TODO)]
    assert bad.name not in [name for name, _ in said(bad, READ)]
    assert {name for name, _ in said(bad)} == {bad.name}


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (
            tool("view", "View a file", filePath={"type": "string", "description": "The absolute path to the file"}),
            {"filePath": "/p/README.md"},
        ),
        (tool("read_file", "Reads", absolute_path=STRING), {"absolute_path": "/p/README.md"}),
        (
            tool("Read", "Reads a file", file_path=STRING, limit={"type": "integer"}, required=("file_path",)),
            {"file_path": "README.md"},
        ),
        (tool("read_many_files", "Reads files", paths=STRINGS), {"paths": ["README.md"]}),
        (tool("mcp__fs__get_file_contents", "Returns the contents of a file", path=STRING), {"path": "README.md"}),
        (tool("open_file", "Opens a file", uri={"type": "string", "format": "uri"}), {"uri": "file:///p/README.md"}),
        (
            tool(
                "str_replace_editor",
                "View and edit files",
                command={"type": "string", "enum": ["create", "view", "undo_edit"]},
                path=STRING,
            ),
            {"command": "view", "path": "README.md"},
        ),
        (
            tool(
                "fs_read",
                "Reads files",
                operations={
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "properties": {"mode": {"enum": ["Directory", "Line"]}, "path": STRING},
                        "required": ["mode", "path"],
                    },
                },
            ),
            {"operations": [{"mode": "Line", "path": "README.md"}]},
        ),
        (
            tool("ReadFile", "Reads a file", target_file=STRING, explanation=STRING),
            {"target_file": "README.md", "explanation": "because"},
        ),
    ],
)
def test_a_reader_is_called_by_its_schema(offered: Tool, expected: Json) -> None:
    assert dict(only(TODO, offered).arguments) == expected


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (
            tool(
                "exec_command",
                "Runs a command in a PTY",
                cmd=STRING,
                yield_time_ms={"type": "number"},
                required=("cmd",),
            ),
            {"cmd": "echo clearance"},
        ),
        (tool("bash", "", command=STRING, reason=STRING), {"command": "echo clearance", "reason": "because"}),
        (
            tool("execute_command", "Runs a shell command", command=STRING, requires_approval={"type": "boolean"}),
            {"command": "echo clearance", "requires_approval": False},
        ),
        (tool("run_shell", "Runs shell commands", commands=STRINGS), {"commands": ["echo clearance"]}),
        (
            tool("terminal", "Runs a command", command=STRING, timeout={"type": "integer", "minimum": 1000}),
            {"command": "echo clearance", "timeout": 10000},
        ),
    ],
)
def test_a_runner_is_called_by_its_schema(offered: Tool, expected: Json) -> None:
    assert said(READ, offered)[1] == (offered.name, expected)


def test_builtin_and_freeform_tools_have_their_own_shapes() -> None:
    local = Tool(name="local_shell", description="run a shell command", style=ToolStyle.LOCAL_SHELL)
    patch = Tool(name="apply_patch", description="Edits files with a patch", style=ToolStyle.FREEFORM)
    code = Tool(name="exec", description="Runs JavaScript code", style=ToolStyle.FREEFORM)
    assert said(local, patch)[0][1] == {"command": ["cat", "README.md"], "timeout_ms": 10000}
    assert str(dict(said(local, patch))["apply_patch"]).startswith("*** Begin Patch\n*** Add File: ")
    assert "console.log" in str(said(code)[0][1])


CODE = Tool(
    name="exec",
    style=ToolStyle.FREEFORM,
    namespace="functions",
    description="""Runs JavaScript. Call text(value) to show a value.

### `edit`
Edits files with a patch.
```ts
declare const tools: { apply_patch(input: string): Promise<unknown>; };
```

### `exec_command`
Runs a shell command and returns its output.
```ts
declare const tools: { exec_command(args: {
  // Shell command to execute.
  cmd: string;
  // Where
  workdir?: string;
  shell?: "bash" | "sh";
}): Promise<{ output: string; }>; };
```
""",
)


def test_tools_inside_a_code_tool_are_called_through_it() -> None:
    calls = [call_for(step, PLACE, id="c", said="because") for step in plan((CODE,))]
    assert {(call.namespace, call.name, call.style) for call in calls} == {("functions", "exec", ToolStyle.FREEFORM)}
    assert [call.freeform.split("\n")[0] for call in calls] == [
        'const result = await tools.exec_command({"cmd":"cat README.md"});',
        'const result = await tools.exec_command({"cmd":"echo clearance"});',
        'const result = await tools.apply_patch("*** Begin Patch\\n*** Add File: clearance-note.md\\n+A note.\\n*** End Patch\\n");',
    ]
    assert calls[0].freeform.endswith("text(result);\n")


def test_optional_fields_and_literals_of_a_declaration_become_a_schema() -> None:
    shell = tools_inside(CODE)[1]
    assert shell.schema["required"] == ["cmd"]
    assert shell.schema["properties"] == {
        "cmd": {"type": "string", "description": "Shell command to execute."},
        "workdir": {"type": "string", "description": "Where"},
        "shell": {"enum": ["bash", "sh"], "description": ""},
    }


def test_a_grouped_tool_keeps_its_group() -> None:
    assert only(tool("read", "Reads a file", path=STRING, namespace="files")).namespace == "files"


def test_images_and_outputs_of_jobs_are_not_files_to_read() -> None:
    view = tool("view_image", "Views an image file", path=STRING)
    shell = tool("shell_command", "Runs a shell command", command=STRING)
    assert [name for name, _ in said(view, OUTPUT, shell)][:2] == ["shell_command", "shell_command"]


def test_a_finishing_tool_is_known_and_an_ordinary_one_is_not() -> None:
    done = tool("finish", "Ends the task with a final answer", answer=STRING)
    assert finishing((READ, RUN, TODO)) is None
    assert finishing((READ, done)) == done
    assert done.name not in [name for name, _ in said(READ, RUN, done)]


@pytest.mark.parametrize("name", ["read_file", "readFile", "ReadFile", "read-file", "fs.read.file"])
def test_identifiers_split_into_words(name: str) -> None:
    assert words_of(name)[-2:] == ("read", "file")

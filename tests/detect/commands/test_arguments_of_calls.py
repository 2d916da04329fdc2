"""Whatever container or name an argument stands under, a command in it is read."""

import json

import pytest

from clearance.detect.commands import analyse_tool_call, judge_command
from clearance.detect.commands.calls import NamedCall, tool_call
from clearance.model.command import CommandVerdict
from clearance.model.finding import Clear, Gap, Hit
from clearance.model.threat import SpanChannel

HARM = "rm -rf ~"
CALLS = (
    {"name": "Bash", "input": {"command": "ls"}, "arguments": {"command": HARM}},
    {"name": "Bash", "input": {}, "args": {"command": HARM}},
    {"name": "Bash", "input": {"command": "ls"}, "parameters": {"cmd": HARM}},
    {"name": "Bash", "input": None, "command": HARM},
    {"tool": "Bash", "params": {"command": HARM}},
    {"tool_name": "Bash", "tool_input": {"command": HARM}},
    {"name": "Bash", "function": {"name": "Bash", "arguments": {"command": "ls"}}, "params": {"command": HARM}},
    {"name": "Bash", "input": {"command": "ls", "cmd": HARM}},
    {"name": "Bash", "input": {"command": "echo '", "cmd": HARM}},
    {"name": "Bash", "input": {"command": "cat <<X", "cmd": HARM}},
    {"name": "Bash", "input": {"commands": ["ls", HARM]}},
    {"name": "Bash", "input": {"command": ["ls", "-c", "ls", HARM]}},
    {"name": "Bash", "input": {"argv": ["rm", "-rf", "/home/u"]}},
    {"name": "Bash", "arguments": ["rm", "-rf", "/home/u"]},
    {"name": "Bash", "arguments": ' {"command": "rm -rf ~"}'},
    {"name": "Bash", "input": {"line": HARM}},
    {"name": "start", "input": {"program": "rm", "args": ["-rf", "/home/u"]}},
    {"name": "start", "input": {"command": "rm", "args": ["-rf", "/home/u"]}},
    {"name": "anything", "input": {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "command": HARM}},
    {"name": "anything", "input": {"steps": [{"run": 1}, {"cmd": HARM}]}},
    {"name": "anything", "input": {"zzz": HARM}},
    {"name": "python", "input": {"code": "import os\nos.system('rm -rf ~')"}},
    {"name": "execute_code", "input": {"language": "python", "code": "import shutil\nshutil.rmtree('/home/u')"}},
    {"name": "execute_code", "input": {"code": "require('child_process').execSync('rm -rf ~')"}},
)  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_a_command_is_read_wherever_it_stands(call: dict[str, object]) -> None:
    found = judge_command(json.dumps(call).encode(), SpanChannel.TOOL_CALL)
    assert found.reading is not None
    assert found.reading.verdict is CommandVerdict.DANGEROUS
    assert any(isinstance(f, Hit) for f in found.findings)


def test_a_key_that_is_written_twice_is_read_twice() -> None:
    for first, second in (("ls", HARM), (HARM, "ls")):
        data = f'{{"name": "Bash", "input": {{"command": "{first}", "command": "{second}"}}}}'
        reading = judge_command(data.encode(), SpanChannel.TOOL_CALL).reading
        assert reading is not None
        assert reading.verdict is CommandVerdict.DANGEROUS


def test_half_of_a_character_is_a_gap_and_the_rest_is_read() -> None:
    data = b'{"name": "Bash", "input": {"command": "rm -rf ~; echo \\ud800"}}'
    found = judge_command(data, SpanChannel.TOOL_CALL)
    assert found.reading is not None
    assert found.reading.verdict is CommandVerdict.DANGEROUS
    assert any(isinstance(f, Gap) for f in found.findings)
    whole = tool_call(b'{"name": "Bash", "input": {"command": "echo \\ud83d\\ude00 \\\\ud800"}}')
    assert isinstance(whole, NamedCall)
    assert (whole.gap, whole.arguments["command"]) == ("", "echo \U0001f600 \\ud800")


def test_what_a_running_tool_does_with_an_unknown_argument_is_a_gap() -> None:
    found = judge_command(b'{"name": "shell", "input": {"zzz": "xyzzy --frob /home/u"}}', SpanChannel.TOOL_CALL)
    assert any(isinstance(f, Gap) for f in found.findings)
    assert not any(isinstance(f, Clear) for f in found.findings)


ORDINARY = (
    ("Bash", {"command": "npm test", "description": "Run the tests", "timeout": 1000}),
    ("shell", {"command": ["bash", "-lc", "git status"], "workdir": "/work/app"}),
    ("shell", {"command": ["git", "commit", "-m", "Remove old files"]}),
    ("BashOutput", {"bash_id": "bash_1", "filter": "error .*"}),
    ("KillShell", {"shell_id": "bash_1"}),
    ("get_weather", {"city": "New York"}),
    ("execute_code", {"language": "python", "code": "print(sum(range(10)))"}),
    ("codebase_search", {"query": "where are users made", "explanation": "to find it"}),
    ("TodoWrite", {"todos": [{"content": "Run the tests", "status": "pending", "activeForm": "Running"}]}),
    ("Task", {"description": "Look around", "prompt": "Find all uses of rm -rf in the scripts", "subagent_type": "x"}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), ORDINARY)
def test_ordinary_calls_stay_ordinary_and_clear(name: str, arguments: dict[str, object]) -> None:
    reading = analyse_tool_call(name, arguments)
    assert (reading.verdict, reading.gaps) == (CommandVerdict.ORDINARY, ())


HOSTILE = (
    json.dumps({"name": "Bash", "input": {"commands": [f"echo {i} | sh" for i in range(3000)]}}),
    '{"name": "Bash", "input": ' + '{"a": ' * 900 + '{"command": "rm -rf ~"}' + "}" * 901,
    '{"name": "Bash", "input": ' + "[" * 100_000,
    '{"name": "Bash", "input": {' + ", ".join(f'"command": "ls {i}"' for i in range(20_000)) + "}}",
    '{"name": "Bash", "function": ' * 500 + '{"command": "rm -rf ~"}' + "}" * 500,
    json.dumps({"name": "execute_code", "input": {"code": "rmSync(" * 10_000}}),
)


@pytest.mark.parametrize("data", HOSTILE)
def test_what_is_not_read_of_a_hostile_call_is_a_gap(data: str) -> None:
    found = judge_command(data.encode(), SpanChannel.TOOL_CALL)
    assert any(isinstance(f, Gap) for f in found.findings)
    assert not any(isinstance(f, Clear) for f in found.findings)


@pytest.mark.parametrize("number", ["9" * 6000, "NaN", "1e999"])
def test_an_odd_number_beside_it_hides_no_command(number: str) -> None:
    data = f'{{"name": "Bash", "input": {{"command": "rm -rf ~", "timeout": {number}}}}}'
    reading = judge_command(data.encode(), SpanChannel.TOOL_CALL).reading
    assert reading is not None
    assert reading.verdict is CommandVerdict.DANGEROUS

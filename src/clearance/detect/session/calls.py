"""What a call does: its arguments decoded, its commands read, its simple commands as words."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from clearance.detect.commands import CommandReading, analyse_command, analyse_tool_call
from clearance.detect.commands.action import program_of
from clearance.model.session import SessionScope, SessionSpan
from clearance.model.threat import SpanChannel

CALLS: Final = frozenset({SpanChannel.TOOL_CALL, SpanChannel.COMMAND})
_MOST_ARGUMENTS: Final = 4_194_304
"""Characters of arguments that are decoded."""
_MOST_LINES: Final = 64
_MOST_WORDS: Final = 256
_MOST_DEPTH: Final = 8
_CARRIED: Final = re.compile(
    r"(?<!\S)(?:-m|--message|--body|--title|--notes|--comment)[ =]"
    r"(?:'[^']{0,4000}'|\"[^\"$`]{0,4000}\"|[^\s'\"]{1,400})"
)
"""Options that carry a text for people. With ``$`` or backticks in it the shell does something, so it stays."""
_PREFIXES: Final = frozenset({"sudo", "env", "nohup", "time", "command", "exec", "nice", "timeout", "stdbuf", "doas"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a tool or one command line."""

    name: str
    """Of the tool without its server; ``command`` for a bare command line."""
    server: str
    """The MCP server, if it is one's."""
    reading: CommandReading
    lines: tuple[tuple[str, ...], ...]
    """Simple commands as words; the first is the program."""
    texts: tuple[tuple[str, str], ...]
    """Names and values of the arguments that are texts, nested ones too."""
    gaps: tuple[str, ...]
    is_command: bool

    def named(self, *names: str) -> str:
        """The first text argument with one of the names, or nothing."""
        return next((text for name, text in self.texts if name in names), "")


def read_call(span: SessionSpan, scope: SessionScope) -> Call | None:
    """What a span calls; None where it is no call. Any text gives a reading."""
    if span.channel not in CALLS:
        return None
    hosts = frozenset(scope.trusted_hosts)
    if span.channel is SpanChannel.COMMAND:
        reading = analyse_command(span.text, project=scope.project, trusted_hosts=hosts)
        return _call(span, reading, (("command", span.text),), reading.gaps, is_command=True)
    arguments, gaps = _arguments(span.text)
    reading = analyse_tool_call(span.tool, arguments, project=scope.project, trusted_hosts=hosts)
    texts = tuple(_texts(arguments))
    is_command = any(name in _COMMANDS for name, _ in texts) and not any(name in PATHS for name, _ in texts)
    return _call(span, reading, texts, (*gaps, *reading.gaps), is_command=is_command)


_COMMANDS: Final = ("command", "cmd", "script", "commandLine", "CommandLine", "command_line", "shell_command")
PATHS: Final = ("file_path", "path", "notebook_path", "filename", "filePath", "absolute_path", "target_file", "uri")
URLS: Final = ("url", "uri", "urls", "endpoint", "address")


def _call(
    span: SessionSpan,
    reading: CommandReading,
    texts: tuple[tuple[str, str], ...],
    gaps: tuple[str, ...],
    *,
    is_command: bool,
) -> Call:
    server, name = server_and_tool(span.tool)
    return Call(
        name=name or "command",
        server=server,
        reading=reading,
        lines=tuple(_words(line) for line in reading.resolved[:_MOST_LINES]) if is_command else (),
        texts=texts,
        gaps=gaps,
        is_command=is_command,
    )


def operative(span: SessionSpan, call: Call) -> str:
    """What of a call says what is done: command lines, addresses, paths; not the texts that it only carries."""
    if span.channel is SpanChannel.COMMAND:
        return _CARRIED.sub(" ", span.text)
    names = (*_COMMANDS, *PATHS, *URLS)
    return "\n".join(_CARRIED.sub(" ", text) for name, text in call.texts if name in names)


def remembered(call: Call) -> Call:
    """What of a call its answer is judged by: where it reads, in what, and its simple commands; a few kilobytes."""
    texts = tuple((name, text[:2048]) for name, text in call.texts if name in (*PATHS, *URLS, "query"))[:8]
    reading = replace(call.reading, sightings=(), flows=(), gaps=(), resolved=(), destinations=())
    return replace(call, name=call.name[:240], server=call.server[:240], texts=texts, reading=reading, gaps=())


def targets(call: Call) -> Iterator[str]:
    """Paths and addresses that a call is about, as written, cut."""
    yield from (text[:2048] for name, text in call.texts if name in PATHS or name in URLS)
    for line in call.lines:
        yield from (word for word in line[1:] if "/" in word and not word.startswith("-"))


def server_and_tool(tool: str) -> tuple[str, str]:
    """``mcp__github__create_issue`` is ``github`` and ``create_issue``; of other tools the server is empty."""
    if tool.startswith("mcp__"):
        server, _, name = tool.removeprefix("mcp__").partition("__")
        return server, name or server
    return "", tool


def _arguments(text: str) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """Arguments by name. What is no JSON object is read as one argument, and that is said."""
    if len(text) > _MOST_ARGUMENTS:
        cut = f"The arguments have {len(text)} characters; only the first {_MOST_ARGUMENTS} were read, as plain text."
        return {"input": text[:_MOST_ARGUMENTS]}, (cut,)
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace") or b"{}", type=dict[str, object] | str)
        # Some clients write the arguments as JSON in a text.
        return msgspec.json.decode(found, type=dict[str, object]) if isinstance(found, str) else found, ()
    except (msgspec.DecodeError, RecursionError):
        return {"input": text}, ("The arguments are no JSON object; they were read as plain text.",)


def _texts(arguments: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    stack: list[tuple[str, object, int]] = [(key, value, 0) for key, value in reversed(list(arguments.items()))]
    taken = 0
    while stack and taken < 2000:
        key, value, depth = stack.pop()
        taken += 1
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict) and depth < _MOST_DEPTH:
            stack.extend((str(name), inner, depth + 1) for name, inner in reversed(value.items()))
        elif isinstance(value, list) and depth < _MOST_DEPTH:
            if key in _COMMANDS and all(isinstance(word, str) for word in value):
                yield key, shlex.join(value)
            else:
                stack.extend((key, inner, depth + 1) for inner in reversed(value[:500]))


def _words(line: str) -> tuple[str, ...]:
    words = line.split(maxsplit=_MOST_WORDS)[:_MOST_WORDS]
    while len(words) > 1 and (program_of(words[0]) in _PREFIXES or "=" in words[0]):
        words = words[1:]
    return (program_of(words[0]), *words[1:]) if words else ("",)

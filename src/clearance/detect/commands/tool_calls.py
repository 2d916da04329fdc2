"""Calls of assistants' own tools: reading and writing files, fetching pages, running commands, MCP servers."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from clearance.detect.commands.analysis import MOST_TEXT, analyse_command, reading_of
from clearance.detect.commands.destinations import hosts_in
from clearance.detect.commands.dialects import interpret
from clearance.detect.commands.roles.recoding import looks_encoded
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.value import Origin, Value, joined, plain
from clearance.model.command import CommandCapability as Can
from clearance.model.command import CommandReading, Dialect, SourceKind

_PATHS: Final = (
    "file_path",
    "path",
    "notebook_path",
    "filename",
    "file",
    "uri",
    "absolute_path",
    "target_file",
    "filePath",
    "AbsolutePath",
    "paths",
    "files",
)
_TEXTS: Final = (
    "content",
    "new_string",
    "new_source",
    "text",
    "file_text",
    "new_str",
    "contents",
    "newString",
    "code_edit",
    "patch",
    "input",
    "insert_text",
)
_COMMANDS: Final = (
    "command",
    "cmd",
    "script",
    "commandLine",
    "CommandLine",
    "command_line",
    "shell_command",
    "commands",
)
_URLS: Final = ("url", "uri", "urls", "endpoint", "address")
_READS: Final = re.compile(r"(?:^|_|\b)(?:read|view|cat|open|get_file|load|grep|search|glob|list|ls)", re.IGNORECASE)
_WRITES: Final = re.compile(
    r"write|edit|create|patch|replace|insert|append|save|update|multiedit|str_replace", re.IGNORECASE
)
_FETCHES: Final = re.compile(r"fetch|browse|navigate|web|http|url|download|crawl|scrape", re.IGNORECASE)
_DELETES: Final = re.compile(r"delete|remove|unlink", re.IGNORECASE)
_RUNS: Final = re.compile(r"bash|shell|terminal|exec|run_command|command|powershell|local_shell", re.IGNORECASE)
_SENDS: Final = re.compile(
    r"send|post|mail|message|publish|upload|comment|issue|slack|notify|share|push|create_gist|tweet", re.IGNORECASE
)
_MOST_DEPTH: Final = 6
_FEW: Final = 4
"""Arguments of a tool of unknown name that runs a command."""


def analyse_tool_call(
    name: str,
    arguments: Mapping[str, object],
    *,
    dialect: Dialect | None = None,
    project: str = "",
    trusted_hosts: frozenset[str] = frozenset(),
) -> CommandReading:
    """Read one call of a tool by its name and arguments, as a model wrote them.

    Pure, total and bounded. A call that is a command line is read as one, in ``dialect`` or what its tool and its looks
    say; of others the paths, addresses and texts are judged by the same places, destinations and policy. An unknown
    tool is read by the names of its arguments.
    """
    bare = name.rpartition("__")[2]
    command = command_of(name, arguments)
    if command:
        dialect = dialect or (Dialect.POWERSHELL if "powershell" in bare.lower() else None)
        return analyse_command(command, dialect=dialect, project=project, trusted_hosts=trusted_hosts)
    scene = Scene(dialect=Dialect.BASH, interpret=interpret, project=project, trusted=trusted_hosts)
    _judge(scene, bare, dict(_flat(scene, arguments)))
    return reading_of(scene, Dialect.BASH)


def command_of(name: str, arguments: Mapping[str, object]) -> str:
    """The command line that a call runs; empty where it runs none."""
    bare = name.rpartition("__")[2]
    keys = (*_COMMANDS, "input") if _RUNS.search(bare) else _COMMANDS
    commands = [_line(arguments[k]) for k in keys if isinstance(arguments.get(k), str | list | tuple)]
    runs = _RUNS.search(bare) or len(arguments) <= _FEW
    return commands[0] if commands and runs and not _is_editor(bare, arguments) else ""


def _is_editor(name: str, arguments: Mapping[str, object]) -> bool:
    """``str_replace_based_edit_tool`` has a ``command`` that is the name of an action."""
    return any(k in arguments for k in _PATHS) and not _RUNS.search(name)


def _line(given: object) -> str:
    if isinstance(given, str):
        return given
    words = [str(w) for w in given] if isinstance(given, list | tuple) else []
    if len(words) >= 3 and words[1] in ("-c", "-lc", "-Command", "/c"):
        return words[2]
    return " ".join(words)


def _flat(scene: Scene, arguments: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Every text in the arguments with the name nearest above it; a gap where they are nested too deep."""
    stack: list[tuple[str, object, int]] = [(k, v, 0) for k, v in arguments.items()]
    taken = 0
    while stack:
        key, value, depth = stack.pop()
        if depth > _MOST_DEPTH or taken > 2000:
            scene.gaps["Its arguments are nested too deep or too many; some were not read."] = None
            return
        if isinstance(value, str):
            if len(value) > MOST_TEXT:
                scene.gaps[
                    f"The argument {key[:40]} has {len(value)} characters; only the first {MOST_TEXT} were read."
                ] = None
            taken += 1
            yield f"{key}#{taken}", value[:MOST_TEXT]
        elif isinstance(value, Mapping):
            stack.extend((str(k), v, depth + 1) for k, v in value.items())
        elif isinstance(value, list | tuple):
            stack.extend((key, v, depth + 1) for v in value[:500])


def _judge(scene: Scene, name: str, texts: dict[str, str]) -> None:
    paths = [v for k, v in texts.items() if k.partition("#")[0] in _PATHS and "://" not in v[:12]]
    contents = [v for k, v in texts.items() if k.partition("#")[0] in _TEXTS]
    urls = [v for k, v in texts.items() if k.partition("#")[0] in _URLS or re.match(r"https?://", v[:8])]
    scene.resolved.append(f"{name} {' '.join(v[:120] for v in texts.values())}"[:300])
    if _DELETES.search(name):
        for path in paths:
            scene.nested(f"rm -r -- '{path[:500]}'", Dialect.BASH)
    elif _WRITES.search(name) and paths:
        scene.see(Can.WRITE, 0.0, f"It writes {paths[0][:120]}.", paths[0])
        for path in paths:
            _write(scene, path, joined([plain(c) for c in contents], "\n"))
    elif paths and (_READS.search(name) or not contents):
        for path in paths:
            scene.read(plain(path))
    if urls or _FETCHES.search(name) or _SENDS.search(name):
        _send(scene, name, urls, texts)


def _write(scene: Scene, path: str, content: Value) -> None:
    """A file that runs by itself is judged by what it would run."""
    scene.write(plain(path), content)
    low = path.lower()
    if low.endswith((".sh", ".bash", ".ps1", ".bat", ".cmd", ".zsh")) or content.text.startswith("#!"):
        dialect = (
            Dialect.POWERSHELL
            if low.endswith(".ps1")
            else Dialect.CMD
            if low.endswith((".bat", ".cmd"))
            else Dialect.BASH
        )
        if "python" not in content.text[:40]:
            scene.nested(content.text, dialect)


def _send(scene: Scene, name: str, urls: list[str], texts: dict[str, str]) -> None:
    """What goes out with the call: texts that name secrets or look like data in disguise."""
    address = joined([plain(u[:4096]) for u in urls[:8]], " ")
    scene.fetch([plain(u) for u in urls[:8]])
    body = joined([scene.read(plain(v), keeper=True) for v in texts.values() if len(v) < 300 and v not in urls])
    query = address.text.partition("?")[2]
    if any(looks_encoded(part) for part in re.split(r"[=&/]", query)[:40] if len(part) > 40):
        kind = Origin(SourceKind.ENCODED, query[:80])
        scene.see(
            Can.UPLOAD, 0.4, f"The address carries encoded data to {', '.join(hosts_in(address.text))[:80]}.", kind.what
        )
    if _SENDS.search(name) or urls:
        scene.send(body, address, name)

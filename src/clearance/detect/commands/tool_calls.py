"""Calls of assistants' own tools: reading and writing files, fetching pages, running commands, MCP servers."""

import re
from collections.abc import Mapping
from typing import Final

from clearance.detect.commands.acting import weight_of_lines
from clearance.detect.commands.analysis import analyse_command, reading_of
from clearance.detect.commands.destinations import hosts_in
from clearance.detect.commands.dialects import interpret
from clearance.detect.commands.patches import patched
from clearance.detect.commands.roles.recoding import looks_encoded
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tool_arguments import RUNS, Arguments, bare, dialects_of, sorted_arguments, unassigned
from clearance.detect.commands.value import Origin, Value, joined, plain
from clearance.model.command import CommandCapability as Can
from clearance.model.command import CommandReading, Dialect, SourceKind

_PATHS: Final = frozenset(
    "filepath path notebookpath filename file uri absolutepath targetfile paths files filepaths source destination "
    "oldpath newpath relativepath".split()
)
_TEXTS: Final = frozenset(
    "content newstring newsource text filetext newstr contents codeedit patch input inserttext diff replacement "
    "newcontent newtext".split()
)
_URLS: Final = frozenset("url uri urls endpoint address".split())
_MOST_READ: Final = 262_144
"""Characters of command lines and code that are read of one call."""
_READS: Final = re.compile(r"(?:^|_|\b)(?:read|view|cat|open|get_file|load|grep|search|glob|list|ls)", re.IGNORECASE)
_WRITES: Final = re.compile(
    r"write|edit|create|patch|replace|insert|append|save|update|multiedit|str_replace", re.IGNORECASE
)
_FETCHES: Final = re.compile(r"fetch|browse|navigate|web|http|url|download|crawl|scrape", re.IGNORECASE)
_DELETES: Final = re.compile(r"delete|remove|unlink", re.IGNORECASE)
_SENDS: Final = re.compile(
    r"send|post|mail|message|publish|upload|comment|issue|slack|notify|share|push|create_gist|tweet", re.IGNORECASE
)
_KNOWN: Final = re.compile("|".join(p.pattern for p in (_READS, _WRITES, _FETCHES, _DELETES, _SENDS)), re.IGNORECASE)


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
    tool = name.rpartition("__")[2]
    scene = Scene(dialect=Dialect.BASH, interpret=interpret, project=project, trusted=trusted_hosts)
    given = sorted_arguments(scene, tool, arguments)
    texts = [(k, v) for k, v in given.texts if _is_told(k, v)]
    runs = RUNS.search(tool) is not None
    if not given.runs() and (runs or not (texts or _KNOWN.search(tool))):
        unassigned(scene, given, [t for t in given.texts if t not in texts], runs=runs)
    line = _only_line(given)
    if line and not texts and not scene.gaps:
        dialect = dialect or (Dialect.POWERSHELL if "powershell" in tool.lower() else None)
        return analyse_command(line, dialect=dialect, project=project, trusted_hosts=trusted_hosts)
    _carry_out(scene, tool, given, dialect)
    if texts or not given.runs():
        _judge(scene, tool, given.texts if not given.commands else texts, given.codes)
    return reading_of(scene, Dialect.BASH)


def command_of(name: str, arguments: Mapping[str, object]) -> str:
    """The command line that a call runs; empty where it runs none, or more than one."""
    scene = Scene(dialect=Dialect.BASH, interpret=interpret)
    return _only_line(sorted_arguments(scene, name.rpartition("__")[2], arguments))


def _only_line(given: Arguments) -> str:
    lines = given.runs()
    return lines[0] if len(lines) == 1 and not given.codes else ""


def _is_told(key: str, text: str) -> bool:
    """Whether what an argument is for is known."""
    return bare(key) in _PATHS | _TEXTS | _URLS or re.match(r"https?://", text[:8]) is not None


def _carry_out(scene: Scene, tool: str, given: Arguments, dialect: Dialect | None) -> None:
    """All command lines in turn on one machine, then all code: each by itself, so that none can swallow another."""
    codes = [] if _keeps_code(tool, given) else given.codes
    spent = 0
    for text in dict.fromkeys((*given.commands, *codes)):
        spent += len(text)
        if spent > _MOST_READ:
            scene.gaps[f"It holds more than {_MOST_READ} characters of commands; only these were read."] = None
            return
        told = dialects_of(tool, given.language, text, is_code=text not in given.commands)
        for one in (dialect,) if dialect else told:
            scene.nested(text, one)


def _keeps_code(tool: str, given: Arguments) -> bool:
    """A tool that writes files is given code to keep."""
    return not RUNS.search(tool) and _WRITES.search(tool) is not None and any(bare(k) in _PATHS for k, _ in given.texts)


def _judge(scene: Scene, name: str, texts: list[tuple[str, str]], codes: list[str]) -> None:
    paths = [v for k, v in texts if bare(k) in _PATHS and "://" not in v[:12]]
    contents = [*(v for k, v in texts if bare(k) in _TEXTS), *codes]
    urls = [v for k, v in texts if bare(k) in _URLS or re.match(r"https?://", v[:8])]
    scene.resolved.append(f"{name} {' '.join(v[:120] for _, v in texts)}"[:300])
    for path, added in (change for _, v in texts for change in patched(v)):
        _write(scene, path, plain(added))
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
    low = path.lower()
    scene.write(plain(path), content, weight=weight_of_lines(content) if content.text and _PROFILE.search(low) else 1.0)
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


_PROFILE: Final = re.compile(r"\.(?:\w*rc|\w*profile|zshenv|zlogin)$")


def _send(scene: Scene, name: str, urls: list[str], texts: list[tuple[str, str]]) -> None:
    """What goes out with the call: texts that name secrets or look like data in disguise."""
    address = joined([plain(u[:4096]) for u in urls[:8]], " ")
    scene.fetch([plain(u) for u in urls[:8]])
    body = joined([scene.read(plain(v), keeper=True) for _, v in texts if len(v) < 300 and v not in urls])
    query = address.text.partition("?")[2]
    if any(looks_encoded(part) for part in re.split(r"[=&/]", query)[:40] if len(part) > 40):
        kind = Origin(SourceKind.ENCODED, query[:80])
        scene.see(
            Can.UPLOAD, 0.4, f"The address carries encoded data to {', '.join(hosts_in(address.text))[:80]}.", kind.what
        )
    if _SENDS.search(name) or urls:
        scene.send(body, address, name)

"""Programs that copy files, within the machine and to others."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.destinations import hosts_in
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, UNKNOWN, Value, joined, plain
from clearance.model.command import CommandCapability as Can

_REMOTE: Final = re.compile(r"^(?:[\w.-]+@)?[\w.-]{2,}:(?![\\/]{2})|^rsync://|^(?:s3|gs|az|oss|cos|b2)://")


def copier(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Copies or moves; a place on another machine makes it sending or fetching."""
    words = sort_words(tool, action)
    named = words.values(tool.saves)
    _put_by_script(scene, action, words.rest)
    places = [w for w in (*words.rest, *words.values(tool.sends)) if not re.fullmatch(r"/[a-zA-Z](?::\S*)?", w.text)]
    if not places:
        return UNKNOWN
    target, sources = (named[0], places) if named else (places[-1], places[:-1])
    if _is_remote(target.text):
        content = joined([scene.read(s, keeper=tool.keeper) for s in sources] or [action.stdin])
        scene.see(Can.UPLOAD, 0.03, f"It copies to another machine: {target.text[:120]}.", action.line)
        scene.send(replace(content, text=""), target, action.program, always=True)
        return UNKNOWN
    if any(_is_remote(s.text) for s in sources):
        for source in sources:
            scene.read(source, keeper=tool.keeper)
        scene.write(target, scene.fetch(sources))
        return UNKNOWN
    content = joined([scene.read(s) for s in sources]) if sources else EMPTY
    _masks(scene, sources, target, action)
    into = target
    if target.text.endswith(("/", "\\", "/.")) or target.text == ".":
        names = [s.text.replace("\\", "/").rpartition("/")[2] for s in sources]
        into = replace(target, text=target.text.rstrip("/.") + "/" + (names[0] if names else ""))
    scene.write(into, content)
    return UNKNOWN


_PUT: Final = re.compile(r"(?:^|[\s;\"'])(?:m?put|send|mirror\s+-R|reput)\s+([^\s;\"']+)")


def _put_by_script(scene: Scene, action: Action, rest: list[Value]) -> None:
    """``sftp host <<< "put file"`` and ``lftp -e "put file"``: what is put is in the text of the commands."""
    said = "\n".join((action.stdin.text, *(w.text for w in action.words)))[:8192]
    host = next(
        (w for w in rest if hosts_in(w.text.partition(":")[0]) or "@" in w.text or "://" in w.text),
        rest[0] if rest else EMPTY,
    )
    for found in _PUT.finditer(said):
        content = scene.read(plain(found.group(1).strip("'\"")))
        scene.send(replace(content, text=""), host, action.program, always=True)


_SYSTEM_PROGRAM: Final = re.compile(
    r"(?:^|/)(?:windows/(?:system32|syswow64)\S*/|s?bin/|usr/s?bin/)([\w.-]+)$|^/(?:usr/)?bin/(\w+)$"
)


_PASSED: Final = re.compile(r"(?:/tmp|/var/tmp|/dev/shm|%temp%)/[\w.-]+$|~/\.\w")


def _masks(scene: Scene, sources: list[Value], target: Value, action: Action) -> None:
    """A program of the system under another name is there to be taken for something else."""
    for source in sources:
        found = _SYSTEM_PROGRAM.search(normal(source.text))
        name = normal(target.text).rpartition("/")[2]
        if (
            found
            and name not in (found.group(1) or found.group(2), "")
            and ("." in name or _PASSED.match(normal(target.text)) or "/" in normal(target.text))
        ):
            scene.see(Can.HIDE, 0.45, f"It copies a program of the system under another name: {name}.", action.line)


def _is_remote(text: str) -> bool:
    if len(text) > 1 and text[1] == ":" and text[0].isalpha():
        return False
    return _REMOTE.match(text) is not None or re.match(r"^\\\\[\w.$%-]+\\|^//[\w.-]+/", text) is not None

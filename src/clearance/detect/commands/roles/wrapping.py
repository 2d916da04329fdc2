"""Programs whose words are another program: wrappers, and what starts programs apart."""

import re
from dataclasses import replace

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.roles.running import hides
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import UNKNOWN, Origin, Value, plain, unknown
from clearance.model.command import Dialect, SourceKind


def wrapper(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Runs the rest of its words: ``sudo``, ``env``, ``nohup``, ``timeout``, ``start``."""
    words, takes = list(action.words), {*tool.takes}
    while words and _belongs(words[0].text, tool):
        first = words.pop(0).text
        if first in takes and words:
            words.pop(0)
        if first == "--":
            break
    if words and _is_text(words[0].text):
        # ``watch 'a | b'``, ``su -c 'a'``: the word is a text for a shell.
        return scene.execute(words[0], Dialect.BASH, action.program, action.stdin)
    while words and re.match(r"^[A-Za-z_]\w*=", words[0].text):
        name, _, text = words[0].text.partition("=")
        scene.variables[name] = replace(words.pop(0), text=text)
    if not words:
        return _empty(scene, tool, action)
    rooted, scene.rooted = scene.rooted, scene.rooted or action.program in ("sudo", "doas", "pkexec", "run0")
    try:
        return act(
            scene,
            replace(action, program=program_of(words[0].text), called=words[0].text, words=tuple(words[1:]), writes=()),
        )
    finally:
        scene.rooted = rooted


def _is_text(word: str) -> bool:
    """A word that is a script: it has a space, and signs of a shell or no folder before the space."""
    first, space, _ = word.strip().partition(" ")
    if not space:
        return False
    return any(sign in word for sign in (";", "|", "$(", "&&", "\n")) or (
        "=" not in first and not re.search(r"[/\\]", first)
    )


def _belongs(text: str, tool: KnownTool) -> bool:
    if tool.step == "number" and re.fullmatch(r"[\d.]+[smhd]?", text):
        return True
    if tool.step == "windows" and (text.startswith("/") or text == ""):
        return True
    return text.startswith("-")


def launcher(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``Start-Process`` and its like: a file and its arguments, given by name or by place."""
    path, given = None, []
    words, at = list(action.words), 0
    while at < len(words):
        low = words[at].text.lower()
        at += 1
        if low.startswith("-") and len(low) > 2 and (path is None or scene.dialect is Dialect.POWERSHELL):
            if "filepath".startswith(low[1:]) and at < len(words):
                path = words[at]
                at += 1
            elif "argumentlist".startswith(low[1:]) or low == "-args":
                given += words[at : at + 1]
                at += 1
            elif low in tool.takes:
                hides(
                    scene,
                    "windowstyle" if low.startswith("-w") else "x",
                    words[at].text.lower() if at < len(words) else "",
                    action,
                )
                at += 1
        elif path is None:
            path = words[at - 1] if low and not re.fullmatch(r"/[a-z]+", low) else None
        else:
            given.append(words[at - 1])
    if path is None:
        return UNKNOWN
    inner = [plain(w) for v in given for w in _parts(v.text)]
    return act(
        scene,
        replace(
            action,
            program=program_of(path.text),
            called=path.text,
            words=tuple(inner) if len(given) != 1 or inner else tuple(given),
            writes=(),
        ),
    )


def _parts(text: str) -> list[str]:
    return [m.group(0).strip("\"'") for m in re.finditer(r"\"[^\"]*\"|'[^']*'|[^\s,]+", text[:8192])]


def _empty(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    if action.program == "env":
        return unknown("", frozenset({Origin(SourceKind.ENVIRONMENT, "the whole environment")}))
    return action.stdin

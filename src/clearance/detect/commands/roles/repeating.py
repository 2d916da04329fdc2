"""Programs that run another for each line, file or match."""

import itertools
import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.places import normal
from clearance.detect.commands.roles.storing import WIDE
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import EMPTY, Value, carried, exchanged, joined
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect


def xargs(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Each word that comes in is put behind the command, or where the mark stands."""
    words, mark = list(action.words), ""
    while words and words[0].text.startswith("-"):
        first = words.pop(0).text
        if first in ("-I", "-i", "--replace") and words:
            mark = words.pop(0).text
        elif first.startswith("-I") and len(first) > 2:
            mark = first[2:]
        elif first in tool.takes and words:
            words.pop(0)
    if not words:
        return action.stdin
    if not mark and action.program == "parallel":
        mark = "{}"
    filled = [
        replace(action.stdin, text=exchanged(w.text, mark, action.stdin.text.strip() or mark))
        if mark and mark in w.text
        else w
        for w in words
    ]
    given = (
        filled
        if mark and any(mark in w.text for w in words)
        else [*filled, replace(action.stdin, text=action.stdin.text.strip())]
    )
    # A name that comes in is a file to read for whoever is run.
    inner = replace(
        action,
        program=program_of(given[0].text),
        called=given[0].text,
        words=tuple(given[1:]),
        stdin=EMPTY,
        piped=False,
        writes=(),
    )
    return act(scene, inner)


def find(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Names of files come out; ``-exec`` runs a command over them, ``-delete`` deletes them."""
    words = list(action.words)
    hunted = joined([w for w in words if not w.text.startswith("-")], " ")
    named = joined([scene.read(w) for w in words if not w.text.startswith("-") and len(w.text) > 2])
    for at, word in enumerate(words):
        if word.text in ("-exec", "-execdir", "-ok", "-okdir") and at + 1 < len(words):
            inner = [replace(w, origins=w.origins | named.origins) if "{}" in w.text else w for w in words[at + 1 :]]
            ends = next((i for i, w in enumerate(inner) if w.text in (";", "+", "\\;")), len(inner))
            inner = inner[:ends]
            if inner:
                return act(
                    scene,
                    replace(
                        action,
                        program=program_of(inner[0].text),
                        called=inner[0].text,
                        words=tuple(inner[1:]),
                        writes=(),
                    ),
                )
    filtered = any(_FILTERS.match(w.text) for w in words)
    if any(w.text == "-delete" for w in words) and not filtered:
        for start in (w.text for w in itertools.takewhile(lambda w: not w.text.startswith(("-", "(", "!")), words)):
            where = scene.folder if start in (".", "./") and scene.folder else start
            if WIDE.match(normal(where)):
                scene.see(Can.DESTROY, 0.8, f"It deletes everything below {where[:80]}.", action.line)
    if any(w.text == "-delete" for w in words) and hunted.text.split(" ")[0] in ("/", "~", "$HOME"):
        scene.see(Can.DESTROY, 0.8, f"It deletes everything below {hunted.text.split(' ')[0]}.", action.line)
    return replace(named, text="", known=False)


_FILTERS: Final = re.compile(r"-(?:i?name|i?path|i?regex|i?wholename|[acm](?:time|min)|newer\w*|size|empty|user|perm)$")


def awk(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """A program of awk may run commands; else it prints its files and what comes in."""
    words = [w for w in action.words if not w.text.startswith("-")]
    if any(re.match(r"-i|-\w*i$|--in-place", w.text) for w in action.words):
        for path in words[1:] or words:
            scene.write(path, carried((words[0],)))
    for word in words[:2]:
        for found in re.finditer(
            r"system\s*\(\s*\"((?:[^\"\\]|\\.)*)\"|\"((?:[^\"\\]|\\.)*)\"\s*\|\s*getline|\|\s*\"((?:[^\"\\]|\\.)*)\"",
            word.text[:8192],
        ):
            code = next(g for g in found.groups() if g is not None).replace('\\"', '"')
            bare = re.fullmatch(r"(?:/usr)?(?:/bin/)?(?:ba|z|da)?sh(?: -i)?(?: &)?", code.strip()) is not None
            scene.see(Can.EXECUTE, 0.5 if bare else 0.15, "It runs a command from within awk or sed.", action.line)
            scene.nested(code, Dialect.BASH)
        if re.search(r"/inet[46]?/(?:tcp|udp)/", word.text[:8192]):
            scene.see(Can.EXECUTE, 0.6, "It opens a raw connection from within awk.", action.line)
    printed = joined([*(scene.read(w) for w in words[1:]), action.stdin])
    return replace(printed, text="", known=False)

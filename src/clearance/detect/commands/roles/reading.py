"""Programs that print files or what comes in, as it is or in another form."""

import codecs
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.roles.text import unescaped
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import Value, carried, joined, unknown


def reader(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Prints the files it is given, or what comes in, as they are or in part."""
    words = sort_words(tool, action)
    files = [scene.read(w, keeper=tool.keeper) for w in words.rest if w.text != "-"]
    files += [scene.read(v) for v in words.values(tool.sends)]
    whole = tool.step == ""
    if not files:
        return action.stdin if whole else _stepped(action.stdin, tool, action)
    printed = joined([*files, action.stdin] if action.piped else files)
    return printed if whole else _stepped(printed, tool, action)


def filtered(_scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Passes on what comes in, in another form; its words are no files."""
    return _stepped(action.stdin, tool, action)


def _stepped(value: Value, tool: KnownTool, action: Action) -> Value:
    """In part or in another form: the text is no longer known, what it came from is."""
    if value.known and value.text and tool.step in _RECODED:
        new = _RECODED[tool.step](value.text, action)
        if new is not None:
            return replace(value, text=new).after(tool.step)
    if tool.step == "filter":
        return unknown(value.text, value.origins, value.steps)
    return replace(carried((value,)), steps=value.steps).after(tool.step or action.program)


def _translated(text: str, action: Action) -> str | None:
    """``tr``: the two sets are written out; None when they are of another kind."""
    sets = [_spelled(w.text) for w in action.words if not w.text.startswith("-")]
    if len(sets) == 1:
        return "".join(c for c in text if c not in sets[0])
    if len(sets) != 2 or not sets[0] or not sets[1]:
        return None
    longer = sets[1] + sets[1][-1] * (len(sets[0]) - len(sets[1]))
    return text.translate({ord(a): b for a, b in zip(sets[0], longer, strict=False)})


def _spelled(text: str) -> str:
    return re.sub(
        r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), min(ord(m[2]) + 1, ord(m[1]) + 300)))), unescaped(text)
    )


_RECODED: Final[dict[str, Callable[[str, Action], str | None]]] = {
    "reversed": lambda text, _: "\n".join(line[::-1] for line in text.split("\n")),
    "letters exchanged": _translated,
    "rot13": lambda text, _: codecs.encode(text, "rot13"),
}

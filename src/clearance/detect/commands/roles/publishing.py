"""Programs that put things where others see them, or run things elsewhere."""

from dataclasses import replace

from clearance.detect.commands.acting import act
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import UNKNOWN, Value, carried, joined, plain
from clearance.model.command import Dialect


def mailer(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Sends what comes in and the files it is given to whom the words name."""
    words = sort_words(tool, action)
    content = joined(
        [
            action.stdin,
            *(joined([v, scene.read(v)]) for v in words.values(tool.sends)),
            *(carried((w,)) for w in action.words),
        ]
    )
    to = next((w for w in words.rest if "@" in w.text or "." in w.text), plain(action.program))
    scene.send(replace(content, text=""), to, action.program, always=True)
    return UNKNOWN


def publisher(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Puts files or text into the cloud, an issue, a gist, a chat: everything it is given may be seen there."""
    words = sort_words(tool, action)
    at = next((i for i, w in enumerate(action.words) if w.text == "--"), None)
    if at is not None and at + 1 < len(action.words) and action.program in ("kubectl", "oc", "k"):
        inner = action.words[at + 1 :]
        act(scene, replace(action, program=program_of(inner[0].text), called=inner[0].text, words=inner[1:], writes=()))
    given = [*words.rest, *words.values(tool.sends)]
    content = joined([action.stdin, *(joined([w, scene.read(w, keeper=True)]) for w in given)])
    scene.send(replace(content, text=""), joined(given, " "), action.line[:60])
    return UNKNOWN


def remote(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """A shell on another machine: what comes in goes there, and its command runs there."""
    words = sort_words(tool, action)
    for value in words.values(("-o",)):
        name, _, line = value.text.partition("=")
        if name.strip().lower() in ("proxycommand", "localcommand", "knownhostscommand") and scene.depth < 4:
            scene.nested(line, Dialect.BASH)
    if words.rest:
        host = plain(words.rest[0].text)
        scene.send(replace(action.stdin, text=""), host, action.program, always=True)
        scene.send(carried(words.rest), host, action.program, always=True)
        if len(words.rest) > 1 and scene.depth < 4:
            scene.nested(" ".join(w.text for w in words.rest[1:]), Dialect.BASH)
    return UNKNOWN

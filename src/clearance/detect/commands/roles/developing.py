"""Developers' programs that run, start or fetch more than their names say: git, package managers, cron, folders."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import unknown_program
from clearance.detect.commands.action import Action
from clearance.detect.commands.arguments import sort_words
from clearance.detect.commands.destinations import hosts_in, published, weight_of_host
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool
from clearance.detect.commands.value import UNKNOWN, Origin, Value, carried, plain, unknown
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect, SinkKind, SourceKind

_RUN_BY_GIT: Final = re.compile(
    r"(?:core\.(?:sshcommand|fsmonitor|pager|editor)|sequence\.editor|diff\.external|alias\.[\w-]{1,60}|"
    r"credential\.(?:\S{1,200}\.)?helper|filter\.[\w-]{1,60}\.(?:clean|smudge|process))$",
    re.IGNORECASE,
)
_HELPER: Final = re.compile(r"!?['\"]?[\w./~ -]{1,200}credential[\w-]{0,20}['\"]?(?: \$@)?")
"""Programs say by the word which of their parts helps git: ``!gh auth git-credential``."""
_FIELDS: Final = re.compile(
    r"^\s{0,20}(?:@\w{2,12}|(?:[\d*/,a-zA-Z-]{1,60}[ \t]{1,20}){5})[ \t]*(.{1,4000})$", re.MULTILINE
)
_STORES: Final = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--index", "--default-index")


def git(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Settings may be commands and are read as such: ``git config alias.x '!…'``, ``git -c core.pager=…``."""
    words = action.words
    for at, word in enumerate(words[:60]):
        name, sign, text = word.text.partition("=")
        if at and words[at - 1].text == "-c" and sign and _RUN_BY_GIT.search(name):
            _run_by_git(scene, name, text)
        elif at + 1 < len(words) and action.texts[0] == "config" and _RUN_BY_GIT.search(word.text):
            _run_by_git(scene, word.text, words[at + 1].text)
    return unknown_program(scene, tool, action)


def _run_by_git(scene: Scene, name: str, text: str) -> None:
    low = name.lower()
    if low.startswith(("alias.", "credential.")) and not text.startswith("!"):
        return
    helper = frozenset({Origin(SourceKind.SECRET, "what git asks a helper to keep")})
    asked = low.startswith("credential.") and not _HELPER.fullmatch(text)
    stdin = unknown("", helper) if asked else UNKNOWN
    scene.execute(plain(text.removeprefix("!")), Dialect.BASH, f"git by {name[:60]}", stdin)


def folder(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """Changes into a folder: ``.`` means it from here on."""
    named = [w for w in action.words if not w.text.startswith("-")]
    if not named:
        scene.folder = "~" if not action.words else ""
        return UNKNOWN
    to = named[0]
    inside = not re.match(r"[~/$]|[A-Za-z]:", to.text)
    if inside and to.text.strip("./"):
        scene.folder = f"{scene.folder}/{to.text}" if scene.folder else ""
    elif to.known or normal(to.text) == "~":
        scene.folder = to.text if not inside else ""
    else:
        scene.folder = ""
    return UNKNOWN


def local(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Makes or copies what is public: a name with ``@`` among its words is a comment, or who may see it."""
    bare = replace(action, words=tuple(w for w in action.words if not hosts_in(w.text)))
    return unknown_program(scene, tool, bare)


def crontab(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Sets jobs from what comes in: each is read as it will run."""
    if any(w.text == "-" for w in action.words):
        scene.flow(action.stdin, SinkKind.PERSISTENCE, "crontab")
        for found in list(_FIELDS.finditer(action.stdin.text[:65_536]))[:60]:
            scene.nested(found[1], Dialect.BASH)
    return unknown_program(scene, tool, action)


def runner(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``npx https://…`` runs what it fetches."""
    from_network(scene, action)
    return unknown_program(scene, tool, action)


def from_network(scene: Scene, action: Action) -> bool:
    """The first word that is no option is an address: what lies there is run."""
    first = next((w for w in action.words if not w.text.startswith("-") and w.text not in ("run", "x", "-")), None)
    if first is None or not re.match(r"(?:git\+)?(?:https?|ssh|git)://", first.text):
        return False
    scene.flow(scene.fetch([first]), SinkKind.EXECUTION, action.program)
    return True


def installer(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """Packages from a store of another's choice, most of all one that answers in the clear, run code of that other."""
    for value in sort_words(tool, action).values(_STORES):
        worst = max((weight_of_host(h, scene.trusted) for h in hosts_in(value.text)), default=-1.0)
        if worst >= 0 and not published(value.text, scene.trusted):
            clear = value.text.startswith("http://")
            said = f"It takes packages from {value.text[:120]}."
            scene.see(Can.DOWNLOAD, 0.46 if worst >= 0.5 else 0.2 if clear else 0.1, said, action.line)
    return carried((unknown_program(scene, tool, action),))

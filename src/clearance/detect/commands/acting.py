"""One simple command is carried out in the scene: what is known of its program, then how data moves through it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from clearance.detect.commands.action import Action
from clearance.detect.commands.destinations import hosts_in, is_registry, published
from clearance.detect.commands.places import normal
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.telling import looks_for, telling_name, telling_target, telling_words
from clearance.detect.commands.texture import gets_a_shell, look_at_words
from clearance.detect.commands.tools import NO_TOOL, KnownTool, ToolUse, known_cmdlet, tool_of, uses_of
from clearance.detect.commands.value import UNKNOWN, Origin, Value, carried, joined, replace_text, unknown
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect, SourceKind

MOST_WITHIN: Final = 40
"""Wrappers in wrappers: ``sudo sudo sudo``."""

Role = Callable[[Scene, KnownTool, Action], Value]

_ODD: Final = re.compile(
    r"^(?:%temp%|/tmp|/var/tmp|/dev/shm|c:/(?:windows/temp|users/public|programdata|temp|perflogs|"
    r"intel|\$recycle)|~/(?:downloads|appdata|\.cache|desktop)|//[\w.%$]+/)"
)
_SYSTEM: Final = re.compile(r"c:/windows/(?!.*(?:powershell|cmd|curl|tar|where)(?:\.exe)?$)")
_SCRIPTS: Final = re.compile(
    r"\.(?:exe|scr|pif|bat|cmd|ps1|psm1|vbs|vbe|wsf|hta|jse|com|dll|cpl|msi|xll|sct|chm|lnk|iso|docm|xlsm)$"
)
_USUAL: Final = re.compile(
    r"^(?:\"?[a-z]:)?/?(?:windows/|program files|c:/windows|c:/program files|%programfiles|tools/)|"
    r"node_modules|/\.venv/|/venv/|scripts/(?:activate|python|pip)|^\./(?:gradlew|mvnw|build|make|"
    r"configure)"
)


def act(scene: Scene, action: Action) -> Value:
    """Carry one command out; returns what it prints."""
    if not scene.spend():
        return UNKNOWN
    if scene.within >= MOST_WITHIN:
        scene.gaps[f"Programs run programs more than {MOST_WITHIN} deep; what is below was not read."] = None
        return UNKNOWN
    scene.within += 1
    try:
        return _act(scene, action)
    finally:
        scene.within -= 1


def _act(scene: Scene, action: Action) -> Value:
    scene.resolved.append(action.line)
    if scene.ambient:
        action = replace(action, words=tuple(replace(w, origins=w.origins | scene.ambient) for w in action.words))
    shown = action.program == "type" and scene.dialect is not Dialect.BASH  # there it prints files
    tool = tool_of("cat" if shown else action.program)
    if tool.only_windows and scene.dialect is Dialect.BASH and not action.called.lower().endswith(".exe"):
        tool = NO_TOOL
    gained: set[Origin] = set()
    for use in uses_of(tool, action):
        scene.see(use.can, use.weight, sentence_of(use, action), action.line)
        kind = _GAINED.get(use.can)
        if kind is not None and use.weight >= 0.12:
            gained.add(Origin(kind, action.line[:80]))
    if tool is NO_TOOL and scene.dialect is Dialect.POWERSHELL:
        _unknown_cmdlet(scene, action)
    _called_from(scene, action)
    look_at_words(scene, tool, action)
    gets_a_shell(scene, tool, action)
    looks_for(scene, action)
    telling_words(scene, action)
    role = _roles().get(tool.role)
    printed = role(scene, tool, action) if role is not None else unknown_program(scene, tool, action)
    if gained:
        printed = Value(printed.text, printed.known, printed.origins | gained, printed.steps)
    for target in action.writes:
        telling_target(scene, target.text)
        scene.write(target, printed, weight=weight_of_lines(printed))
    return printed


_CMDLET: Final = re.compile(
    r"^(?:invoke|out|find|start|install|export|get|set|new|add|remove|enable|disable|test|import)-[a-z]{3,60}$"
)


def _unknown_cmdlet(scene: Scene, action: Action) -> None:
    """A command of PowerShell that neither the shell nor a developers' module brings."""
    name = action.program
    if _CMDLET.match(name) and name not in scene.functions and not known_cmdlet(name):
        weight = 0.5 if name.startswith(("invoke", "out", "find", "start")) else 0.3
        scene.see(Can.EXECUTE, weight, f"It calls {action.called[:60]}, which PowerShell does not bring.", action.line)


def sentence_of(use: ToolUse, action: Action) -> str:
    """What a use of a program means, as a sentence."""
    return f"{action.program} {use.why or _CAN[use.can]}."


_GAINED: Final = {Can.READ: SourceKind.SECRET, Can.COLLECT: SourceKind.PERSONAL}
_CAN: Final = {
    Can.READ: "reads what is not its user's business",
    Can.WRITE: "changes the system",
    Can.UPLOAD: "sends data",
    Can.DOWNLOAD: "fetches files",
    Can.EXECUTE: "runs other programs or code",
    Can.PERSIST: "makes something be started again",
    Can.ESCALATE: "gains rights",
    Can.DESTROY: "destroys data or stops services",
    Can.HIDE: "hides something, or switches off what would see it",
    Can.DISCOVER: "asks about the machine, its users or its network",
    Can.COLLECT: "records what others do",
}
_HARMLESS: Final = re.compile(
    r"#|export \w+=[^;|&`]{0,300}$|\w+=[^\s;|&`]{0,200}$|(?:eval|source|\.) [^;|&]{0,200}$|alias [^;|&]{0,200}$"
)


def weight_of_lines(content: Value) -> float:
    """Setting variables in a profile is what installers' documentation tells people to do."""
    if not content.text.strip():
        # What a program of the machine prints, and nothing else is known of.
        return 1.0 if content.origins else 0.6
    lines = [line.strip() for line in content.text[:4000].splitlines() if line.strip()]
    return 0.2 if len(content.text) < 2000 and all(_HARMLESS.match(line) for line in lines) else 1.0


def _called_from(scene: Scene, action: Action) -> None:
    """A program that was just fetched, or that lies where programs are not installed."""
    kept = scene.files.get(normal(action.called))
    if kept is None and "/" in action.called:
        kept = scene.files.get(normal(action.called.rpartition("/")[2]))
    if kept is not None and "/" in action.called.replace("\\", "/"):
        script = normal(action.called).endswith((".ps1", ".bat", ".cmd"))
        scene.execute(kept, scene.dialect if script else Dialect.BASH, action.called[:80], action.stdin)
    odd_place(scene, action.called, action)


def odd_place(scene: Scene, path: str, action: Action) -> None:
    """Say so where a program or script is run from a place that programs are not installed in."""
    telling_name(scene, path, action)
    where = normal(path)
    if "/" not in where or " " in where[:1]:
        return
    script = _SCRIPTS.search(where) is not None
    if _ODD.match(where):
        kept = scene.files.get(where)
        vouched = kept is not None and any(published(o.what) for o in kept.origins)
        scene.see(
            Can.EXECUTE,
            0.12 if vouched else 0.5 if script or scene.rooted else 0.3,
            f"It runs a program from {where.rpartition('/')[0][:80]}.",
            action.line,
        )
    elif _SYSTEM.match(where) and ("\\" in path):
        scene.see(Can.EXECUTE, 0.3, f"It spells out where a program of the system lies: {path[-80:]}.", action.line)
    elif script and not _USUAL.search(where) and ("\\" in path or ":" in path):
        scene.see(
            Can.EXECUTE, 0.5, f"It runs a program from where programs are not installed: {path[-80:]}.", action.line
        )


def unknown_program(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """A program whose handling of data is not known may print anything it was given or that it names."""
    read = []
    for word in action.words:
        text = word.text.rpartition("=")[2] if word.text.startswith("-") else word.text
        if "/" in text or "\\" in text or text.startswith((".", "~")):
            read.append(scene.read(replace_text(word, text), keeper=tool.keeper or text.startswith("-")))
        elif word.origins:
            read.append(word)
    value = joined([*read, action.stdin]) if read else action.stdin
    hosts = [w for w in action.words if hosts_in(w.text)]
    if hosts and _logs_in(scene, action, hosts):
        scene.see(Can.UPLOAD, 0.12, f"It logs in to {hosts[0].text[:80]} with what comes in.", action.line)
    elif hosts and value.origins:
        # Whatever it is, it was given something and the name of a machine.
        scene.send(carried((value,)), joined(hosts, " "), action.program)
    return unknown("", frozenset(o for o in value.origins if o.kind is not SourceKind.ENCODED), value.steps)


def _logs_in(scene: Scene, action: Action, hosts: list[Value]) -> bool:
    """A login at a registry of packages or images is what a token that comes in is for."""
    if not {"login", "--password-stdin"} <= set(action.texts) or not action.piped:
        return False
    return all(is_registry(h, scene.trusted) for w in hosts for h in hosts_in(w.text))


def _roles() -> dict[str, Role]:
    from clearance.detect.commands.roles import ROLES

    return ROLES

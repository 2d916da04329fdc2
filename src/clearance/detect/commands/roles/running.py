"""Programs that run other programs or code."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import act, odd_place, sentence_of
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.places import normal
from clearance.detect.commands.roles.text import decoded
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool, tool_of, uses_of
from clearance.detect.commands.value import EMPTY, UNKNOWN, Origin, Value, carried, exchanged, joined, plain, unknown
from clearance.model.command import CommandCapability as Can
from clearance.model.command import Dialect, SourceKind

_DIALECTS: Final = {
    "python": Dialect.PYTHON, "pypy": Dialect.PYTHON, "ipython": Dialect.PYTHON,
    "powershell": Dialect.POWERSHELL, "pwsh": Dialect.POWERSHELL, "cmd": Dialect.CMD,
}  # fmt: skip
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "csh", "tcsh", "mksh", "rbash"})


def dialect_of(program: str) -> Dialect:
    """The language that an interpreter reads; languages without a reader of their own are read as JavaScript is."""
    bare = program.rstrip("0123456789.-w")
    if program in _SHELLS:
        return Dialect.BASH
    return _DIALECTS.get(bare, _DIALECTS.get(program, Dialect.JAVASCRIPT))


def interpreter(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``-c`` and its like run a text, a first word runs a file, else what comes in is run."""
    dialect, words = dialect_of(action.program), list(action.words)
    for at, word in enumerate(words):
        low = word.text.lower()
        if _runs_text(low, tool, dialect):
            code = _bare(words[at + 1 :], dialect)
            if code is EMPTY:
                return UNKNOWN
            printed = scene.execute(code, dialect, f"{action.program} {word.text}", action.stdin)
            if action.program in ("perl", "ruby") and re.match(r"-\w*[np]", low):
                printed = joined((printed, carried(scene.read(w) for w in words[at + 2 :])))
            return printed
        if low.startswith("-") and low not in ("-", "-m"):
            continue
        if low == "-":
            break
        if low == "-m" or (at and words[at - 1].text == "-m"):
            return carried((action.stdin,)).after(action.program)
        if (
            at
            and words[at - 1].text
            in ("-o", "--rcfile", "--init-file", "-O", "-W", "-X", "-r", "-I", "--import", "--require")
        ) or "=" in low[:20]:
            continue
        return script(scene, word, dialect, action)
    return scene.execute(action.stdin, dialect, action.program) if action.piped else UNKNOWN


def _bare(words: list[Value], dialect: Dialect) -> Value:
    if not words:
        return EMPTY
    return words[0] if dialect is not Dialect.CMD else joined(words, " ")


def _runs_text(low: str, tool: KnownTool, dialect: Dialect) -> bool:
    if low in tool.sends:
        return True
    return dialect is Dialect.BASH and re.fullmatch(r"-[a-z]{0,5}c", low) is not None


def script(scene: Scene, path: Value, dialect: Dialect, action: Action) -> Value:
    """A file is run: what the command itself put there is read, and where it came from is told."""
    kept = scene.files.get(normal(path.text))
    content = scene.read(path, keeper=True)
    if path.origins or kept is not None:
        return scene.execute(
            replace(content, origins=content.origins | path.origins), dialect, f"{action.program} {path.text[:80]}"
        )
    odd_place(scene, path.text, action)
    # A script may be known by its name as programs are.
    inner = replace(action, program=program_of(path.text), called=path.text)
    for use in uses_of(tool_of(inner.program), inner):
        scene.see(use.can, use.weight, sentence_of(use, inner), action.line)
    return UNKNOWN


def powershell(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """PowerShell's own options: any unambiguous beginning of ``-EncodedCommand``, ``-Command`` or ``-File``."""
    words, at = list(action.words), 0
    while at < len(words):
        low = words[at].text.lower().replace("/", "-", 1).replace("–", "-").replace("`", "").replace("^", "")
        at += 1
        name = low[1:]
        if low.startswith("-") and name:
            if "encodedcommand".startswith(name) or name == "ec":
                return _encoded(scene, words[at] if at < len(words) else EMPTY)
            if "command".startswith(name):
                return scene.execute(
                    joined(words[at:], " "), Dialect.POWERSHELL, f"{action.program} {low}", action.stdin
                )
            if "file".startswith(name) and at < len(words):
                return script(scene, words[at], Dialect.POWERSHELL, action)
            at += _hides(scene, name, words[at].text.lower() if at < len(words) else "", action)
            continue
        if low.endswith(".ps1") or "\\" in low.partition(" ")[0]:
            return script(scene, words[at - 1], Dialect.POWERSHELL, action)
        return scene.execute(joined(words[at - 1 :], " "), Dialect.POWERSHELL, action.program)
    return scene.execute(action.stdin, Dialect.POWERSHELL, action.program) if action.piped else UNKNOWN


_VALUED: Final = (
    "executionpolicy",
    "windowstyle",
    "version",
    "inputformat",
    "outputformat",
    "configurationname",
    "workingdirectory",
    "encodedarguments",
    "psconsolefile",
)


def _hides(scene: Scene, name: str, value: str, action: Action) -> int:
    """What an option of PowerShell says; returns how many words belong to it."""
    if "windowstyle".startswith(name) and value.startswith(("h", "1")):
        scene.see(Can.HIDE, 0.5, "It starts PowerShell with no window.", action.line)
    if ("executionpolicy".startswith(name) or name in ("ep", "exec")) and value in ("bypass", "unrestricted"):
        scene.see(Can.EXECUTE, 0.2, "It starts PowerShell with its execution policy off.", action.line)
    if name in ("nop", "noprofile", "noni", "nonInteractive".lower()):
        scene.see(Can.EXECUTE, 0.04, "It starts PowerShell without a profile.", action.line)
    return int(any(v.startswith(name) for v in _VALUED) or name in ("ep", "exec"))


def _encoded(scene: Scene, word: Value) -> Value:
    text = decoded(word.text, "base64") or ""
    origins = word.origins | {Origin(SourceKind.ENCODED, word.text[:80])}
    return scene.execute(Value(text, bool(text), origins), Dialect.POWERSHELL, "powershell -EncodedCommand")


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


def _empty(_scene: Scene, _tool: KnownTool, action: Action) -> Value:
    if action.program == "env":
        return unknown("", frozenset({Origin(SourceKind.ENVIRONMENT, "the whole environment")}))
    return action.stdin


def evaluated(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """``eval`` and ``iex``: words, or what comes in, are run as a command."""
    words = [w for w in action.words if w.text.lower() not in ("-command", "-inputobject", "--")]
    code = joined(words, " ") if words else action.stdin
    if not words and not action.piped:
        return UNKNOWN
    if not code.known and not code.origins and action.program in ("iex", "invoke-expression"):
        scene.see(Can.EXECUTE, 0.25, "It runs as a command what is made only while it runs.", action.line)
    return scene.execute(code, scene_dialect(scene, action), action.program, action.stdin if words else EMPTY)


def scene_dialect(scene: Scene, action: Action) -> Dialect:
    """The language of the shell that evaluates."""
    if action.program in ("iex", "invoke-expression", ".", "&"):
        return Dialect.POWERSHELL if action.program != "." else scene.dialect
    return Dialect.BASH if scene.dialect not in (Dialect.POWERSHELL, Dialect.CMD) else scene.dialect


def sourced(scene: Scene, _tool: KnownTool, action: Action) -> Value:
    """``source`` and ``.``: a file is run in this shell."""
    return script(scene, action.words[0], scene.dialect, action) if action.words else UNKNOWN


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
    if any(w.text == "-delete" for w in words) and hunted.text.split(" ")[0] in ("/", "~", "$HOME"):
        scene.see(Can.DESTROY, 0.8, f"It deletes everything below {hunted.text.split(' ')[0]}.", action.line)
    return replace(named, text="", known=False)


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
    printed = joined([*(scene.read(w) for w in words[1:]), action.stdin])
    return replace(printed, text="", known=False)


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
                _hides(
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

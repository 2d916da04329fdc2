"""Programs that run other programs or code."""

import re
from dataclasses import replace
from typing import Final

from clearance.detect.commands.acting import odd_place, sentence_of
from clearance.detect.commands.action import Action, program_of
from clearance.detect.commands.places import normal
from clearance.detect.commands.roles.developing import from_network
from clearance.detect.commands.roles.recoding import decoded
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import KnownTool, tool_of, uses_of
from clearance.detect.commands.value import EMPTY, UNKNOWN, Origin, Value, carried, joined, plain
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


_EDITORS: Final = frozenset({"vim", "vi", "nvim", "rvim", "ex"})
_BANG: Final = re.compile(
    r"\+?[:|\s]{0,20}(?:silent?!?\s{1,9})?(?:r(?:ead)?\s{0,9}|w(?:rite)?\s{0,9})?!(.{1,4000})", re.DOTALL
)


def interpreter(scene: Scene, tool: KnownTool, action: Action) -> Value:
    """``-c`` and its like run a text, a first word runs a file, else what comes in is run."""
    dialect, words = dialect_of(action.program), list(action.words)
    if action.program in ("deno", "bun") and from_network(scene, action):
        return UNKNOWN
    if action.program in _EDITORS:
        for said in (m for w in words for m in [_BANG.match(w.text)] if m):
            scene.execute(plain(said[1]), Dialect.BASH, action.program)
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
            at += hides(scene, name, words[at].text.lower() if at < len(words) else "", action)
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


def hides(scene: Scene, name: str, value: str, action: Action) -> int:
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

"""What is known of programs, as data: ``binaries/*.toml``, written from what their manuals say."""

import functools
import re
from importlib.resources import files
from typing import Final

import msgspec

from clearance.detect.commands.action import Action
from clearance.model.command import CommandCapability


class ToolUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of using a program."""

    args: str = ""
    """Globs that must each fit some argument, in any order; ``a|b`` are alternatives, capitals make case count."""
    can: CommandCapability
    weight: float
    """0 to 1: how seldom an honest command of a developer does it."""
    why: str = ""
    """What it does, as the end of a sentence that begins with the program."""


class KnownTool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one program, or several of a kind, can do."""

    names: tuple[str, ...]
    role: str = ""
    """How data moves through it: a key of ``roles.ROLES``."""
    sends: tuple[str, ...] = ()
    """Options whose value is sent."""
    saves: tuple[str, ...] = ()
    """Options whose value is a file that is written."""
    takes: tuple[str, ...] = ()
    """Other options that have a value."""
    keeper: bool = False
    """It works with secrets by its purpose, so that naming one is no reading of it."""
    step: str = ""
    """What it does to data, in a word or two: ``base64``."""
    only_windows: bool = False
    """The name means something else on other systems."""
    use: tuple[ToolUse, ...] = ()


class _Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    tool: tuple[KnownTool, ...]


NO_TOOL: Final = KnownTool(names=())


@functools.cache
def tools() -> dict[str, KnownTool]:
    """Every program that is known, by name in lower case."""
    folder = files("clearance.detect.commands").joinpath("binaries")
    found: dict[str, KnownTool] = {}
    for sheet in sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
        for tool in msgspec.toml.decode(sheet.read_bytes(), type=_Sheet).tool:
            for name in tool.names:
                found[name.lower()] = _merged(found.get(name.lower()), tool)
    return found


class _Cmdlets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    nouns: tuple[str, ...]


@functools.cache
def _nouns() -> frozenset[str]:
    data = files("clearance.detect.commands").joinpath("cmdlets.toml").read_bytes()
    return frozenset(msgspec.toml.decode(data, type=_Cmdlets).nouns)


def known_cmdlet(name: str) -> bool:
    """Whether the noun of a cmdlet is one that PowerShell itself or a developers' module has."""
    return name.partition("-")[2] in _nouns()


def _merged(before: KnownTool | None, tool: KnownTool) -> KnownTool:
    """A program may stand in several sheets; what they say of its uses adds up."""
    if before is None:
        return tool
    first, second = (before, tool) if before.role or not tool.role else (tool, before)
    return msgspec.structs.replace(first, use=(*first.use, *second.use), keeper=first.keeper or second.keeper)


def tool_of(program: str) -> KnownTool:
    """What is known of a program; an empty entry where nothing is."""
    known = tools()
    found = known.get(program)
    if found is None and program[-1:].isdigit():
        # python3.11, ruby3.2, gcc-13
        found = known.get(program.rstrip("0123456789.-"))
    return found or NO_TOOL


def uses_of(tool: KnownTool, action: Action) -> tuple[ToolUse, ...]:
    """Every way of using it that this command fits."""
    if not tool.use or _asks_for_help(action):
        return ()
    words = [w.text for w in action.words]
    if tool.role == "wrapper" and tool.step != "windows":
        # What belongs to the program inside is that program's.
        words = words[: next((i for i, w in enumerate(words) if not w.startswith("-")), len(words))]
    exact = "\n".join(words)[:8192]
    folded = exact.lower()
    return tuple(u for u in tool.use if all(p.search(exact if cased else folded) for p, cased in _patterns(u.args)))


def _asks_for_help(action: Action) -> bool:
    """Asking a program what it can do does nothing."""
    texts = action.texts
    return any(t in _HELP for t in texts) or (len(texts) == 1 and texts[0] in ("-h", "-v", "help", "version"))


_HELP: Final = frozenset({"--help", "--version", "/?", "-?"})


@functools.cache
def _patterns(args: str) -> tuple[tuple[re.Pattern[str], bool], ...]:
    r"""Each glob with whether case counts: it does where a capital letter stands in it. ``\\ `` is a space."""
    globs = [g.replace("\x00", " ") for g in args.replace("\\ ", "\x00").split()]
    return tuple((_pattern(glob), glob != glob.lower()) for glob in globs)


def _pattern(glob: str) -> re.Pattern[str]:
    """Globs of single words, one word a line: linear, because ``*`` never crosses a line and nothing nests."""
    ways = ["".join(".*" if c == "*" else re.escape(c) for c in way) for way in glob.split("|")]
    return re.compile(rf"^(?:{'|'.join(ways)})$", re.MULTILINE)

"""Arguments of a tool call sorted by their names: command lines, code, and everything else, at any depth."""

import ast
import re
import shlex
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from clearance.detect.commands.action import program_of
from clearance.detect.commands.analysis import MOST_TEXT
from clearance.detect.commands.calls import Repeated
from clearance.detect.commands.guess import guesses
from clearance.detect.commands.scene import Scene
from clearance.detect.commands.tools import NO_TOOL, tool_of
from clearance.model.command import Dialect

RUNS: Final = re.compile(
    r"bash|shell|terminal|exec|run_command|command|cmd|powershell|local_shell|python|repl|interpreter|subprocess|"
    r"(?:^|_)(?:run|eval|zsh|sh|node|process|console)(?:_|$)",
    re.IGNORECASE,
)
_COMMANDS: Final = frozenset(
    "command cmd script commandline shellcommand commands cmds bash shell cmdline exec shellscript".split()
)
_CODES: Final = frozenset("code sourcecode python pythoncode javascript js snippet codes cell".split())
_PROGRAMS: Final = frozenset("program executable binary exe bin".split())
_WORDS: Final = frozenset("args argv arguments argument parameters params".split())
_LINES: Final = frozenset(
    "line lines input text chars keys data stdin content query expression statement payload body".split()
)
"""What only a tool that runs something may run."""
_ASIDE: Final = frozenset(
    "description explanation timeout cwd workdir workingdirectory filter session language lang interpreter reason "
    "justification env shelltype purpose summary title".split()
)
_MOST_DEPTH: Final = 6
_MOST_TAKEN: Final = 2000
_MOST_LIST: Final = 500
_SIGNS: Final = re.compile(r"[|;&<>]+")
_NAMELESS: Final = re.compile(r"[\w.:/@-]{0,40}")


@dataclass(slots=True)
class Arguments:
    """What a call was given."""

    commands: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """All other texts, with the name nearest above each."""
    language: str = ""
    """What the call itself says that its code is written in."""
    taken: int = 0

    def runs(self) -> list[str]:
        """Every command line and program text, once."""
        return list(dict.fromkeys((*self.commands, *self.codes)))


def bare(key: str) -> str:
    """``commandLine``, ``command_line`` and ``CommandLine`` are one name."""
    return re.sub(r"[^a-z]", "", key.lower())


def sorted_arguments(scene: Scene, name: str, arguments: Mapping[str, object]) -> Arguments:
    """Every text in the arguments by what its name says; a gap where they are nested too deep or too many."""
    found, runs = Arguments(), RUNS.search(name) is not None
    stack: list[tuple[str, object, int]] = [("", arguments, 0)]
    while stack:
        key, value, depth = stack.pop()
        if depth > _MOST_DEPTH or found.taken > _MOST_TAKEN:
            scene.gaps["Its arguments are nested too deep or too many; some were not read."] = None
            break
        if isinstance(value, str):
            _text(scene, found, key, value, runs=runs)
        elif isinstance(value, Mapping):
            found.commands.extend(_program(value))
            stack.extend((str(k), v, depth + 1) for k, v in reversed(tuple(value.items())))
        elif isinstance(value, list | tuple):
            if len(value) > _MOST_LIST:
                scene.gaps[f"The argument {key[:40]} has {len(value)} parts; {_MOST_LIST} were read."] = None
            _list(found, stack, key, value[:_MOST_LIST], depth, runs=runs)
    return found


def _text(scene: Scene, found: Arguments, key: str, value: str, *, runs: bool) -> None:
    found.taken += 1
    if len(value) > MOST_TEXT:
        said = f"The argument {key[:40]} has {len(value)} characters; only the first {MOST_TEXT} were read."
        scene.gaps[said] = None
    name, text = bare(key), value[:MOST_TEXT]
    if name in _COMMANDS or (runs and name in (*_LINES, *_WORDS)):
        found.commands.append(text)
    elif name in _CODES:
        found.codes.append(text)
    elif name in ("language", "lang", "interpreter"):
        found.language = text[:40].lower()
    elif name not in (*_PROGRAMS, *_WORDS):
        found.texts.append((key, text))


def _list(
    found: Arguments,
    stack: list[tuple[str, object, int]],
    key: str,
    value: Sequence[object],
    depth: int,
    *,
    runs: bool,
) -> None:
    """Words of one command, or commands of their own."""
    name = bare(key)
    words = [w for w in value if isinstance(w, str)]
    if words and not isinstance(value, Repeated) and (name in (*_COMMANDS, "argv") or (runs and name in _WORDS)):
        found.taken += 1
        found.commands.extend(line[:MOST_TEXT] for line in _lines(words))
        value = [w for w in value if not isinstance(w, str)]
    stack.extend((key, v, depth + 1) for v in reversed(value))


def _lines(words: list[str]) -> Iterator[str]:
    """A list is the words of one command, unless each of it is a command; where that is in doubt it is both."""
    lines = [w for w in words if _begins_with_a_program(w)]
    if len(words) == 1 or len(lines) == len(words):
        yield from words
        if len(words) == 1 or all(" " in w for w in words):
            return
    if len(words) == 3 and words[1] in ("-c", "-lc", "-Command", "/c"):
        yield words[2]  # in its own language, whatever quoting makes of it
    signs = any(_SIGNS.fullmatch(w) for w in words)
    yield " ".join(words) if signs else " ".join(w if _NAMELESS.fullmatch(w) and w else shlex.quote(w) for w in words)
    yield from (w for w in lines if " " in w.strip())


def _begins_with_a_program(line: str) -> bool:
    first = line.split(maxsplit=1)
    return bool(first) and tool_of(program_of(first[0])) is not NO_TOOL


def _program(given: Mapping[str, object]) -> Iterator[str]:
    """``{"program": "rm", "args": ["-rf", "x"]}``."""
    words: list[str] = []
    for value in (v for k, v in given.items() if bare(str(k)) in _WORDS):
        words += [w for w in value if isinstance(w, str)][:_MOST_LIST] if isinstance(value, list | tuple) else []
        words += value[:MOST_TEXT].split() if isinstance(value, str) else []
    commands = _COMMANDS if words else frozenset[str]()
    for key, value in given.items():
        if bare(str(key)) in _PROGRAMS | commands and isinstance(value, str) and value.strip():
            yield " ".join((value.strip(), *(w if _NAMELESS.fullmatch(w) and w else shlex.quote(w) for w in words)))


def dialects_of(name: str, language: str, text: str, *, is_code: bool) -> tuple[Dialect, ...]:
    """The languages that a text may be written in, by the tool, by what the call says, else by its looks."""
    said = f"{name.lower()} {language}"
    for word, dialect in _LANGUAGES:
        if re.search(word, said) and (is_code or dialect is Dialect.POWERSHELL):
            return (dialect,)
    if not is_code:
        return guesses(text)
    python = _is_python(text)
    shells = guesses(text) if _begins_with_a_program(text) or not (python or _SCRIPT.search(text)) else ()
    return tuple(dict.fromkeys((*((Dialect.PYTHON,) if python else ()), Dialect.JAVASCRIPT, *shells)))


_SCRIPT: Final = re.compile(r"\b(?:const|let|var|function|await)\s|=>|\brequire\s*\(|\b(?:console|process)\.")


_LANGUAGES: Final = (
    (r"powershell|pwsh", Dialect.POWERSHELL),
    (r"python|ipython|jupyter", Dialect.PYTHON),
    (r"javascript|typescript|\bjs\b|\bts\b|node|deno|ruby|perl|php", Dialect.JAVASCRIPT),
    (r"bash|\bsh\b|shell|zsh|terminal", Dialect.BASH),
)


def _is_python(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text.replace("\x00", ""))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def unassigned(scene: Scene, found: Arguments, texts: list[tuple[str, str]], *, runs: bool) -> None:
    """Texts under names that say nothing: read as commands where they look like some, else a gap if the tool runs."""
    for key, text in texts:
        name = bare(key)
        if name in _ASIDE or name.endswith("id") or (not runs and " " not in text.strip()):
            continue
        if _begins_with_a_program(text):
            found.commands.append(text)
        elif runs and not _NAMELESS.fullmatch(text):
            scene.gaps[f"The tool runs something; what its argument {key[:40]} does was not read."] = None

"""Which files and scripts a command line starts: ``node a.js && sh b.sh``, ``npm run x``, ``python -m mod``.

It is no shell: words are split as one would, and the interpreter's first word that is no option is its program.
"""

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from clearance.observe.static.starts.release_files import joined

_LONGEST: Final = 64 << 10
_LONGEST_LINE: Final = 8 << 10
_MOST: Final = 400
_DEEPEST: Final = 4
_SIGNS: Final = frozenset("();<>|&{}")
_SET: Final = re.compile(r"\A[A-Za-z_]\w*=")
_JOINED: Final = re.compile(r"\\\r?\n")
_WINDOWS_PATH: Final = re.compile(r"(?<=[\w.])\\(?=[\w.])")
_OWN_FOLDER: Final = re.compile(
    r"\$\((?:cd\s+)?\"?\$?\(?\s*dirname[^()\n]{0,80}\)?[^()\n]{0,40}\)|`dirname[^`\n]{0,80}`"
)
_BEFORE: Final = frozenset(
    """sudo doas env nohup exec time command builtin then do else elif if while until ! cross-env cross-env-shell npx
    bunx dotenv nice ionice start call cmd cmd.exe /c /s /d eval setsid stdbuf timeout xvfb-run corepack dlx exec-sh
    -- [ [[""".split()
)
_JAVASCRIPT: Final = frozenset(
    "node nodejs bun deno tsx ts-node esno babel-node electron jiti zx node.exe esbuild-runner".split()
)
_PYTHON: Final = re.compile(r"\A(?:python|pypy|py)[\d.]*(?:\.exe)?\Z")
_SHELL: Final = frozenset("sh bash zsh dash ksh ash busybox source . bash.exe".split())
_POWERSHELL: Final = frozenset("powershell pwsh powershell.exe pwsh.exe".split())
_OTHERS: Final = frozenset("perl ruby php lua osascript tclsh Rscript awk".split())
_CLIENTS: Final = frozenset("npm pnpm yarn bun npm.cmd yarnpkg".split())
_PRINTERS: Final = frozenset("cat type head tail zcat base64 xxd openssl gunzip envsubst sed tr".split())
"""What they print is often run."""
_SEVERAL: Final = frozenset("run-s run-p npm-run-all npm-run-all2 concurrently".split())
_OWN_WORDS: Final = frozenset(
    "install add ci exec dlx i audit link publish pack rebuild config cache version x".split()
)
_LOADED: Final = frozenset(("-r", "--require", "--import", "--loader", "--experimental-loader"))
_CODE: Final = frozenset(("-e", "--eval", "-p", "--print", "-c", "-pe", "-Command", "-command", "/c"))
_FILE: Final = re.compile(r"(?:\A\.{0,2}/|\A\$\{?\w+\}?/|\A%~dp0|/).|.\.(?:sh|bash|js|cjs|mjs|py|cmd|bat|ps1|pl|rb)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStart:
    """One thing that a command line starts."""

    kind: str
    """``file``, ``module`` (of Python), ``script`` (of a ``package.json``), ``code`` or ``makefile``."""
    what: str
    dialect: str = ""
    folder: str = ""
    """Where it is looked for."""


def named_in(command: str, folder: str, *, deep: int = 0) -> Iterator[NamedStart]:
    """What it starts, in its order; at most 400."""
    given = 0
    text = _OWN_FOLDER.sub(".", _JOINED.sub(" ", command[:_LONGEST]))
    for line in text.splitlines():
        for words in _simple(_WINDOWS_PATH.sub("/", line[:_LONGEST_LINE])):
            if words[0] in ("cd", "pushd") and len(words) > 1:
                folder = joined(folder, words[1].lstrip("/")) or folder
                continue
            for found in _starts(words, deep):
                given += 1
                if given > _MOST:
                    return
                yield found if found.folder else replace(found, folder=folder)


def _simple(line: str) -> Iterator[list[str]]:
    """The words of each simple command of a line."""
    try:
        reader = shlex.shlex(line, posix=True, punctuation_chars="".join(_SIGNS))
        reader.whitespace_split = True
        reader.commenters = "#"
        words = list(reader)
    except ValueError:
        words = line.split()
    simple: list[str] = []
    for word in [*words, ";"]:
        if word and set(word) <= _SIGNS:
            if bare := _bare(simple):
                yield bare
            simple = []
        else:
            simple.append(word)


def _bare(words: list[str]) -> list[str]:
    """Without what stands before the program: variables, wrappers and their options."""
    at, wrapped = 0, False
    while at < len(words) and (
        words[at] in _BEFORE or _SET.match(words[at]) or (wrapped and words[at].startswith("-")) or not words[at]
    ):
        wrapped = wrapped or words[at] in _BEFORE
        at += 1
    return words[at:]


def _starts(words: list[str], deep: int) -> Iterator[NamedStart]:
    program = words[0].rpartition("/")[2]
    rest = words[1:]
    if program in _CLIENTS and (found := list(_scripts(program, rest))):
        yield from found
    elif program in _JAVASCRIPT:
        yield from _interpreted("javascript", rest, deep)
    elif _PYTHON.match(program):
        yield from _interpreted("python", rest, deep)
    elif program in _SHELL:
        yield from _interpreted("shell", rest, deep)
    elif program in _POWERSHELL:
        yield from _interpreted("powershell", [w for w in rest if w.lower() not in ("-file", "bypass", "-f")], deep)
    elif program in _OTHERS:
        yield from _interpreted("script", rest, deep)
    elif program in _SEVERAL:
        yield from (NamedStart(kind="script", what=word.removeprefix("npm:")) for word in rest if word[:1] != "-")
    elif program in ("make", "gmake", "nmake"):
        yield from _makefile(rest)
    elif program in _PRINTERS:
        yield from (NamedStart(kind="file", what=word) for word in rest if _FILE.search(word))
    elif _FILE.search(words[0]):
        yield NamedStart(kind="file", what=words[0])


def _makefile(rest: list[str]) -> Iterator[NamedStart]:
    following = dict(itertools.pairwise(rest))
    folder = next((following[key] for key in ("-C", "--directory") if key in following), "")
    file = next((following[key] for key in ("-f", "--file") if key in following), "Makefile")
    yield NamedStart(kind="makefile", what=f"{folder}/{file}".lstrip("/") if folder else file)


def _scripts(program: str, rest: list[str]) -> Iterator[NamedStart]:
    """``npm run x``, ``yarn x``, ``npm test``."""
    folder = ""
    words = []
    following = iter(rest)
    for word in following:
        if word in ("--prefix", "--cwd", "-C", "--dir"):
            folder = joined("", next(following, "")) or ""
        elif not word.startswith("-"):
            words.append(word)
    if not words:
        return
    if words[0] in ("run", "run-script", "rum", "urn") and len(words) > 1:
        yield NamedStart(kind="script", what=words[1], folder=folder)
    elif words[0] in ("test", "start", "stop", "restart", "t") and program != "bun":
        yield NamedStart(kind="script", what="test" if words[0] == "t" else words[0], folder=folder)
    elif program in ("yarn", "pnpm", "yarnpkg") and words[0] not in _OWN_WORDS:
        yield NamedStart(kind="script", what=words[0], folder=folder)


def _interpreted(dialect: str, rest: list[str], deep: int) -> Iterator[NamedStart]:
    following = iter(rest)
    for word in following:
        if word in _LOADED and dialect == "javascript":
            yield NamedStart(kind="file", what=next(following, "").removeprefix("file://"), dialect=dialect)
        elif word == "-m" and dialect == "python":
            yield NamedStart(kind="module", what=next(following, ""), dialect=dialect)
            return
        elif word in _CODE or (dialect == "shell" and re.match(r"-[a-z]*c\Z", word)):
            yield from _code(dialect, next(following, ""), deep)
            return
        elif word.startswith("-") or (word in ("run", "eval", "-") and dialect == "javascript"):
            continue
        else:
            yield NamedStart(kind="file", what=word, dialect=dialect)
            return


def _code(dialect: str, text: str, deep: int) -> Iterator[NamedStart]:
    if dialect == "shell" and deep < _DEEPEST:
        yield from named_in(text, "", deep=deep + 1)
    elif text:
        yield NamedStart(kind="code", what=text, dialect=dialect)

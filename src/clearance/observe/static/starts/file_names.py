"""Which files of the release a script loads or starts: relative names in its strings, imports, command lines in it."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.observe.static.starts.command_names import NamedStart, named_in

_LONGEST: Final = 256 << 10
_MOST: Final = 300
_STRING: Final = re.compile(r"\"((?:[^\"\\\n]|\\.){1,2000})\"|'((?:[^'\\\n]|\\.){1,2000})'|`([^`\\$]{1,2000})`")
_RELATIVE: Final = re.compile(r"\A\.{1,2}(?:/[^\s]{0,300})?\Z")
_SCRIPT: Final = re.compile(
    r"\A/?[\w@.][\w@./\\-]{0,200}\.(?:js|cjs|mjs|ts|py|sh|bash|ps1|bat|cmd)\Z|\A/[\w@.-]{1,100}\Z"
)
_STARTS: Final = re.compile(
    r"(?:^|[\s;&|])(?:node|bun|deno|tsx|python[\d.]*|(?:ba|z|da)?sh|pwsh|powershell|npm|yarn|pnpm|make|\.{1,2}/)",
    re.IGNORECASE,
)
_OF_FOLDER: Final = re.compile(r"__dirname\s*,\s*((?:[\"'`][^\"'`\n]{1,200}[\"'`]\s*,?\s*){1,8})")
_PARTS: Final = re.compile(r"[\"'`]([^\"'`\n]{1,200})[\"'`]")
_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+\(?[ \t]*(\w+)?|import[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*))",
    re.MULTILINE,
)


def loaded_by(text: str, dialect: str, folder: str) -> Iterator[NamedStart]:
    """What it loads or starts; of its first 256 KiB, at most 300. ``folder``: where its names begin."""
    text = text[:_LONGEST]
    match dialect:
        case "javascript":
            found = _of_javascript(text, folder)
        case "python":
            found = _of_python(text, folder)
        case "shell" | "makefile" | "command" | "batch":
            found = named_in(text, folder)
        case _:
            return
    for given, name in enumerate(found):
        if given >= _MOST:
            return
        yield name


def _of_javascript(text: str, folder: str) -> Iterator[NamedStart]:
    for match in _OF_FOLDER.finditer(text):
        yield NamedStart(kind="file", what="/".join(_PARTS.findall(match[1])), dialect="javascript", folder=folder)
    yield from _of_strings(text, folder, "javascript")


def _of_python(text: str, folder: str) -> Iterator[NamedStart]:
    for match in _IMPORT.finditer(text):
        if match[3]:
            yield from (
                NamedStart(kind="module", what=name.strip(), dialect="python", folder=folder)
                for name in match[3].split(",")
            )
            continue
        dots = len(match[1]) - len(match[1].lstrip("."))
        module = match[1].lstrip(".")
        above = "../" * max(0, dots - 1)
        for name in (module, f"{module}.{match[2]}".strip(".") if match[2] else ""):
            if name:
                what = f"{above}{name.replace('.', '/')}"
                yield NamedStart(kind="file", what=what, dialect="python", folder=folder)
    yield from _of_strings(text, folder, "python")


def _of_strings(text: str, folder: str, dialect: str) -> Iterator[NamedStart]:
    for match in _STRING.finditer(text):
        said = next(group for group in match.groups() if group is not None)
        if _RELATIVE.match(said):
            yield NamedStart(kind="file", what=said, dialect=dialect if dialect == "javascript" else "", folder=folder)
        elif _SCRIPT.match(said):
            yield NamedStart(kind="file", what=said, folder=folder)
        elif " " in said and _STARTS.search(said):
            yield from named_in(said, folder)

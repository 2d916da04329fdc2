"""What types cannot say about a profile's ``[run]`` table: said when the profile is read, not after a fetch."""

import math
import posixpath
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from urllib.parse import urlsplit

from clearance.intake.errors import ProfileError
from clearance.model.profile import Run

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PLACEHOLDERS = ("package", "prompt", "api_key", "base_url", "home", "project")
_TOPS = ("{home}/", "{project}/", "/tmp/", "/etc/")  # noqa: S108 - folders of the room
_STAND_INS = {
    "home": "/h",
    "project": "/h/project",
    "package": "/a",
    "base_url": "https://x",
    "prompt": "x",
    "api_key": "x",
}
"""Values to look at a path with: what lies below what is the same for all of them."""
_LONGEST_S = 86_400
_MOST_MB = 1 << 20


def check_run(run: Run, name: str) -> None:
    """Refuse what could not be carried out in a room; ``name`` is what errors call the file. Raises ProfileError."""
    commands = {"run.command": run.command} | {
        f"run.variants[{i}].command": variant.command for i, variant in enumerate(run.variants)
    }
    _check_commands(commands, name)
    _check_limits(run, name)
    _check_env(run, name)
    _check_urls(run, name)
    for i, variant in enumerate(run.variants):
        _check_glob(variant.when_file, f"run.variants[{i}].when_file", name)
    for table in ("files", "files_with_base_url"):
        _check_files(getattr(run, table), f"run.{table}", name)
    words = [word for command in commands.values() for word in command]
    _check_placeholders((*words, *run.env.values(), *run.files, *run.files_with_base_url), name)


def _check_commands(commands: dict[str, tuple[str, ...]], name: str) -> None:
    for where, command in commands.items():
        if not command or not command[0].strip():
            raise ProfileError(f"{name}: {where} is empty.", advice='Write it as ["program", "argument", …].')
        _refuse_nul(command, where, name)


def _check_limits(run: Run, name: str) -> None:
    # Written so that what is no number (nan) fails too.
    if not 0 < run.wall_s <= _LONGEST_S or not math.isfinite(run.wall_s):
        raise ProfileError(
            f"{name}: run.wall_s must be above 0 and at most {_LONGEST_S} seconds.", advice="Leave it out if unsure."
        )
    if not 0 < run.memory_mb <= _MOST_MB:
        raise ProfileError(
            f"{name}: run.memory_mb must be above 0 and at most {_MOST_MB}.", advice="Leave it out if unsure."
        )


def _check_env(run: Run, name: str) -> None:
    for variable in (*run.env, *run.base_url_env):
        if not variable or "=" in variable or "\0" in variable:
            raise ProfileError(
                f"{name}: {variable!r} in run.env cannot be a variable's name.",
                advice="A name is not empty and holds no '='; the value stands on the other side.",
            )
    _refuse_nul(run.env.values(), "run.env", name)


def _check_urls(run: Run, name: str) -> None:
    if not run.vendor_base_url:
        return
    try:
        parts = urlsplit(run.vendor_base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or "\0" in run.vendor_base_url:
        raise ProfileError(
            f"{name}: run.vendor_base_url = {run.vendor_base_url!r} is not a URL.",
            advice="Write it as https://api.example.com, with a path if the tool uses one.",
        )


def _check_glob(pattern: str, where: str, name: str) -> None:
    parts = pattern.split("/")
    if not pattern.strip("./") or pattern.startswith("/") or any("**" in part and part != "**" for part in parts):
        raise ProfileError(
            f"{name}: {where} = {pattern!r} is no pattern that can be looked for.",
            advice="Write a path below {package}, such as bin/tool or ../tool-linux-*/tool.",
        )
    _refuse_nul((pattern,), where, name)


def _check_files(files: dict[str, str], where: str, name: str) -> None:
    places = {path: _seen(path) for path in files}
    _refuse_nul(files, where, name)
    for path, place in places.items():
        if not path.startswith(_TOPS) or posixpath.normpath(place) != place or place == _STAND_INS["project"]:
            raise ProfileError(
                f"{name}: {path!r} in [{where}] lies where no file may be staged.",
                advice="Files lie below {home}, {project}, /tmp or /etc, and their paths hold no '..'.",
            )
    for path, place in places.items():
        if any(other.startswith(f"{place}/") for other in places.values()):
            raise ProfileError(
                f"{name}: {path!r} in [{where}] is a file and the folder of another.", advice="Rename one of them."
            )


def _seen(path: str) -> str:
    return _PLACEHOLDER.sub(lambda found: _STAND_INS.get(found[1], found[0]), path)


def _check_placeholders(texts: Iterable[str], name: str) -> None:
    for word in _words(texts):
        if word not in _PLACEHOLDERS and get_close_matches(word, _PLACEHOLDERS, n=1, cutoff=0.75):
            raise ProfileError(
                f"{name}: the placeholder {{{word}}} is not known.",
                advice=f"Known: {', '.join(f'{{{known}}}' for known in _PLACEHOLDERS)}.",
            )


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _PLACEHOLDER.findall(text)


def _refuse_nul(texts: Iterable[str], where: str, name: str) -> None:
    """A NUL would cut an argument, a variable or a path short."""
    if any("\0" in text for text in texts):
        raise ProfileError(f"{name}: {where} holds a NUL character.", advice=r"Take the \u0000 out.")

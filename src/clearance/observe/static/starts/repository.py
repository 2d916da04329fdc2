"""What working in a folder runs: git's hooks and settings, hooks of husky, direnv, make, configure, cargo."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final

from clearance.observe.static.starts.npm import folder_within
from clearance.observe.static.starts.origin import Origin
from clearance.observe.static.starts.release_files import ReleaseFiles, joined
from clearance.observe.static.supply.found import Manifest

_SECTION: Final = re.compile(r"\s*\[\s*([\w.-]+)(?:\s+\"((?:[^\"\\]|\\.){0,200})\")?\s*\]\s*(.*)")
_SETTING: Final = re.compile(r"\s*([\w-]+)\s*=\s*(.*?)\s*\Z")
_PROGRAMS: Final = re.compile(
    r"(?:core\.(?:fsmonitor|sshcommand|editor|pager|askpass|gitproxy)|sequence\.editor|gpg\.(?:\w+\.)?program|pager\..*"
    r"|filter\..*\.(?:clean|smudge|process)|diff\.(?:external|.*\.(?:command|textconv))|merge\..*\.driver"
    r"|(?:diff|merge)tool\..*\.cmd|credential\.(?:.*\.)?helper|alias\..*|uploadpack\.packobjectshook"
    r"|remote\..*\.(?:uploadpack|receivepack|vcs)|submodule\..*\.update|interactive\.difffilter|sendemail\..*cmd)\Z"
)
_ALIASES: Final = re.compile(r"(?:alias\..*|credential\.(?:.*\.)?helper|submodule\..*\.update)\Z")
_HOOKS: Final = re.compile(r"(?:^|/)(?:\.husky|(?:\.git|[^/]+\.git)/hooks)/")
_FLAGS: Final = frozenset(("true", "false", "1", "0", "", "yes", "no"))
_FILLED: Final = re.compile(r"(?:(.*)/)?(?:objects|refs)/")
_ENTRY: Final = re.compile(r"^[ \t-]*(?:entry|run):[ \t]+([^\n]{2,1000})", re.MULTILINE)
_MOST: Final = 200


def hooks_of_git(manifest: Manifest) -> Iterator[Origin]:
    """A file below ``.git/hooks`` or ``.husky``."""
    if not manifest.name.endswith((".sample", ".md")) and "." not in manifest.name.lstrip("."):
        where = "husky" if "/.husky/" in f"/{manifest.place}" else "git"
        top = _HOOKS.split(manifest.path, maxsplit=1)[0]
        yield _file(manifest, f"{manifest.name}: {where} runs it", moment="git", dialect="shell", folder=top)


def bare_repositories(paths: Iterable[str]) -> frozenset[str]:
    """The ``config`` of every folder that git takes for a repository although none is called ``.git``."""
    heads: set[str] = set()
    filled: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == "HEAD":
            heads.add(folder)
        elif match := _FILLED.match(path):
            filled.add(match[1] or "")
    return frozenset(f"{folder}/config".lstrip("/") for folder in heads & filled if folder.rpartition("/")[2] != ".git")


def settings_of_bare(manifest: Manifest, files: ReleaseFiles) -> Iterator[Origin]:
    """The same of a repository without a ``.git``: whoever stands in its folder, or below it, starts these."""
    inside = folder_within(manifest)
    tree = next((value for key, value in _settings(manifest.text) if key == "core.worktree"), "")
    top = joined(inside, tree) if tree else inside
    yield from _programs(manifest, files, inside if top is None else top)


def settings_of_git(manifest: Manifest, files: ReleaseFiles) -> Iterator[Origin]:
    """Programs that a repository's own settings make git start, and hooks in the folder that they name."""
    top = manifest.path.rpartition("/.git/")[0] if "/.git/" in f"/{manifest.path}" else ""
    yield from _programs(manifest, files, "" if manifest.path.startswith(".git/") else top)


def _programs(manifest: Manifest, files: ReleaseFiles, top: str) -> Iterator[Origin]:
    for key, value in _settings(manifest.text):
        if key == "core.hookspath":
            folder = joined(top, value)
            for path in sorted(p for p in files.paths if folder and p.rpartition("/")[0] == folder)[:_MOST]:
                yield Origin(
                    moment="git", said=f"{key} = {value}", path=manifest.path, folder=top, file=path, dialect="shell"
                )
        elif _PROGRAMS.match(key) and value.lower() not in _FLAGS:
            if _ALIASES.match(key) and not value.startswith("!"):
                continue
            command = value.removeprefix("!")
            yield Origin(moment="git", said=f"{key} = {value}", path=manifest.path, folder=top, command=command)


def _settings(text: str) -> Iterator[tuple[str, str]]:
    """``core.fsmonitor`` and its value, in git's own form; at most 200."""
    section, given = "", 0
    for line in text.replace("\\\n", "").splitlines():
        if head := _SECTION.match(line):
            section = f"{head[1].lower()}.{head[2]}" if head[2] is not None else head[1].lower()
            line = head[3]  # noqa: PLW2901 - a setting may follow on the same line
        if (match := _SETTING.match(line)) and given < _MOST:
            given += 1
            yield f"{section}.{match[1].lower()}", _value(match[2])


def _value(text: str) -> str:
    if text.startswith('"'):
        text = text[1 : text.rfind('"')] if text.rfind('"') > 0 else text[1:]
    return text.replace('\\"', '"').replace("\\\\", "\\")


def hook_runners(manifest: Manifest) -> Iterator[Origin]:
    """Commands of pre-commit's own hooks and of lefthook: git runs them once they are installed."""
    for match in itertools.islice(_ENTRY.finditer(manifest.text), _MOST):
        command = match[1].strip().strip("\"'")
        said = f"{manifest.name}: {command}"
        yield Origin(moment="git", said=said, path=manifest.path, folder=folder_within(manifest), command=command)


def environment_of_folder(manifest: Manifest) -> Iterator[Origin]:
    """``.envrc``: direnv runs it for whoever has allowed it."""
    yield _file(
        manifest, ".envrc: direnv runs it on entering the folder, once allowed", moment="shell", dialect="shell"
    )


def builds(manifest: Manifest) -> Iterator[Origin]:
    """``build.rs``, a makefile, ``configure``."""
    match manifest.name.lower():
        case "build.rs":
            yield _file(manifest, "build.rs: cargo runs it to build", moment="build", dialect="rust")
        case "makefile" | "gnumakefile":
            yield _file(manifest, f"{manifest.name}: make runs it", moment="build", dialect="makefile")
        case name:
            yield _file(manifest, f"{name}: runs before a build", moment="build", dialect="shell")


def _file(manifest: Manifest, said: str, *, moment: str, dialect: str, folder: str | None = None) -> Origin:
    return Origin(
        moment=moment,
        said=said,
        path=manifest.path,
        folder=folder_within(manifest) if folder is None else folder,
        file=manifest.path,
        dialect=dialect,
    )

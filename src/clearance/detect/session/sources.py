"""Calls that set where packages and code come from from then on: registries, indexes, proxies, remotes."""

import re
from typing import Final

from clearance.detect.commands.destinations import published
from clearance.detect.session.calls import PATHS, Call
from clearance.detect.session.words import addresses, bounded, hosts
from clearance.model.session import SessionScope

_SETS: Final = {
    "npm": ("config set", "set", "c set"),
    "pnpm": ("config set", "set"),
    "yarn": ("config set",),
    "pip": ("config set",),
    "pip3": ("config set",),
    "poetry": ("source add", "config"),
    "gem": ("sources",),
    "bundle": ("config",),
    "go": ("env -w",),
    "git": ("config", "remote set-url"),
    "conda": ("config",),
    "composer": ("config",),
    "nuget": ("sources", "config"),
    "dotnet": ("nuget",),
    "helm": ("repo add",),
}
"""Programs, and how their words begin where they keep an address."""
_OPTIONS: Final = frozenset("--registry --index-url --extra-index-url --index --default-index --find-links -i".split())
_TAKING: Final = frozenset("npm pnpm yarn bun npx pip pip3 uv uvx pipx poetry".split())
_FILES: Final = re.compile(
    r"(?:^|[\\/\s\"'>=])(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|pip\.(?:conf|ini)|\.gitconfig|\.git[\\/]config|\.condarc|"
    r"nuget\.config|\.cargo[\\/]config(?:\.toml)?|bunfig\.toml|uv\.toml|\.curlrc|\.wgetrc|\.gemrc|\.m2[\\/]settings\.xml)"
    r"(?:$|[\s\"';|&)])",
    re.IGNORECASE,
)
"""Files that keep such addresses."""
_WRITING: Final = re.compile(r">|\btee\b|\bsed\b")
_WRITES: Final = re.compile(r"(?i)write|edit|create|patch|replace|insert|append")


def sources_set(call: Call | None, scope: SessionScope) -> str:
    """What of a call sets such an address, as text; nothing where all its hosts are publishers or trusted."""
    if call is None:
        return ""
    text = bounded(_of_command(call) if call.is_command else _of_file(call))
    trusted = frozenset(scope.trusted_hosts)
    strange = [host for host in hosts(text) if not published(f"https://{host}/", trusted)]
    return text if strange else ""


def _of_command(call: Call) -> str:
    whole = call.named("command", "cmd", "script")
    if _WRITING.search(whole) and _FILES.search(bounded(whole)):
        return whole
    return "\n".join(" ".join(line) for line in call.lines if _sets(line))


def _sets(line: tuple[str, ...]) -> bool:
    program, words = line[0], line[1:]
    if not addresses(" ".join(words)):
        return False
    begins = " ".join(words[:2])
    if any(begins == start or begins.startswith(f"{start} ") for start in _SETS.get(program, ())):
        return True
    return program in _TAKING and any(word.partition("=")[0] in _OPTIONS for word in words)


def _of_file(call: Call) -> str:
    paths = [text for name, text in call.texts if name in PATHS]
    if not _WRITES.search(call.name) or not any(_FILES.search(path[-200:]) for path in paths):
        return ""
    return "\n".join(text for name, text in call.texts if name not in PATHS)

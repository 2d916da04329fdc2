"""Commands that a package puts on the path under a name that people already use for something else."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.observe.static.supply.found import Found, Manifest

_COMMON: Final = frozenset(
    """ls cat cp mv rm ln mkdir chmod chown find grep sed awk sort xargs tar gzip unzip curl wget ssh scp sftp rsync nc
    sudo su doas login passwd sh bash zsh fish dash ksh env export which whoami id ps kill top crontab systemctl
    git gh glab svn hg node npm npx yarn pnpm bun deno corepack python python3 python2 pip pip3 pipx uv poetry conda
    ruby gem bundle perl php composer go cargo rustc rustup java javac mvn gradle gcc g++ cc clang make cmake ld
    docker podman kubectl helm terraform ansible vagrant aws gcloud az gsutil doctl heroku vercel
    mysql psql redis-cli sqlite3 mongo gpg openssl age pass security vi vim nvim nano emacs code open
    xdg-open""".split()
)
_SCOPED: Final = re.compile(r"@[\w.-]+/[\w.-]+\Z")
_ASSISTANTS: Final = frozenset(
    "claude codex gemini qwen opencode aider crush copilot kiro goose amp cline cursor".split()
)
_KNOWN: Final = _COMMON | _ASSISTANTS


def shadowed(manifest: Manifest, name: str, commands: Iterable[str], found: Found) -> None:
    """Add a fact for each command of another's name; a package that is called like its command takes no one's name.

    An assistant's name need only be part of the package's: they are all called ``something-cli`` or ``something-code``.
    """
    base = name.rpartition("/")[2].lower()
    own = {
        base,
        re.sub(r"[-_.]?(?:cli|js)\Z", "", base),
        *(word for word in re.split(r"[-_./@]", name) if word in _ASSISTANTS),
    }
    for command in commands:
        plain = _plain(command)
        if is_anothers(command) and plain not in own:
            found.facts.append(manifest.fact("shadows-command", name, f"installs a command called {plain}", command))


def is_anothers(command: str) -> bool:
    """Whether people already use the name for something else."""
    return _plain(command) in _KNOWN


def _plain(command: str) -> str:
    return command.strip().lower().removesuffix(".exe")


def outside(manifest: Manifest, name: str, commands: Iterable[tuple[str, str]], found: Found) -> None:
    """Add a fact for each command whose name, or whose program, lies outside of the folder that it is to lie in."""
    for command, target in commands:
        plain = command.removeprefix("@").partition("/")[2] if _SCOPED.match(command) else command
        if "/" in plain or "\\" in plain or plain in (".", ".."):
            detail = f"installs a command at {command}, outside of the folder of commands"
            found.facts.append(manifest.fact("command-outside", name, detail, command))
        elif target.startswith(("/", "~")) or ".." in target.replace("\\", "/").split("/"):
            detail = f"installs {command} as a link to {target}, outside of the package"
            found.facts.append(manifest.fact("command-outside", name, detail, target))

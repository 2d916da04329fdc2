"""What a user names on the command line, as a profile with a version or a local path.

``claude-code@2.1.112`` (a shipped profile), ``npm:@scope/name@1.2``, ``pypi:name@1.2`` (any package), ``./folder``,
``some.vsix``.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from clearance.intake.errors import SourceMissing
from clearance.intake.profiles import find_profile, load_profile
from clearance.model.profile import Profile, Source
from clearance.model.release import SourceType

_REGISTRIES = {"npm": SourceType.NPM, "pypi": SourceType.PYPI}
_NOT_DRIVEN = "It is looked into, not run: it has no profile that says how."


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a release comes from."""

    profile: Profile
    version: str | None
    path: Path | None


def target_of(named: str, profile: Path | None = None) -> Target:
    """What the user named. Raises ProfileError, SourceMissing, UnknownAssistant (all IntakeError)."""
    registry, colon, package = named.partition(":")
    if colon and registry in _REGISTRIES:
        name, version = split_version(package)
        return Target(profile=_package(registry, name), version=version, path=None)
    path = Path(named).expanduser()
    if _looks_local(named) or (path.exists() and "@" not in named):
        if not path.exists() and not path.is_symlink():
            raise SourceMissing(
                f"There is no folder or file {named}.",
                advice="Name one that exists, an assistant (`clearance profiles`), npm:PACKAGE or pypi:PACKAGE.",
            )
        return Target(profile=load_profile(profile) if profile else _local(path), version=None, path=path)
    name, version = split_version(named)
    return Target(profile=load_profile(profile) if profile else find_profile(name), version=version, path=None)


def split_version(named: str) -> tuple[str, str | None]:
    """``@scope/name@1.2`` to name and version; None where no version is named."""
    name, at, version = named.rpartition("@")
    return (name, version) if at and name else (named, None)


def _looks_local(named: str) -> bool:
    return named.startswith((".", "/", "~")) or "/" in named.partition("@")[0]


def _package(registry: str, name: str) -> Profile:
    return Profile(
        id=re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-") or "package",
        title=name,
        source=Source(type=_REGISTRIES[registry], name=name),
        gap=_NOT_DRIVEN,
    )


def _local(path: Path) -> Profile:
    name = path.absolute().name or "folder"  # resolving would fail on links that lead in a circle
    return Profile(
        id=re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-") or "folder",
        title=name,
        source=Source(type=SourceType.PATH),
        gap=_NOT_DRIVEN,
    )

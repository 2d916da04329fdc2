"""A release of an assistant: where it came from and what was inside."""

import enum

import msgspec

from clearance.model.ids import Digest


class SourceType(enum.StrEnum):
    """Where a release can come from."""

    NPM = "npm"
    PYPI = "pypi"
    PATH = "path"


class Artifact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One downloaded or given archive, checked against what its registry says of it."""

    name: str
    version: str
    url: str
    sha256: Digest
    size: int
    """Bytes."""
    integrity: str
    """The registry's own digest that was checked (``sha512-…`` or ``sha256:…``), empty for local sources."""
    published: str = ""
    """When the registry says it was published (ISO 8601), empty if unknown."""
    publisher: str = ""
    problems: tuple["Problem", ...] = ()
    """What was wrong in this archive."""


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something wrong in hostile or broken input, and what was done about it. Data, not an exception."""

    kind: str
    """``path-traversal``, ``link-outside``, ``bomb``, ``too-many-files``, ``bad-name``, ``special-file`` …"""
    path: str
    """The member's name as the archive gives it, made printable."""
    problem: str
    resolution: str


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a Tree."""

    path: str
    """Relative to the tree's root, ``/`` between parts."""
    size: int
    sha256: Digest
    executable: bool = False


class Release(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One build of one assistant: version, platform, digests, provenance."""

    assistant: str
    title: str
    version: str
    platform: str
    """``linux-x64`` and the like; ``any`` for a release without native code."""
    sha256: Digest
    """Digest of the release: of its one artifact, or of the sorted artifact digests when there are several."""
    source: SourceType
    artifacts: tuple[Artifact, ...]
    problems: tuple[Problem, ...] = ()
    install_scripts: tuple[str, ...] = ()
    """Scripts the package wants run at installation (``postinstall: node install.js``). Intake never runs them."""

"""A target: somebody who enforces, and what is compiled for them."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from clearance.model.ruling import Ruling
from clearance.policy.compile.clauses import Clause


class Platform(enum.StrEnum):
    """Where a file is meant to lie."""

    LINUX = "linux"
    MACOS = "macos"
    WINDOWS = "windows"


class How(enum.StrEnum):
    """What became of a clause."""

    ENFORCED = "enforced"
    PARTLY = "partly"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """What became of one clause at one target."""

    target: str
    clause: Clause
    how: How
    by: str
    """What enforces it: a key, a program, a list; empty where nothing does."""
    why: str
    """Why not wholly, or what it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledFile:
    """One file for devices."""

    name: str
    """Path below the target's folder in the output."""
    content: bytes
    paths: Mapping[Platform, str] = field(default_factory=dict)
    """Where it lies on a device. Empty: another system takes it, and its documentation says how."""
    mode: int = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What one target got."""

    files: tuple[CompiledFile, ...]
    coverage: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a compilation is for. ``helper_key`` is empty where no bundle will be signed: then there is no helper."""

    now: datetime
    audience: str = ""
    helper_key: str = ""
    """The public key that the bundle will be signed with, 64 hex characters."""
    interpreter: str = "/usr/bin/python3"
    """python3 on the devices."""
    version: str = ""
    """Of Clearance."""

    @property
    def with_helper(self) -> bool:
        """Whether our program and its bundle will be on the devices."""
        return bool(self.helper_key)


Compile = Callable[[tuple[Ruling, ...], Context], Compiled]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One target of ``clearance policy compile``."""

    id: str
    title: str
    tool: str
    """The tool whose rulings it carries; empty: those of every tool."""
    compile: Compile

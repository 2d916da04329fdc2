"""What one run stages: a value that the profile begins, factors change, and the room's keeper carries out."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from clearance.model.ids import FactorName, LevelName


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """A file that lies in the room before the assistant starts."""

    content: bytes
    mode: int = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A folder of the host, read-only in the room."""

    source: Path
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a room may use. Whatever reaches one is ended and recorded."""

    memory_mb: int = 2048
    processes: int = 256
    """Processes and threads together."""
    disk_mb: int = 256
    """Home, project and /tmp together."""
    wall_s: float = 60.0
    """For each session."""
    traffic_mb: int = 64
    """Bytes received from the room that are recorded; beyond it connections are closed."""
    connections: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """One sealed room as data, before it exists. Paths are paths inside the room."""

    command: tuple[str, ...]
    env: Mapping[str, str]
    files: Mapping[str, SeedFile] = field(default_factory=dict)
    """Absolute path in the room to content. Below ``home``, ``project``, ``/tmp`` and ``/etc`` only."""
    mounts: tuple[Mount, ...] = ()
    hostname: str = "workstation"
    username: str = "dev"
    user_id: int = 1000
    """User and group id inside the room, which own its files; 0 for tools that read settings of root's alone. It gives
    no privilege: capabilities are dropped either way."""
    home: str = "/home/dev"
    project: str = "/home/dev/project"
    """Working folder of the command."""
    timezone: str = "UTC"
    """IANA name: ``/etc/localtime`` and ``/etc/timezone``; the factor sets ``TZ`` too."""
    clock: str | None = None
    """Local wall clock that libfaketime stages (``2027-01-04 09:30:00``, running on from there); None: real time."""
    sessions: int = 1
    """How often the command is run, one after another, in the same home."""
    base_url: str | None = None
    """Custom base URL; None: the vendor's own host."""
    limits: Limits = Limits()

    def with_env(self, **changes: str | None) -> "Staging":
        """The same with variables set, or removed where the value is None."""
        env = {**self.env, **{k: v for k, v in changes.items() if v is not None}}
        for name, value in changes.items():
            if value is None:
                env.pop(name, None)
        return dataclasses.replace(self, env=MappingProxyType(env))

    def with_files(self, files: Mapping[str, SeedFile]) -> "Staging":
        """The same with files added or replaced."""
        return dataclasses.replace(self, files=MappingProxyType({**self.files, **files}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A value for a factor: how to stage it, and how a tool may say it openly."""

    name: LevelName
    stage: Callable[[Staging], Staging]
    renderings: tuple[str, ...] = ()
    """Plain ways to state this value (``Asia/Shanghai``, ``+08:00``, ``CST``): text that holds one of these says it
    in the open. Matched as whole words, case-sensitive, longest first."""
    alone: tuple[str, ...] = ()
    """Words that state this value where they are all that a line holds (``src`` in a listing) and nothing elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One thing about the environment that a run can vary."""

    name: FactorName
    why: str
    """One sentence: why an assistant has no business depending on it."""
    baseline: Level
    levels: tuple[Level, ...]
    """The other levels, the most telling first: a small budget takes them from the front."""
    order: int = 50
    """Factors are applied in this order, low first (``username`` moves the home before others put files there)."""
    gap: str = ""
    """Why it cannot be staged on this machine or with this release; then its levels are not run."""

    def level(self, name: LevelName) -> Level:
        """The level of that name. Raises KeyError."""
        for level in (self.baseline, *self.levels):
            if level.name == name:
                return level
        raise KeyError(name)

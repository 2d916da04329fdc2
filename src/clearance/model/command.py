"""What a command line does: capabilities, where data flows, and how that is judged."""

import enum
from dataclasses import dataclass


class Dialect(enum.StrEnum):
    """The language a command is written in."""

    BASH = "bash"
    """Also sh, zsh and dash."""
    POWERSHELL = "powershell"
    CMD = "cmd"
    PYTHON = "python"
    JAVASCRIPT = "javascript"


class CommandCapability(enum.StrEnum):
    """What a command can do to the machine or with its data."""

    READ = "read"
    WRITE = "write"
    UPLOAD = "upload"
    DOWNLOAD = "download"
    EXECUTE = "execute"
    PERSIST = "persist"
    ESCALATE = "escalate"
    DESTROY = "destroy"
    HIDE = "hide"
    """Also: switches off what would see it."""
    DISCOVER = "discover"
    COLLECT = "collect"
    """Screens, keystrokes, network traffic, other programs' memory."""


class SourceKind(enum.StrEnum):
    """Where a value comes from, as far as that matters."""

    SECRET = "secret"  # noqa: S105 - the name of a kind
    """A file or store that holds credentials."""
    ENVIRONMENT = "environment"
    """Environment variables: all of them, or one that is named like a secret."""
    PERSONAL = "personal"
    """Files of the user outside the project, and what the machine says about itself."""
    UNTRUSTED = "untrusted"
    """It was fetched from somewhere."""
    ENCODED = "encoded"
    """It was written down in a form that a reader cannot read."""


class SinkKind(enum.StrEnum):
    """Where a value ends."""

    NETWORK = "network"
    EXECUTION = "execution"
    PERSISTENCE = "persistence"
    DELETION = "deletion"


class CommandVerdict(enum.StrEnum):
    """What policy makes of a command."""

    ORDINARY = "ordinary"
    NOTABLE = "notable"
    """A person would want to see it in a list; it is not stopped."""
    REVIEW = "review"
    """Somebody should know why: it asks what developers do not ask, or things they seldom do come together."""
    DANGEROUS = "dangerous"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFlow:
    """One value on its way: where it was taken, what was done to it, where it ended."""

    source: SourceKind
    taken: str
    """Where it was taken: ``~/.ssh/id_ed25519``."""
    steps: tuple[str, ...]
    sink: SinkKind
    ended: str
    """Where it ended: the host, the program, the place."""

    @property
    def path(self) -> str:
        """The whole way on one line."""
        return " → ".join((self.taken, *self.steps, self.ended))


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSighting:
    """One thing that a command was seen to do."""

    capability: CommandCapability
    sentence: str
    weight: float
    """0 to 1: how seldom an honest command of a developer does it."""
    seen: str = ""
    """The part of the command, resolved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReading:
    """What was made of one command."""

    dialect: Dialect
    sightings: tuple[CommandSighting, ...]
    """The heaviest first."""
    flows: tuple[DataFlow, ...]
    verdict: CommandVerdict
    score: float
    """0 to 1; never less when something is added that weighs."""
    gaps: tuple[str, ...]
    """What could not be read, in sentences."""
    resolved: tuple[str, ...] = ()
    """Simple commands as they would run, in order, as far as known."""
    destinations: tuple[str, ...] = ()
    """Hosts that it names as ways in or out."""

    @property
    def capabilities(self) -> frozenset[CommandCapability]:
        """Everything it was seen to do."""
        return frozenset(s.capability for s in self.sightings)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences, the heaviest first."""
        return tuple(dict.fromkeys(s.sentence for s in self.sightings if s.weight > 0))

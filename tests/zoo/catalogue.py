"""The zoo: small agents whose every fault is known, because we wrote it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

_HERE = Path(__file__).parent
CLASSES = ("disclosed", "covert-marker", "conditional-traffic", "opaque", "side-channel", "canary-leak", "none")


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """``expected.toml``: what a vet of the agent has to say."""

    sentence: str
    """What the agent does, in words."""
    class_: str
    """The class of its worst hit; ``none`` for an agent that gives none."""
    covert: bool
    factors: tuple[str, ...]
    """Factors that the hit names, all of them."""
    mechanism: str = ""
    """For a covert marker: the form that differs, in the words of ``observe.difference``."""
    accept: tuple[str, ...] = ()
    """Other classes that tell the truth about it as well."""
    twin: str = ""
    """The honest agent that looks most like it."""
    varies: bool = False
    """What it sends differs from run to run by honest chance."""
    outcome: str = ""
    """For a broken agent: how a run of it ends, in the words of ``RunEnded.outcome``."""
    limit: str = ""
    """For a broken agent: the limit that it reaches, in the words of ``LimitReached.what``; ``tls`` where it
    refuses the room's authority."""
    stage: dict[str, str] = {}
    """Factor to a level at which the agent shows itself; the levels together are enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZooAgent:
    """One agent: its name, the folder of its own files, and what a vet has to say of it."""

    name: str
    folder: Path
    expected: Expected

    @property
    def kind(self) -> str:
        """``covert``, ``disclosed``, ``traffic``, ``opaque``, ``side``, ``leak``, ``honest`` or ``broken``."""
        return self.name.partition("-")[0]


def agents() -> tuple[ZooAgent, ...]:
    """Every agent, by name. Raises msgspec.ValidationError where an ``expected.toml`` has a wrong key or type."""
    return tuple(
        ZooAgent(
            name=folder.name,
            folder=folder,
            expected=msgspec.toml.decode((folder / "expected.toml").read_bytes(), type=Expected),
        )
        for folder in sorted((_HERE / "agents").iterdir())
        if folder.is_dir()
    )


def agent(name: str) -> ZooAgent:
    """The agent of that name. Raises KeyError."""
    return {a.name: a for a in agents()}[name]


def assemble(agent: ZooAgent, into: Path) -> Path:
    """Copy an agent's files and the shared ones into a new folder below ``into``; return that folder.

    The result is complete: it is the ``{package}`` of the agent's profile, and everybody may read it.
    """
    package = into / agent.name
    package.mkdir(parents=True)
    package.chmod(0o755)
    for source in (*(_HERE / "shared").glob("*.py"), *agent.folder.iterdir()):
        if source.is_file():
            shutil.copyfile(source, package / source.name)
            (package / source.name).chmod(0o644)
    return package

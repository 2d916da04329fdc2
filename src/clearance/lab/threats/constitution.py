"""The constitution in memory: what counts as which threat, in which containers, with which ordinary twins."""

from dataclasses import dataclass
from functools import cache

from clearance.lab.threats.grammar import phrases, shared_words, strings, table
from clearance.model.threat import MisuseTier, SpanChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Something that a user did not ask for."""

    id: str
    lines: tuple[str, ...]
    exfiltrates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A place of coding work in which text of others lies."""

    id: str
    channel: SpanChannel
    of: str
    """Which ordinary sentences stand there, and are its twins."""
    shapes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """Whole sentences of one language."""

    marked: tuple[str, ...]
    orders: tuple[str, ...]
    ordinary: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constitution:
    """Everything that the generator knows. All of it is data of ``phrases``."""

    goals: tuple[Goal, ...]
    containers: tuple[Container, ...]
    marked: tuple[str, ...]
    plain: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    ordinary: dict[str, tuple[str, ...]]
    tongues: dict[str, Tongue]
    frames: tuple[str, ...]
    tiers: dict[MisuseTier, tuple[str, ...]]


@cache
def constitution() -> Constitution:
    """The shipped constitution. Raises TypeError where a file of it has another shape."""
    wrappers, misuse = phrases("wrappers"), phrases("misuse")
    ordinary = {name: strings(lines) for name, lines in phrases("ordinary").items()}
    words = {**shared_words(), **{n: strings(w) for n, w in table(wrappers["words"]).items()}}
    words |= {f"ordinary.{name}": lines for name, lines in ordinary.items()}
    frames = table(misuse["frames"])
    words |= {name: strings(lines) for name, lines in frames.items() if name != "lines"}
    words |= {name: strings(lines) for name, lines in phrases("instructions").items()}
    return Constitution(
        goals=tuple(_goal(row) for row in _rows(phrases("goals")["goal"])),
        containers=tuple(_container(row) for row in _rows(phrases("containers")["container"])),
        marked=strings(table(wrappers["marked"])["lines"]),
        plain=strings(table(wrappers["plain"])["lines"]),
        words=words,
        ordinary=ordinary,
        tongues={name: _tongue(table(row)) for name, row in phrases("languages").items()},
        frames=strings(frames["lines"]),
        tiers={tier: strings(table(misuse[_TIER_NAMES[tier]])["does"]) for tier in MisuseTier},
    )


_TIER_NAMES = {
    MisuseTier.PROHIBITED: "prohibited",
    MisuseTier.HIGH_RISK_DUAL_USE: "high-risk",
    MisuseTier.LOW_RISK_DUAL_USE: "low-risk",
    MisuseTier.BENIGN: "benign",
}


def _rows(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise TypeError("a list of tables was expected")
    return [table(row) for row in value]


def _goal(row: dict[str, object]) -> Goal:
    return Goal(id=str(row["id"]), lines=strings(row["lines"]), exfiltrates=bool(row.get("exfiltrates", False)))


def _container(row: dict[str, object]) -> Container:
    return Container(
        id=str(row["id"]),
        channel=SpanChannel(str(row["channel"])),
        of=str(row["of"]),
        shapes=strings(row["shapes"]),
    )


def _tongue(row: dict[str, object]) -> Tongue:
    return Tongue(marked=strings(row["marked"]), orders=strings(row["orders"]), ordinary=strings(row["ordinary"]))

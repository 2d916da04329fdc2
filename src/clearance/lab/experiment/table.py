"""The table of the experiment: rows seen so far, and which deviation each of them shows."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from clearance.model.ids import Digest, FactorName, LevelName, RunId
from clearance.observe.behaviour.deviation import Deviation
from clearance.observe.behaviour.places import LOOKUPS, PRESENT, TALK, is_spoken
from clearance.observe.difference import Shown

Feature = int
"""Index of one deviation that rows can share."""

_KEPT = 6
"""Exemplars kept of one feature, each with another staged text."""
_TURN = re.compile(r"^model:(?:turn-\d+|aside)(?: #\d+)?")
RARE = 2
NO_TALK = f"{TALK}{PRESENT}"
"""Place of a conversation that is not held."""
_EXCERPT = 6000
"""Characters kept of an exemplar's texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """One session of one run, reduced to what it shows."""

    run: RunId
    phase: str
    session: int
    levels: Mapping[FactorName, LevelName]
    shows: frozenset[Feature]
    trace: Digest
    usable: bool
    """False when the room failed or nothing began: nothing can be compared."""
    talks: bool = True
    """False when it said nothing to the model: what it sent elsewhere is compared, a conversation is not."""


@dataclass(slots=True)
class FeatureInfo:
    """What a feature is, with exemplars."""

    deviation: Deviation
    exemplars: list[tuple[Deviation, RunId, Digest, Mapping[FactorName, LevelName]]] = field(default_factory=list)


class Table:
    """Rows and features; grows during a campaign."""

    def __init__(self) -> None:
        self.rows: list[SeenRow] = []
        self.features: list[FeatureInfo] = []
        self._index: dict[tuple[str, str], Feature] = {}

    def feature(
        self, deviation: Deviation, run: RunId, trace: Digest, levels: Mapping[FactorName, LevelName]
    ) -> Feature:
        """The feature of a deviation, made at its first sight; new texts of it become exemplars."""
        index = self._index.get(deviation.key)
        if index is None:
            index = self._index[deviation.key] = len(self.features)
            self.features.append(FeatureInfo(_cut(deviation)))
        info = self.features[index]
        if len(info.exemplars) < _KEPT and all(e[0].staged != deviation.staged for e in info.exemplars):
            info.exemplars.append((_cut(deviation), run, trace, levels))
        return index

    def add(
        self,
        deviations: Iterable[Deviation],
        *,
        run: RunId,
        phase: str,
        session: int,
        levels: Mapping[FactorName, LevelName],
        trace: Digest,
        usable: bool,
        talks: bool = True,
    ) -> SeenRow:
        """Record one row."""
        shows = frozenset(self.feature(d, run, trace, levels) for d in deviations) if usable else frozenset()
        row = SeenRow(
            run=run, phase=phase, session=session, levels=levels, shows=shows, trace=trace, usable=usable, talks=talks
        )
        self.rows.append(row)
        return row

    def in_phase(self, *phases: str) -> tuple[SeenRow, ...]:
        """Rows of these phases that hold a conversation."""
        return tuple(r for r in self.rows if r.phase in phases and r.usable and r.talks)

    def said(self, feature: Feature) -> tuple[str, str]:
        """Place and label, whatever the turn: a marker that stands in every turn is one."""
        deviation = self.features[feature].deviation
        return _TURN.sub("model", deviation.place), deviation.label

    def spoken(self, features: Iterable[Feature]) -> bool:
        """Whether the features are part of a conversation: rows without one say nothing about them."""
        places = {self.features[f].deviation.place for f in features}
        return any(map(is_spoken, places)) and NO_TALK not in places


def _cut(deviation: Deviation) -> Deviation:
    if len(deviation.baseline) <= _EXCERPT and len(deviation.staged) <= _EXCERPT:
        return deviation
    return replace(deviation, baseline=deviation.baseline[:_EXCERPT], staged=deviation.staged[:_EXCERPT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Features that the same rows show: whatever explains one explains all."""

    features: tuple[Feature, ...]
    rows: frozenset[int]
    """Indices into ``Table.rows``."""
    timed: bool = False
    """True when all hang on time (pauses, connections used, order of look-ups): their noise is the machine's."""
    spoken: bool = False
    """True when one of them is part of the conversation: rows without one say nothing."""

    def told_by(self, row: SeenRow) -> bool:
        """Whether a row can say anything about the group."""
        return row.usable and (row.talks or not self.spoken)


def groups(table: Table, rows: Sequence[int], *, volatile: Collection[str] = ()) -> tuple[Group, ...]:
    """Features never seen in a baseline row, grouped by the set of rows that show them, the largest groups first.

    Statements (values said in the open) are left out: they are tested on their own. So are differences seen in at most
    ``RARE`` rows in requests that vary by themselves: one more accident cannot be told from a signal there.
    """
    noisy = {f for r in table.rows if r.phase == "baseline" for f in r.shows}
    members: dict[frozenset[int], list[Feature]] = {}
    holders: dict[Feature, set[int]] = {}
    for index in rows:
        for feature in table.rows[index].shows - noisy:
            holders.setdefault(feature, set()).add(index)
    for feature, held in holders.items():
        deviation = table.features[feature].deviation
        rare = len(held) <= RARE and deviation.place.partition(" > ")[0] in volatile
        if deviation.shown is not Shown.STATED and not rare:
            members.setdefault(frozenset(held), []).append(feature)
    found = [
        Group(
            features=tuple(fs),
            rows=held,
            timed=all(_hangs_on_time(table.features[f].deviation) for f in fs),
            spoken=table.spoken(fs),
        )
        for held, fs in members.items()
    ]
    return tuple(sorted(found, key=lambda g: (g.timed, -len(g.rows), -len(g.features))))


def _hangs_on_time(deviation: Deviation) -> bool:
    return deviation.place == LOOKUPS or bool({"time", "connections"} & set(deviation.mechanisms))


def statements(table: Table) -> Iterator[tuple[Feature, FactorName]]:
    """Features that say a staged value in the open, with each factor they say."""
    for index, info in enumerate(table.features):
        factors = {f for d, *_ in info.exemplars for f in d.states}
        yield from ((index, FactorName(f)) for f in sorted(factors))

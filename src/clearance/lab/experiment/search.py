"""From suspicion to the smallest trigger.

1. Every group of deviations gets a representative row, the one with the fewest changed factors.
2. A factor that goes closely with the group is tried alone. Where that does not show the group, the whole row runs
   again: what does not come back is noise and is dropped (and counted); of the rest likely factors are tried alone.
3. What no single factor explains is tried in pairs, then reduced by delta debugging (Zeller 2002).
4. A trigger that does not go with its group over all rows seen so far showed it by accident, and is dropped as well.
5. Rows of the group that the trigger cannot explain start the search again.

Cells are run once and shared: one run answers for every group.
"""

import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from clearance.lab.experiment.design import baseline_levels
from clearance.lab.experiment.statistics import exact_p
from clearance.lab.experiment.table import Group, SeenRow, Table
from clearance.lab.staging import Factor
from clearance.model.ids import FactorName, LevelName

Changes = frozenset[tuple[FactorName, LevelName]]
"""Levels that differ from the baseline."""

Ranked = tuple[tuple[FactorName, LevelName], ...]
"""Changes, the likeliest first."""

RunCells = Callable[[Sequence[Mapping[FactorName, LevelName]]], Awaitable[Sequence[SeenRow | None]]]
"""Runs cells side by side; for each the row of its last session, or None when it could not be used."""

SINGLES = 3
"""Factors tried alone for each group before anything else."""
PAIR_FACTORS = 4
"""Factors whose pairs are tried next."""
CLOSE_P = 0.001
"""A factor that goes with a group so closely is tried alone before anything else."""
EVIDENCE_P = 0.02
"""How closely, at least, a trigger goes with its group over everything that was seen."""
TIMED_P = 0.002
"""Pauses vary with the machine: only a close association is followed up."""
MAX_GROUPS = 60
"""Groups followed up; the rest is reported as a gap."""


@dataclass(slots=True, kw_only=True)
class Suspect:
    """A group on its way to a trigger."""

    group: Group
    rows: frozenset[int]
    """Rows of the group that are still to be explained."""
    changes: Changes
    """The representative row's changes."""
    ranked: Ranked
    closeness: float
    """How closely the first of them goes with the group, as a p-value."""
    trigger: Changes | None = None
    reproduced: bool | None = None


@dataclass(slots=True)
class SearchResult:
    """What the search found."""

    triggers: dict[Changes, list[Group]] = field(default_factory=dict)
    not_reproduced: int = 0
    not_followed: int = 0


class Search:
    """One search over the groups of a screening."""

    def __init__(self, table: Table, factors: Sequence[Factor], run_cells: RunCells, screen: Sequence[int]) -> None:
        self.table = table
        self.baseline = baseline_levels(factors)
        self.run_cells = run_cells
        self.screen = tuple(screen)
        self.known: dict[Changes, SeenRow | None] = {}
        self.chosen: set[int] = set()
        """Rows that represent a group; another group that holds one is represented by it too: cells are shared."""
        self.result = SearchResult()

    async def find(self, groups: Sequence[Group], *, max_groups: int = MAX_GROUPS) -> SearchResult:
        """The smallest triggers of the groups."""
        self.result.not_followed = max(0, len(groups) - max_groups)
        pending = [s for g in groups[:max_groups] if (s := self._suspect(g, g.rows)) is not None]
        for _ in range(4):
            if not pending:
                break
            await self._explain(pending)
            pending = self._settle(pending)
        self._share()
        return self.result

    async def _explain(self, wave: Sequence[Suspect]) -> None:
        self._recall(wave)
        await self._singles([s for s in wave if s.trigger is None])
        self._recall(wave)
        await self._pairs([s for s in wave if s.trigger is None and s.reproduced])
        for suspect in wave:
            self._recall([suspect])
            if suspect.trigger is None and suspect.reproduced:
                suspect.trigger = await self._reduce(suspect)

    def _recall(self, wave: Sequence[Suspect]) -> None:
        """Triggers among the cells that were run already: the smallest that shows the group."""
        for suspect in wave:
            if suspect.trigger is not None:
                continue
            likely = {f for f, _ in suspect.ranked}
            cells = sorted((c for c in self.known if 1 <= len(c) <= 2 and {f for f, _ in c} <= likely), key=len)
            small = (c for c in cells if self._shows(suspect.group, c) and self._is_needed(suspect.group, c))
            suspect.trigger = next(small, None)

    def _is_needed(self, group: Group, cell: Changes) -> bool:
        """Whether each single level of the cell was run and does not show the group by itself."""
        parts = [frozenset([change]) for change in cell] if len(cell) > 1 else []
        return all(part in self.known and not self._shows(group, part) for part in parts)

    def changes(self, levels: Mapping[FactorName, LevelName]) -> Changes:
        """The part of a cell that is not the baseline."""
        return frozenset((f, lv) for f, lv in levels.items() if self.baseline.get(f) != lv)

    def _suspect(self, group: Group, rows: frozenset[int]) -> Suspect | None:
        shared = [i for i in rows if i in self.chosen]
        row = min(shared or rows, key=lambda i: (len(self.changes(self.table.rows[i].levels)), i))
        self.chosen.add(row)
        changes = self.changes(self.table.rows[row].levels)
        scored = sorted((self._association(group, f, lv), f, lv) for f, lv in changes)
        if not scored or (group.timed and scored[0][0] > TIMED_P):
            return None
        ranked = tuple((f, lv) for _, f, lv in scored)
        return Suspect(group=group, rows=rows, changes=changes, ranked=ranked, closeness=scored[0][0])

    def _association(self, group: Group, factor: FactorName, level: LevelName) -> float:
        """How closely the group goes with this level, or with any change of this factor: the smaller p, generously."""
        screen = frozenset(i for i in self.screen if group.told_by(self.table.rows[i]))
        at_level = {i for i in screen if self.table.rows[i].levels.get(factor) == level}
        off_base = {i for i in screen if self.table.rows[i].levels.get(factor) != self.baseline[factor]}
        levels = len({self.table.rows[i].levels.get(factor) for i in screen})
        return min(_closeness(group, at_level, screen) * levels, _closeness(group, off_base, screen))

    def _evidence(self, group: Group, trigger: Changes) -> float:
        """How closely the group goes with the trigger, or with any change of its factors, over every usable row."""
        seen = [(self.changes(row.levels), shows(group, row)) for row in self.table.rows if group.told_by(row)]
        factors = {f for f, _ in trigger}
        at_levels = [trigger <= changes for changes, _ in seen]
        off_base = [factors <= {f for f, _ in changes} for changes, _ in seen]
        return min(_together([shown for _, shown in seen], inside) for inside in (at_levels, off_base))

    def _share(self) -> None:
        """Let one trigger stand for all groups that its cell shows, where several have the same factors.

        So may a level that is going to be run anyway, to compare a trigger of several levels with.
        """
        found = self.result.triggers
        for trigger in sorted(found, key=lambda t: (len(found[t]), sorted(t))):
            factors = {f for f, _ in trigger}
            controls = [frozenset([change]) for t in sorted(found, key=sorted) if len(t) == 2 for change in sorted(t)]
            others = [t for t in (*found, *controls) if t != trigger and {f for f, _ in t} == factors]
            homes = [next((t for t in others if self._shows(g, t)), None) for g in found[trigger]]
            if all(home is not None for home in homes):
                for group, home in zip(found.pop(trigger), homes, strict=True):
                    if home is not None and group not in found.setdefault(home, []):
                        found[home].append(group)

    async def _ensure(self, cells: Sequence[Changes]) -> None:
        missing = [c for c in dict.fromkeys(cells) if c not in self.known]
        rows = await self.run_cells([{**self.baseline, **dict(c)} for c in missing])
        self.known.update(zip(missing, rows, strict=True))

    def _shows(self, group: Group, cell: Changes) -> bool:
        row = self.known.get(cell)
        return row is not None and shows(group, row)

    async def _singles(self, pending: Sequence[Suspect]) -> None:
        close = [(s, s.ranked[:1]) for s in pending if s.closeness <= CLOSE_P]
        # Rooms run side by side: the whole rows of the others do not wait for these.
        await self._ensure([*_cells(close), *(s.changes for s in pending if s.closeness > CLOSE_P)])
        await self._alone(close)
        self._recall(pending)
        open_ = [s for s in pending if s.trigger is None]
        await self._ensure([s.changes for s in open_])
        for suspect in open_:
            suspect.reproduced = self._shows(suspect.group, suspect.changes)
        await self._alone([(s, s.ranked[:SINGLES]) for s in open_ if s.reproduced])

    async def _alone(self, suspects: Sequence[tuple[Suspect, Ranked]]) -> None:
        """Try changes one by one; the first of them that shows the group is its trigger."""
        await self._ensure(_cells(suspects))
        for suspect, changes in suspects:
            alone = (frozenset([change]) for change in changes)
            suspect.trigger = next((cell for cell in alone if self._shows(suspect.group, cell)), None)

    async def _pairs(self, pending: Sequence[Suspect]) -> None:
        # A row that stands alone says nothing about which factors belong together: delta debugging is cheaper then.
        several = [s for s in pending if len(s.rows) > 1]
        for with_likeliest in (True, False):
            open_ = [s for s in several if s.trigger is None]
            pairs = {id(s): _pairs(s.ranked[:PAIR_FACTORS], with_first=with_likeliest) for s in open_}
            await self._ensure([p for s in open_ for p in pairs[id(s)]])
            for suspect in open_:
                for pair in pairs[id(suspect)]:
                    if suspect.trigger is None and self._shows(suspect.group, pair):
                        suspect.trigger = await self._without_excess(suspect, pair)

    async def _without_excess(self, suspect: Suspect, cell: Changes) -> Changes:
        """Drop members that are not needed, one at a time."""
        for change in sorted(cell):
            smaller = cell - {change}
            if smaller:
                await self._ensure([smaller])
                if self._shows(suspect.group, smaller):
                    return await self._without_excess(suspect, smaller)
        return cell

    async def _reduce(self, suspect: Suspect) -> Changes:
        """Delta debugging over the representative row's changes; every returned member is needed."""
        current, pieces = list(suspect.ranked), 2
        while len(current) >= 2:
            step = -(-len(current) // pieces)
            parts = [current[i : i + step] for i in range(0, len(current), step)]
            rests = [[c for c in current if c not in part] for part in parts]
            await self._ensure([frozenset(p) for p in (*parts, *rests) if p])
            smaller = next((p for p in (*parts, *rests) if p and self._shows(suspect.group, frozenset(p))), None)
            if smaller is not None and len(smaller) < len(current):
                current, pieces = smaller, max(2, pieces - 1)
            elif pieces >= len(current):
                break
            else:
                pieces = min(len(current), pieces * 2)
        return frozenset(current)

    def _settle(self, pending: Sequence[Suspect]) -> list[Suspect]:
        """Keep what was found; what a trigger leaves unexplained goes on."""
        again: list[Suspect] = []
        for suspect in pending:
            if suspect.trigger is None or self._evidence(suspect.group, suspect.trigger) > EVIDENCE_P:
                self.result.not_reproduced += 1
                continue
            found = self.result.triggers.setdefault(suspect.trigger, [])
            if suspect.group not in found:
                found.append(suspect.group)
            names = {f for f, _ in suspect.trigger}
            rest = frozenset(
                i for i in suspect.rows if not names <= {f for f, _ in self.changes(self.table.rows[i].levels)}
            )
            if rest and (more := self._suspect(suspect.group, rest)) is not None:
                again.append(more)
        return again


def _closeness(group: Group, inside: set[int], screen: frozenset[int]) -> float:
    shown = len(group.rows & inside)
    return exact_p(shown, len(inside), len(group.rows & screen) - shown, len(screen) - len(inside))


def _pairs(ranked: Ranked, *, with_first: bool) -> list[Changes]:
    """Pairs that hold the likeliest change, or the others."""
    return [frozenset(p) for p in itertools.combinations(ranked, 2) if (p[0] == ranked[0]) is with_first]


def _cells(suspects: Sequence[tuple[Suspect, Ranked]]) -> list[Changes]:
    return [frozenset([change]) for _, changes in suspects for change in changes]


def _together(shown: Sequence[bool], inside: Sequence[bool]) -> float:
    both = sum(s and i for s, i in zip(shown, inside, strict=True))
    return exact_p(both, sum(inside), sum(shown) - both, len(shown) - sum(inside)) if any(inside) else 1.0


def shows(group: Group, row: SeenRow) -> bool:
    """Whether a row shows a group: at least half of its features."""
    return 2 * len(row.shows.intersection(group.features)) >= len(group.features)

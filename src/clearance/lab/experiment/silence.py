"""Runs that said nothing to the model: explained by a confirmed trigger, by chance, or not at all.

1. A confirmed trigger after which the conversation is not held explains every silent run that stages its factors.
2. Any other silent run is repeated. What talks in every repetition was silent by chance, whatever was staged.
3. What stays silent, or was not repeated, nobody has explained: the verdict must not be clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearance.lab.experiment.confirm import Tested
from clearance.lab.experiment.search import Changes, RunCells
from clearance.lab.experiment.table import NO_TALK, SeenRow, Table
from clearance.lab.staging import Factor
from clearance.model.ids import FactorName, LevelName

REPEATED = 8
"""Cells that are repeated, those with the fewest changes first."""
TIMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How the silent runs of a campaign came about."""

    explained: Mapping[FactorName, tuple[LevelName, ...]]
    """Factors of confirmed triggers, with the levels under which no run talked to the model."""
    by_chance: int = 0
    """Silent runs whose repetition talked, and silent runs with nothing staged."""
    unexplained: int = 0
    suspects: tuple[FactorName, ...] = ()
    """Factors that stood at another level in every unexplained run; where there is none, in most of them."""


NO_SILENCE = Silence(explained={})


async def explain_silence(table: Table, tested: Sequence[Tested], factors: Sequence[Factor], run: RunCells) -> Silence:
    """What the silent rows seen so far come from. ``run`` runs cells again, outside of every test."""
    baseline = {f.name: f.baseline.name for f in factors if not f.gap}
    names = [frozenset(f for f, _ in t.hypothesis.trigger) for t in tested if t.confirmed and _silences(table, t)]

    def changes(row: SeenRow) -> Changes:
        return frozenset((f, lv) for f, lv in row.levels.items() if baseline.get(f) != lv)

    silent = [changes(row) for row in table.rows if not row.talks]
    left = [c for c in silent if not any(n <= {f for f, _ in c} for n in names)]
    chance = await _talk_again([c for c in left if c], baseline, run)
    open_ = [c for c in left if c and c not in chance]
    return Silence(
        explained=_levels(table, frozenset().union(*names), factors),
        by_chance=len(left) - len(open_),
        unexplained=len(open_),
        suspects=_suspects(open_),
    )


def _silences(table: Table, test: Tested) -> bool:
    return any(table.features[f].deviation.place == NO_TALK for f in test.features)


async def _talk_again(
    silent: Sequence[Changes], baseline: Mapping[FactorName, LevelName], run: RunCells
) -> frozenset[Changes]:
    """Cells that talk every time when they are repeated."""
    cells = sorted(dict.fromkeys(silent), key=lambda c: (len(c), sorted(c)))[:REPEATED]
    rows = await run([{**baseline, **dict(cell)} for cell in cells for _ in range(TIMES)])
    talked = [row is not None and row.talks for row in rows]
    return frozenset(c for n, c in enumerate(cells) if all(talked[n * TIMES : (n + 1) * TIMES]))


def _levels(
    table: Table, names: frozenset[FactorName], factors: Sequence[Factor]
) -> dict[FactorName, tuple[LevelName, ...]]:
    """Levels of these factors that stood in silent rows only."""
    found: dict[FactorName, tuple[LevelName, ...]] = {}
    for factor in (f for f in factors if f.name in names):
        talks: dict[LevelName, bool] = {}
        for row in table.rows:
            level = row.levels.get(factor.name, factor.baseline.name)
            talks[level] = talks.get(level, False) or row.talks
        found[factor.name] = tuple(lv.name for lv in factor.levels if talks.get(lv.name) is False)
    return found


def _suspects(silent: Sequence[Changes]) -> tuple[FactorName, ...]:
    named = [{f for f, _ in cell} for cell in silent]
    if not named:
        return ()
    shared = set.intersection(*named)
    counts = {f: sum(f in each for each in named) for f in set().union(*named)}
    most = max(counts.values())
    return tuple(sorted(shared or {f for f, n in counts.items() if n == most}))

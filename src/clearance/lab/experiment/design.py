"""Which cells to run: baseline replicates, and a screening design in which every run serves every factor.

Screening stacks covering arrays of strength two over coarse levels (baseline or one of a few slots for changed
levels), so that every pair of factors is seen together in every combination of slots; the slots are then filled with
the factors' own levels in turn, most telling first. Everything follows from the seed.
"""

import random
from collections.abc import Iterator, Mapping, Sequence

from allpairspy import AllPairs

from clearance.lab.staging import Factor
from clearance.model.ids import FactorName, LevelName

Levels = Mapping[FactorName, LevelName]
"""One cell: every staged factor to its level."""

MANY = 6
"""A factor with at least so many levels stands at its baseline in fewer rows, so that more levels are seen."""


def baseline_levels(factors: Sequence[Factor]) -> dict[FactorName, LevelName]:
    """Every factor at its baseline."""
    return {f.name: f.baseline.name for f in factors if not f.gap}


def screening(factors: Sequence[Factor], *, rows: int, seed: int) -> tuple[dict[FactorName, LevelName], ...]:
    """At least ``rows`` cells, whole covering arrays of strength two; the same for the same seed.

    The last array is cut at ``rows`` once every pair has been seen in the first one.
    """
    staged = [f for f in factors if not f.gap and f.levels]
    if not staged or rows <= 0:
        return ()
    chooser = random.Random(seed)  # noqa: S311 - a design, not a secret
    turns = {f.name: _turns(f) for f in staged}
    cells: list[dict[FactorName, LevelName]] = []
    while len(cells) < rows:
        block = _covering_block(staged, chooser)
        room = max(rows - len(cells), 0) if cells else len(block)
        cells.extend(_fill(factors, slots, turns) for slots in block[:room])
    return tuple(cells)


def _covering_block(staged: Sequence[Factor], chooser: random.Random) -> list[dict[FactorName, int]]:
    """Rows of slots, 0 for the baseline; factors and slots are shuffled so that stacked blocks differ."""
    order = list(staged)
    chooser.shuffle(order)
    slots = {f.name: _slots(f) for f in order}
    for values in slots.values():
        chooser.shuffle(values)
    if len(order) == 1:
        return [{order[0].name: v} for v in slots[order[0].name]]
    rows = [dict(zip((f.name for f in order), row, strict=True)) for row in AllPairs([slots[f.name] for f in order])]
    chooser.shuffle(rows)
    return rows


def _slots(factor: Factor) -> list[int]:
    """0 and below is the baseline: a factor with one other level stands at it in a quarter of the rows only.

    That level is a second session, which costs as much again.
    """
    if len(factor.levels) == 1:
        return [-2, -1, 0, 1]
    return [0, *range(1, (2 if len(factor.levels) < MANY else 3) + 1)]


def _turns(factor: Factor) -> Iterator[LevelName]:
    while True:
        yield from (level.name for level in factor.levels)


def _fill(
    factors: Sequence[Factor], slots: Mapping[FactorName, int], turns: Mapping[FactorName, Iterator[LevelName]]
) -> dict[FactorName, LevelName]:
    cell = baseline_levels(factors)
    for name, slot in slots.items():
        if slot > 0:
            cell[name] = next(turns[name])
    return cell


def changed(levels: Levels, factors: Sequence[Factor]) -> dict[FactorName, LevelName]:
    """The levels of a cell that are not the baseline's."""
    base = baseline_levels(factors)
    return {name: level for name, level in levels.items() if base.get(name) != level}

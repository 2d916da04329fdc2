"""Screening cells: every pair of slots together, every factor and level in its turn, the same for the same seed."""

import itertools
from collections import Counter

import pytest
from synthetic import FACTORS, factor

from clearance.lab.experiment.design import MANY, baseline_levels, changed, screening
from clearance.lab.staging import Factor

MANY_LEVELS = factor("many", *(f"level {i}" for i in range(2 * MANY)), baseline="none")


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_of_factors_is_seen_in_every_combination_of_changed_and_not(seed: int) -> None:
    cells = screening(FACTORS, rows=1, seed=seed)
    base = baseline_levels(FACTORS)
    for one, other in itertools.combinations(FACTORS, 2):
        seen = {(c[one.name] != base[one.name], c[other.name] != base[other.name]) for c in cells}
        assert seen == {(False, False), (False, True), (True, False), (True, True)}, (one.name, other.name)


@pytest.mark.parametrize("rows", [30, 40, 61])
def test_as_many_cells_as_were_asked_for_once_all_pairs_are_seen(rows: int) -> None:
    assert len(screening(FACTORS, rows=rows, seed=1)) == rows


def test_fewer_cells_than_a_covering_array_needs_are_not_given() -> None:
    assert len(screening(FACTORS, rows=1, seed=1)) == len(screening(FACTORS, rows=2, seed=1)) > 2


def test_the_same_seed_gives_the_same_cells_and_another_seed_others() -> None:
    assert screening(FACTORS, rows=40, seed=3) == screening(FACTORS, rows=40, seed=3)
    assert screening(FACTORS, rows=40, seed=3) != screening(FACTORS, rows=40, seed=4)


def test_every_level_of_every_factor_is_staged_when_there_is_room() -> None:
    cells = screening(FACTORS, rows=40, seed=1)
    for f in FACTORS:
        assert {c[f.name] for c in cells} == {f.baseline.name, *(lv.name for lv in f.levels)}


def test_levels_take_turns_the_most_telling_first() -> None:
    cells = screening((MANY_LEVELS, *FACTORS), rows=40, seed=1)
    counts = Counter(c[MANY_LEVELS.name] for c in cells)
    staged = [counts[lv.name] for lv in MANY_LEVELS.levels]
    assert max(staged) - min(staged) <= 1
    assert staged == sorted(staged, reverse=True)


def test_a_factor_with_a_gap_or_without_levels_is_not_varied() -> None:
    gap = Factor(name=FACTORS[0].name, why="w", baseline=FACTORS[0].baseline, levels=FACTORS[0].levels, gap="missing")
    bare = factor("bare", baseline="only")
    cells = screening((gap, bare, *FACTORS[1:]), rows=20, seed=1)
    assert all(gap.name not in c for c in cells)
    assert all(c[bare.name] == "only" for c in cells)


def test_one_factor_alone_is_varied_too_and_none_gives_no_cell() -> None:
    cells = screening(FACTORS[:1], rows=9, seed=1)
    assert len(cells) == 9
    assert len({c[FACTORS[0].name] for c in cells}) == 5
    assert screening((), rows=9, seed=1) == ()
    assert screening(FACTORS, rows=0, seed=1) == ()


def test_what_a_cell_changes_is_told_without_its_baseline_levels() -> None:
    cell = {**baseline_levels(FACTORS), FACTORS[0].name: FACTORS[0].levels[0].name}
    assert changed(cell, FACTORS) == {FACTORS[0].name: FACTORS[0].levels[0].name}

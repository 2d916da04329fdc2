"""Recall at a budget: thresholds from ordinary windows alone, each family counting the same."""

import numpy as np

from clearance.lab.threats.measuring import curve, operating_point, threshold_for

ORDINARY = np.arange(1000, dtype=np.float64)


def test_the_threshold_lets_the_budget_through() -> None:
    limit = threshold_for(ORDINARY, 1.0)
    assert (limit < ORDINARY).mean() == 0.01


def test_each_family_counts_the_same_however_many_rows_it_has() -> None:
    attacks = {"few": np.array([2_000.0]), "many": np.zeros(500)}
    point = operating_point(ORDINARY, ORDINARY, attacks, 1.0, seed=1)
    assert point.macro == 0.5
    assert {row.family: row.flagged for row in point.families} == {"few": 1.0, "many": 0.0}
    assert point.alarms == 0.01


def test_intervals_hold_the_estimate_and_narrow_with_more_rows() -> None:
    some = np.array([0.0, 2_000.0] * 10)
    few = operating_point(ORDINARY, ORDINARY, {"a": some}, 1.0, seed=1).families[0]
    many = operating_point(ORDINARY, ORDINARY, {"a": np.tile(some, 50)}, 1.0, seed=1).families[0]
    assert few.low <= few.flagged <= few.high
    assert many.high - many.low < few.high - few.low


def test_a_curve_never_falls_with_more_alarms_allowed() -> None:
    attacks = {"a": np.random.default_rng(1).normal(900, 200, 300)}
    found = [point.macro for point in curve(ORDINARY, attacks, (0.1, 1.0, 5.0, 20.0))]
    assert found == sorted(found)

"""Exact tests against the definition, counted out."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.lab.experiment.statistics import (
    FAMILY_WISE_ERROR,
    FIRST_LOOK,
    SECOND_LOOK,
    STATED,
    exact_p,
    holm,
    runs_needed,
    smallest_p,
)


def counted(shown_with: int, with_n: int, shown_without: int, without_n: int) -> Fraction:
    """Every way to call ``with_n`` of the runs the ones with the trigger, counted."""
    outcomes = [1] * (shown_with + shown_without) + [0] * (with_n + without_n - shown_with - shown_without)
    picks = list(itertools.combinations(range(with_n + without_n), with_n))
    return Fraction(sum(sum(outcomes[i] for i in pick) >= shown_with for pick in picks), len(picks))


@pytest.mark.parametrize(("with_n", "without_n"), [(1, 1), (2, 3), (3, 3), (4, 4), (3, 6), (5, 4)])
def test_the_exact_p_value_is_that_of_all_permutations(with_n: int, without_n: int) -> None:
    for a, b in itertools.product(range(with_n + 1), range(without_n + 1)):
        assert exact_p(a, with_n, b, without_n) == pytest.approx(float(counted(a, with_n, b, without_n)))


@given(st.integers(0, 12), st.integers(0, 30), st.data())
def test_a_p_value_is_above_zero_and_at_most_one(with_n: int, without_n: int, data: st.DataObject) -> None:
    a, b = data.draw(st.integers(0, with_n)), data.draw(st.integers(0, without_n))
    assert 0 < exact_p(a, with_n, b, without_n) <= 1


def test_no_runs_say_nothing() -> None:
    assert exact_p(0, 0, 0, 0) == exact_p(0, 0, 3, 5) == exact_p(0, 5, 0, 0) == 1


def test_complete_separation_has_the_smallest_p_value() -> None:
    assert exact_p(4, 4, 0, 6) == pytest.approx(smallest_p(4, 6)) == pytest.approx(1 / 210)


@pytest.mark.parametrize("triggers", [1, 3, 12])
@pytest.mark.parametrize("tests", [1, 2, 7, 40])
def test_no_cheaper_pair_of_groups_would_do(tests: int, triggers: int) -> None:
    bound = FIRST_LOOK / tests
    with_n, without_n = runs_needed(tests, triggers, error=FIRST_LOOK)
    assert smallest_p(with_n, without_n) <= bound
    cheaper = [
        (a, b)
        for a in range(3, 13)
        for b in range(a, 33)
        if smallest_p(a, b) <= bound and triggers * a + b < triggers * with_n + without_n
    ]
    assert cheaper == []


def test_more_tests_than_any_group_can_decide_get_the_largest_groups() -> None:
    assert runs_needed(10**15, 1) == (12, 32)


def test_the_shares_of_the_error_are_the_whole() -> None:
    assert pytest.approx(FAMILY_WISE_ERROR) == FIRST_LOOK + SECOND_LOOK + STATED


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_rejects_more_than_bonferroni_and_no_more_than_no_correction(p_values: list[float]) -> None:
    rejected = holm(p_values, error=0.01)
    for p, is_rejected in zip(p_values, rejected, strict=True):
        assert is_rejected or p > 0.01 / len(p_values)
        assert not is_rejected or p <= 0.01


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10), st.randoms())
def test_holm_does_not_depend_on_the_order_of_tests(p_values: list[float], chance: object) -> None:
    order = list(range(len(p_values)))
    chance.shuffle(order)
    shuffled = holm([p_values[i] for i in order], error=0.05)
    assert [shuffled[order.index(i)] for i in range(len(p_values))] == list(holm(p_values, error=0.05))


def test_holm_steps_down() -> None:
    assert holm([0.004, 0.02, 0.004], error=0.01) == (False, False, False)
    assert holm([0.003, 0.0049, 0.011], error=0.01) == (True, True, False)
    assert holm([]) == ()

"""Capacity is within what is possible, and right where the answer is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.observe.difference import distinguishable_classes, mutual_information

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc")), max_size=60)


@given(PAIRS)
def test_capacity_is_never_impossible(pairs: list[tuple[int, str]]) -> None:
    bits = mutual_information(pairs)
    classes = len({value for _, value in pairs})
    assert 0 <= bits <= math.log2(max(classes, 1))


@given(PAIRS)
def test_classes_are_at_most_levels_and_values(pairs: list[tuple[int, str]]) -> None:
    found = distinguishable_classes(pairs)
    assert found <= min(len({level for level, _ in pairs}), len({value for _, value in pairs}))
    assert (found == 0) == (not pairs)


def test_a_perfect_marker_of_four_levels_carries_two_bits() -> None:
    pairs = [(level, f"mark {level}") for level in range(4)] * 50
    assert mutual_information(pairs) == pytest.approx(2.0, abs=0.02)
    assert distinguishable_classes(pairs) == 4


def test_independent_values_carry_nothing() -> None:
    pairs = [(level, value) for level in "ab" for value in "xy"] * 25
    assert mutual_information(pairs) == pytest.approx(0.0, abs=0.02)
    assert distinguishable_classes(pairs) == 1


def test_the_correction_takes_chance_off() -> None:
    pairs = [("a", "x"), ("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("b", "y")]
    assert mutual_information(pairs) == 0.0  # plain counting says 0.08 bits


def test_one_level_tells_nothing() -> None:
    assert mutual_information([("a", "x"), ("a", "y")]) == 0.0

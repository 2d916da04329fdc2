"""The search for the releases that brought a finding in and took it out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.lab.bisect import EdgeSearch
from clearance.lab.errors import LabError
from clearance.lab.probing import sought
from clearance.model.comparison import Probe


def search_over(has: list[bool | None]) -> EdgeSearch:
    return EdgeSearch([str(i) for i in range(len(has))], lambda v: Probe(version=v, has=has[int(v)], how="static"))


@given(st.integers(1, 120), st.data())
def test_one_stretch_is_found_with_both_edges_wherever_it_lies(size: int, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, size - 1))
    high = data.draw(st.integers(low, size - 1))
    truth: list[bool | None] = [low <= i <= high for i in range(size)]
    edges = search_over(truth).edges()
    brought = [e for e in edges if e.brings]
    taken = [e for e in edges if not e.brings]
    assert [(e.without, e.having) for e in brought] == ([(str(low - 1), str(low))] if low else [])
    assert [(e.having, e.without) for e in taken] == ([(str(high), str(high + 1))] if high < size - 1 else [])


def test_a_long_range_takes_few_looks() -> None:
    search = search_over([40 <= i < 70 for i in range(128)])
    assert len(search.edges()) == 2
    assert len(search.probes) <= 2 + 3 + 2 * 7


def test_nothing_anywhere_is_no_edge_and_everything_was_looked_at() -> None:
    search = search_over([False] * 33)
    assert search.edges() == ()
    assert len(search.probes) == 33


def test_a_release_that_cannot_be_told_is_stepped_over() -> None:
    has: list[bool | None] = [False, False, None, None, True, True, None, False]
    edges = search_over(has).edges()
    assert [(e.without, e.having, e.brings) for e in edges] == [("1", "4", True), ("7", "5", False)]


def test_every_release_is_looked_at_and_each_edge_told() -> None:
    search = search_over([False, True, False, True, True, False])
    search.every()
    assert [(e.without, e.having, e.brings) for e in search.found()] == [
        ("0", "1", True), ("2", "1", False), ("2", "3", True), ("5", "4", False),
    ]  # fmt: skip


def test_a_finding_is_a_rule_or_a_name_for_several() -> None:
    assert sought("covert-channel").static
    assert sought("covert-channel").experiment
    assert sought("canary-leaves").by(None) == "experiment"
    with pytest.raises(LabError, match="No finding is called"):
        sought("nonsense")
    with pytest.raises(LabError, match="cannot be told"):
        sought("canary-leaves").by("static")

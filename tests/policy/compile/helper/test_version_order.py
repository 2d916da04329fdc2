"""Versions are ordered as npm does, and a span says which it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.policy.compile.helper.versions import inside, order

ORDERED = [
    "0.9",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.1.99",
    "2.1.331",
]


def test_each_version_is_after_the_one_before():
    assert sorted(sorted(ORDERED), key=order) == ORDERED
    assert len({order(v) for v in ORDERED}) == len(ORDERED)


def test_zeros_at_the_end_and_builds_make_no_difference():
    assert order("2.1") == order("2.1.0") == order("v2.1.0+linux")


@pytest.mark.parametrize("text", ["", "latest", "1..2", "-1", "1.2.x", "١.٢"])
def test_what_is_no_version_is_an_error(text):
    with pytest.raises(ValueError):
        order(text)


VERSIONS = st.sampled_from(ORDERED)


@given(version=VERSIONS, low=VERSIONS, high=VERSIONS, excluded=st.booleans())
def test_a_span_holds_what_lies_between_its_ends(version, low, high, excluded):
    at, first, last = (ORDERED.index(v) for v in (version, low, high))
    span = {"minimum": low, "maximum": high, "maximum_excluded": excluded}
    assert inside(version, span) == (first <= at and (at < last if excluded else at <= last))


@given(version=VERSIONS)
def test_the_open_span_holds_every_version(version):
    assert inside(version, {})

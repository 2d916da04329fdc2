"""Ranges mean what npm means by them; the expected answers were made with node-semver 7."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.intake import semver

KNOWN = ("0.0.1", "0.1.5", "0.2.0", "1.0.0-alpha.1", "1.0.0-beta", "1.0.0", "1.2.3-rc.1", "1.2.3", "1.10.0", "2.0.0")


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        ("^1.0.0", "1.10.0"), ("~1.2.0", "1.2.3"), ("1", "1.10.0"), ("1.x", "1.10.0"), ("*", "2.0.0"), ("", "2.0.0"),
        ("^0.1.0", "0.1.5"), ("^0.0.1", "0.0.1"), ("~0.1", "0.1.5"), (">=1.2.3 <2", "1.10.0"), ("<=1.2", "1.2.3"),
        (">1.2", "2.0.0"), ("<1", "0.2.0"), ("1.0.0 - 1.2.3", "1.2.3"), ("^1.0.0-alpha.1", "1.10.0"),
        (">1.0.0-alpha.1 <1.0.0", "1.0.0-beta"), ("1.2.3-rc.1", "1.2.3-rc.1"), ("^3 || ^0.2", "0.2.0"), ("^3", None),
        ("latest", None), ("=1.0.0", "1.0.0"), ("v1.0.0", "1.0.0"), (">= 1.10.0", "2.0.0"), ("<0.0.1", None),
    ],
)  # fmt: skip
def test_the_newest_that_a_range_allows(wanted, best):
    assert semver.newest(KNOWN, wanted) == best


def test_versions_are_ordered_by_number_and_prereleases_come_first():
    assert semver.in_order(reversed(KNOWN)) == KNOWN
    assert semver.in_order(("1.0.0-2", "1.0.0-10", "1.0.0-a", "1.0.0-a.1", "x")) == (
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0-a",
        "1.0.0-a.1",
    )


@given(st.text(max_size=30))
def test_no_text_breaks_it(text):
    assert semver.newest(KNOWN, text) in (*KNOWN, None)


@given(st.tuples(*[st.integers(0, 30)] * 3))
def test_every_version_fits_its_own_caret_tilde_and_self(numbers):
    version = ".".join(map(str, numbers))
    assert all(semver.fits(version, op + version) for op in ("", "=", "^", "~", ">=", "<="))
    assert not any(semver.fits(version, op + version) for op in ("<", ">"))

"""The same octets in base64, written otherwise, are the same to whoever decodes them: form."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.observe.difference import Shown, compare

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@given(st.binary(min_size=11, max_size=60).filter(lambda raw: len(raw) % 3))
def test_bits_that_stand_for_nothing_are_form(raw: bytes) -> None:
    usual = base64.b64encode(raw).decode()
    body, padding = usual.rstrip("="), usual[len(usual.rstrip("=")) :]
    other = body[:-1] + SIGNS[SIGNS.index(body[-1]) + 1] + padding
    assert compare(usual, other).shown is Shown.FORM
    assert compare(f"Basic {usual}, x", f"Basic {other}, x").shown is Shown.FORM


@pytest.mark.parametrize(
    ("usual", "other"),
    [("bGV0IG1lIGluL2E/", "bGV0IG1lIGluL2E_"), ("x aG9zdGlsZS1jbGk= y", "x aG9zdGlsZS1jbGk y")],
)
def test_another_alphabet_and_padding_left_out_are_form(usual: str, other: str) -> None:
    assert compare(usual, other).shown is Shown.FORM


@pytest.mark.parametrize(
    ("usual", "other"),
    [("configures", "configurer"), ("id aB3dE5fG7h", "id aB3dE5fG7i"), ("aG9zdGlsZS1jbGk=", "aG9zdGlsZS1jbGo=")],
)
def test_other_words_and_other_octets_are_no_form(usual: str, other: str) -> None:
    difference = compare(usual, other)
    assert difference.shown is not Shown.FORM or "base64-form" not in difference.mechanisms

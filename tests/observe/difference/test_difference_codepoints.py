"""Code points are named, and the ones nobody sees are shown."""

import pytest

from clearance.observe.difference import describe, visible
from clearance.observe.difference.codepoints import is_invisible
from clearance.observe.difference.confusables import prototypes, skeleton


def test_invisible_characters_are_spelled_out() -> None:
    assert visible("a\u200bb") == "a␣U+200B ZERO WIDTH SPACE␣b"
    assert visible("a\u00a0b\r\n") == "a␣U+00A0 NO-BREAK SPACE␣b␣U+000D CARRIAGE RETURN␣\n"
    assert visible("plain text, café\n") == "plain text, café\n"


def test_code_points_are_named_even_without_a_name() -> None:
    assert describe("'\0\ud800") == ("U+0027 APOSTROPHE", "U+0000 NULL", "U+D800 <Cs>")


@pytest.mark.parametrize(
    "char", "\u200b\u200c\u200d\u2060\u00ad\ufeff\ufe0f\u2800\u3164\u115f\u034f\U000e0041\u202e\x07"
)
def test_what_draws_nothing_is_invisible(char: str) -> None:
    assert is_invisible(char)


@pytest.mark.parametrize("char", " \t\n\u00a0\u2003aé\u0301\u0600")
def test_what_draws_or_spaces_is_not_invisible(char: str) -> None:
    assert not is_invisible(char)


def test_all_apostrophes_meet_in_one_skeleton() -> None:
    assert {skeleton(char) for char in "'\u2018\u2019\u02bc\u02b9\uff07\u00b4\u0060\u2032\u055a"} == {"'"}


def test_every_prototype_is_final() -> None:
    assert all(skeleton(skeleton(char)) == skeleton(char) for char in prototypes())

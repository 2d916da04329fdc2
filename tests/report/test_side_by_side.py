import time

from hypothesis import given
from hypothesis import strategies as st

from clearance.report.side_by_side import Mark, side_by_side


def changed(pieces):
    return ["".join(part.text for part in piece.parts) for piece in pieces if piece.mark is Mark.CHANGED]


def test_only_the_signs_that_differ_are_marked():
    sides = side_by_side("Today's date is 2026-03-14.", "Today\u2019s date is 2026/03/14.")
    assert changed(sides.baseline) == ["'", "-", "-"]
    assert changed(sides.staged) == ["\u2019", "/", "/"]
    assert sides.names == (
        "U+0027 APOSTROPHE",
        "U+002D HYPHEN-MINUS",
        "U+2019 RIGHT SINGLE QUOTATION MARK",
        "U+002F SOLIDUS",
    )


def test_an_invisible_insertion_is_marked_and_named():
    sides = side_by_side("Keep short", "Keep\u200b short")
    assert changed(sides.baseline) == []
    assert changed(sides.staged) == ["\u200b"]
    assert sides.names == ("U+200B ZERO WIDTH SPACE",)


def test_a_word_that_differs_is_marked_whole():
    assert changed(side_by_side("remote: none", "remote: git@host").staged) == ["git@host"]


def test_one_side_alone_is_no_difference():
    sides = side_by_side("", "what was sent")
    assert sides.baseline == ()
    assert [piece.mark for piece in sides.staged] == [Mark.SAME]


def test_a_long_common_text_is_left_out_and_counted():
    text = "word " * 2000
    sides = side_by_side(f"{text}a{text}", f"{text}b{text}")
    skipped = [piece.skipped for piece in sides.baseline if piece.mark is Mark.SKIPPED]
    assert len(skipped) == 2
    assert all(number > 9000 for number in skipped)


def test_hostile_lengths_cost_little():
    start = time.perf_counter()
    side_by_side("a b " * 200_000 + "c", "d " + "b a " * 200_000)
    assert time.perf_counter() - start < 10


@given(st.text(max_size=60), st.text(max_size=60))
def test_short_texts_are_shown_whole(baseline, staged):
    sides = side_by_side(baseline, staged)
    for text, pieces in ((baseline, sides.baseline), (staged, sides.staged)):
        assert "".join(part.text for piece in pieces for part in piece.parts) == text
        assert not any(piece.skipped for piece in pieces)

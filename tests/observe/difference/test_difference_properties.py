"""What must hold for any text."""

import random
import string

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from clearance.observe.difference import Shown, compare, compare_items
from clearance.observe.difference.align import align, shared_ends
from clearance.observe.difference.codepoints import is_invisible
from clearance.observe.difference.confusables import prototypes, skeleton

WORDS = st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), min_size=1, max_size=12).map(" ".join)
INVISIBLE = [chr(code) for code in (*range(0x20, 0x3200), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0200))]
INVISIBLE = [char for char in INVISIBLE if is_invisible(char)]
LOOKALIKES = sorted(char for char, look in prototypes().items() if len(look) == 1 and look in string.ascii_letters)
RELAXED = settings(max_examples=150, deadline=None)


@RELAXED
@given(st.text())
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert compare(text, text).shown is Shown.SAME


@RELAXED
@given(st.text(), st.text())
@example("\ud800", "\\ud800")
@example("%ff", "&#xD800;")
def test_any_two_texts_can_be_compared_either_way(before: str, after: str) -> None:
    there, back = compare(before, after), compare(after, before)
    assert (there.shown is Shown.SAME) == (before == after)
    assert there.shown is back.shown
    assert len(there.changes) <= 20


@RELAXED
@given(WORDS, st.sampled_from(INVISIBLE), st.data())
def test_an_invisible_character_anywhere_is_found(text: str, char: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    difference = compare(text, text[:at] + char + text[at:])
    assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("invisible",))


def test_an_invisible_character_inside_an_escape_is_form() -> None:
    difference = compare("\\/", "\\\x7f/")
    assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("invisible",))
    assert "DELETE" in difference.changes[0].names[0]


@RELAXED
@given(st.text(max_size=30), st.sampled_from(INVISIBLE), st.data())
def test_an_invisible_character_in_any_text_is_form(text: str, char: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    difference = compare(text, text[:at] + char + text[at:])
    assert difference.shown is Shown.FORM
    assert "invisible" in difference.mechanisms


@RELAXED
@given(WORDS, st.sampled_from(LOOKALIKES), WORDS)
def test_a_lookalike_letter_is_found(left: str, char: str, right: str) -> None:
    plain = skeleton(char)
    difference = compare(f"{left}{plain}{right}", f"{left}{char}{right}")
    assert difference.shown is Shown.FORM
    assert "homoglyph" in difference.mechanisms


@RELAXED
@given(WORDS, st.data())
def test_another_case_is_found(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = text[:at] + text[at:].swapcase()
    assume(other != text)
    difference = compare(text, other)
    assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("case",))


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=12, unique_by=str.casefold), st.randoms(use_true_random=False))
def test_shuffled_lines_are_found(lines: list[str], chance: random.Random) -> None:
    other = lines[:]
    chance.shuffle(other)
    assume(other != lines)
    difference = compare("\n".join(lines), "\n".join(other))
    assert difference.shown is Shown.FORM
    assert "order" in difference.mechanisms or set(difference.mechanisms) <= {"homoglyph", "case", "white-space"}


@RELAXED
@given(WORDS, st.sampled_from(["Asia/Tokyo", "+09:00", "JST"]), st.sampled_from(["Europe/Paris", "CET"]), WORDS)
def test_one_statement_for_another_is_stated(left: str, old: str, new: str, right: str) -> None:
    difference = compare(
        f"{left} {old} {right}",
        f"{left} {new} {right}",
        renderings_baseline=("Asia/Tokyo", "+09:00", "JST"),
        renderings_staged=("Europe/Paris", "CET"),
    )
    assert difference.shown is Shown.STATED


@RELAXED
@given(WORDS, st.sampled_from(["harbour", "violin", "seventeen", "grey", "mountain"]), WORDS)
def test_another_word_is_never_form(left: str, word: str, right: str) -> None:
    assert compare(f"{left} window {right}", f"{left} {word} {right}").shown is Shown.READABLE


@RELAXED
@given(st.integers(0, 9000), st.integers(0, 9000))
def test_another_small_number_is_never_form(old: int, new: int) -> None:
    assume(old != new)
    assert compare(f"n = {old}", f"n = {new}").shown is Shown.ENCODED


@RELAXED
@given(st.lists(st.text("abc-X", min_size=1, max_size=4), max_size=6).map(tuple), st.data())
def test_items_are_kept_apart_from_order(items: tuple[str, ...], data: st.DataObject) -> None:
    other = tuple(data.draw(st.permutations(items)))
    difference = compare_items(items, other)
    assert difference.shown is (Shown.SAME if items == other else Shown.FORM)


@RELAXED
@given(st.lists(st.sampled_from("abc"), max_size=20), st.lists(st.sampled_from("abc"), max_size=20))
def test_blocks_cover_both_sides_and_equal_ones_are_equal(before: list[str], after: list[str]) -> None:
    blocks = align(before, after)
    assert [i for block in blocks for i in block.before] == list(range(len(before)))
    assert [j for block in blocks for j in block.after] == list(range(len(after)))
    for block in blocks:
        if block.equal:
            assert [before[i] for i in block.before] == [after[j] for j in block.after]
        else:
            assert len(block.before) or len(block.after)


@RELAXED
@given(st.text("ab \n", max_size=300), st.text("ab \n", max_size=5), st.text("ab \n", max_size=300))
def test_what_is_cut_off_is_shared(left: str, middle: str, right: str) -> None:
    before, after = left + middle + right, left + right
    head, tail = shared_ends(before, after)
    assert before[:head] == after[:head]
    assert not tail or before[-tail:] == after[-tail:]
    assert head + tail <= min(len(before), len(after))

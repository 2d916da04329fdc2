"""Paragraphs find each other again: by what a reader calls the same line, whatever was put in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.observe.behaviour.paragraphs import (
    BETWEEN,
    BLOCK_END,
    WORDLESS,
    anchor_of,
    anchored,
    ending,
    is_long,
    units,
)

WORDS = ("alpha", "bravo", "castle", "delta", "ember", "forest", "garden", "harbour")
LINES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(lambda words: " ".join(words) + "."),
    min_size=1, max_size=8, unique_by=anchor_of,
)  # fmt: skip


def cut(text: str) -> dict[str, str]:
    return dict(anchored(text, lambda unit: unit))


@given(st.text(max_size=200))
def test_between_the_units_there_is_only_white_space(text: str) -> None:
    rest = text
    for unit in units(text):
        space, _, rest = rest.partition(unit)
        assert not space.strip()
    assert rest == ending(text)
    assert not rest.strip()
    assert list(anchored(text, lambda unit: unit))


@given(lines=LINES, new=st.text("xyz", min_size=3, max_size=8), data=st.data())
def test_a_paragraph_put_anywhere_leaves_the_others_where_they_are(
    lines: list[str], new: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines)))
    before, after = cut("\n".join(lines)), cut("\n".join([*lines[:at], new, *lines[at:]]))
    assert {a: u for a, u in after.items() if a != anchor_of(new) and not a.startswith(BETWEEN)} == {
        a: u for a, u in before.items() if not a.startswith(BETWEEN)
    }


@given(lines=LINES, data=st.data())
def test_a_paragraph_taken_away_leaves_the_others_where_they_are(lines: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(lines))
    left = [line for line in lines if line != gone]
    kept = {a for a in cut("\n".join(left)) if not a.startswith(BETWEEN)} - {WORDLESS}
    assert kept == {a for a in cut("\n".join(lines)) if not a.startswith(BETWEEN)} - {anchor_of(gone), WORDLESS}


@pytest.mark.parametrize(
    "changed",
    [
        "Today\u2019s date is 2026-11-18.",
        "Today\u02bcs date is 2026-11-18.",
        "Today's d\u0430te is 2026-11-18.",
        "Today's date\u200b is 2026-11-18.",
        "Today's date\u3164 is 2026-11-18.",
        "Today's\u00a0date is 2026-11-18.",
        "Today's  date is 2026-11-18. ",
        "today's date is 2026-11-18",
        "Today's date is 2026/11/18!",
        "Today's date is 18 November 2026.",
        "Today's date is Wed, Nov 18, 2026.",
        "Today's date is 2026年11月18日.",
        "Today's d\u00e1te is 2026-11-18.",
        "\uff34oday's date is \uff12\uff10\uff12\uff16-11-18.",
        "Today's date is \U000e0041\U000e00422026-11-18.",
        "Today's date is 2026-11-19.",
    ],
)
def test_a_change_of_form_keeps_the_anchor(changed: str) -> None:
    assert anchor_of(changed) == anchor_of("Today's date is 2026-11-18.")


def test_other_words_have_another_anchor() -> None:
    assert anchor_of("Today's date is unknown.") != anchor_of("Today's date is 2026-11-18.")


def test_opaque_values_and_statements_are_no_part_of_the_anchor() -> None:
    assert anchor_of("Session 7f3a9c2e41b0 in ⟨timezone⟩") == anchor_of("Session 00aa11bb22cc in ⟨timezone⟩")
    assert anchor_of("id 123e4567-e89b-12d3-a456-426614174000") == anchor_of("id 00000000-0000-4000-8000-000000000000")


def test_the_same_line_twice_is_two_places() -> None:
    assert {"again", "again#2"} <= set(cut("Again.\nAgain."))


def test_a_short_line_is_one_place() -> None:
    assert not is_long("short\n")
    assert is_long("two\nlines")
    assert is_long("x" * 61)


def test_the_space_between_two_texts_read_as_one_is_not_compared() -> None:
    apart = cut(f"First of all.\n{BLOCK_END}\nSecond of all.")
    together = cut("First of all.\n\nSecond of all.")
    shared = apart.keys() & together.keys()
    assert {apart[k] for k in shared} == {together[k] for k in shared}
    assert {"First of all.", "Second of all."} <= {apart[k] for k in shared}

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.report.visible import Show, code_point, looks_like_ascii, parts, spell


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u2019", "U+2019 RIGHT SINGLE QUOTATION MARK"),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x9b", "U+009B CONTROL SEQUENCE INTRODUCER"),
        ("\x7f", "U+007F DELETE"),
        ("\x01", "U+0001 CONTROL"),
        ("\ue000", "U+E000 PRIVATE USE"),
        ("\ud800", "U+D800 SURROGATE"),
        ("\u0378", "U+0378 UNASSIGNED"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
    ],
)
def test_what_cannot_be_told_by_sight_is_named(char, name):
    assert code_point(char) == name
    assert spell(f"a{char}b") == f"a<{name}>b"


@pytest.mark.parametrize(
    "char", ["\u00a0", "\u2003", "\ufe0f", "\u3164", "\u034f", "\u2028", "\r", "\t", "\uff41", "\u0430"]
)
def test_blanks_selectors_and_look_alikes_are_named(char):
    assert [part.named for part in parts(f"x{char}y", Show.EVIDENCE)] == [False, True, False]


@pytest.mark.parametrize(
    "text", ["plain ASCII ~!", "naïve café", "Привет, мир", "日本語のテキスト", "שלום", "🙂 → done", "ἀγάπη"]
)
def test_other_scripts_and_emoji_are_shown_as_they_are(text):
    assert spell(text) == text


def test_a_look_alike_among_ascii_letters_is_named_though_its_script_is_in_use_elsewhere():
    assert spell("p\u0430ypal привет") == "p<U+0430 CYRILLIC SMALL LETTER A>ypal привет"


def test_a_mark_on_ascii_is_named_and_one_of_its_own_script_is_not():
    assert "<U+0301 COMBINING ACUTE ACCENT>" in spell("e\u0301")
    assert spell("हिन्दी") == "हिन्दी"


def test_evidence_keeps_line_feeds_and_prose_names_them():
    assert "".join(p.text for p in parts("a\nb", Show.EVIDENCE) if not p.named) == "a\nb"
    assert spell("a\nb") == "a<U+000A LINE FEED>b"


def test_the_signs_of_our_own_sentences_are_named_in_evidence_only():
    assert spell("2 × 3…") == "2 × 3…"
    assert spell("2 × 3", Show.EVIDENCE) == "2 <U+00D7 MULTIPLICATION SIGN> 3"


def test_ascii_is_no_look_alike_of_itself():
    assert not any(looks_like_ascii(chr(number)) for number in range(128))


@given(st.text(alphabet=st.characters()), st.sampled_from(Show))
def test_nothing_is_lost_and_nothing_dangerous_is_left(text, show):
    pieces = list(parts(text, show))
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        if not piece.named:
            assert not any((ord(c) < 0x20 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in piece.text)
            assert not any(
                c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f" for c in piece.text
            )
    if show is Show.ASCII:
        assert spell(text, show).isascii()

"""Every mechanism of form is named; what says something else is never called form."""

import pytest

from clearance.observe.difference import Shown, compare

FORMS = [
    ("it's late", "it\u2019s late", {"homoglyph"}),
    ("it's late", "it\u02bcs late", {"homoglyph"}),
    ("it's late", "it\u02b9s late", {"homoglyph"}),
    ("it\u2018s late", "it\u02bcs late", {"homoglyph"}),
    ("it's late", "it\uff07s late", {"homoglyph"}),
    ("it\u00b4s late", "it`s late", {"homoglyph"}),
    ("an apple", "\u0430n apple", {"homoglyph"}),
    ("say \u201cyes\u201d now", 'say "yes" now', {"homoglyph"}),
    ("non-stop", "non\u2010stop", {"homoglyph"}),
    ("paypal", "pay\u200bpal", {"invisible"}),
    ("paypal", "\ufeffpaypal", {"invisible"}),
    ("pay pal", "pay \u2800pal", {"invisible"}),
    ("tag", "tag\U000e0041\U000e007f", {"invisible"}),
    ("a star", "a star\ufe0e", {"invisible"}),
    ("two words", "two  words", {"white-space"}),
    ("two words", "two\u00a0words", {"white-space"}),
    ("two words", "two\twords", {"white-space"}),
    ("two words", "two words ", {"white-space"}),
    ('{"a":1}', '{"a": 1}', {"white-space"}),
    ("a\nb", "a\r\nb", {"line-ending"}),
    ("a\nb", "a\u2028b", {"line-ending"}),
    ("Read the File", "read the file", {"case"}),
    ("content-type", "Content-Type", {"case"}),
    ("Stop here.", "Stop here!", {"punctuation"}),
    ("Stop here.", "Stop here", {"punctuation"}),
    ("wait — now", "wait - now", {"punctuation"}),
    ("time-zone", "time_zone", {"punctuation"}),
    ("(see below)", "[see below]", {"punctuation"}),
    ("- one\n- two", "* one\n* two", {"punctuation"}),
    ("say 'yes' now", 'say "yes" now', {"quotes"}),
    ("say «yes» now", "say 'yes' now", {"quotes"}),
    ("on 2026-07-01.", "on 2026/07/01.", {"date-format"}),
    ("on 2026-07-01.", "on 20260701.", {"date-format"}),
    ("on 2026-07-01.", "on 2026-7-1.", {"date-format"}),
    ("on Jul 1, 2026.", "on July 1, 2026.", {"date-format"}),
    ("on 1 Jul 2026.", "on Jul 1, 2026.", {"date-format"}),
    ("on 07/31/2026.", "on 31/07/2026.", {"date-format"}),
    ("at 14:05:00", "at 2:05:00 PM", {"date-format"}),
    ("1,000 files", "1000 files", {"number-format"}),
    ("007", "7", {"number-format"}),
    ("0.70", "0.7", {"number-format"}),
    ("1e3", "1000", {"number-format"}),
    ("32000", "32001", {"number-low-bits"}),
    ("0.7", "0.7000001", {"number-low-bits"}),
    ("max 32000 tokens", "max 32001 tokens", {"number-low-bits"}),
    ("a, b, c", "c, a, b", {"order"}),
    ("one\ntwo\nthree", "three\none\ntwo", {"order"}),
    ("Tools: Read file, Write file.", "Tools: Write file, Read file.", {"order"}),
    ("x=1&y=2", "y=2&x=1", {"order"}),
    ('{"a": 1, "b": [2]}', '{"b": [2], "a": 1}', {"order"}),
    ("caf\u00e9", "cafe\u0301", {"unicode-normalisation"}),
    ("10 m\u00b2 each", "10 m2 each", {"unicode-normalisation"}),
    ("caf\u00e9", "cafe", {"diacritics"}),
    ("a\\u0062c", "abc", {"escaping"}),
    ("a%62c", "abc", {"escaping"}),
    ("a &amp; b", "a & b", {"escaping"}),
    ("a \\ud83d\\ude00 b", "a \U0001f600 b", {"escaping"}),
    # together
    ("Today's date is 2026-07-01.", "Today\u2019s date is 2026/07/01.", {"homoglyph", "date-format"}),
    ("Read it's file", "read it\u2019s  file", {"case", "homoglyph", "white-space"}),
    ("a, b's, c", "c, b\u2019s, a", {"order", "homoglyph"}),
    ("A", "\u0430", {"homoglyph", "case"}),
    ("\u041d\u0415\u0422", "\u043d\u0435\u0442", {"case"}),
    ("Don't ask in Paris", "Don\u02bct ask in Berlin", {"homoglyph"}),
    ("Today is 2026-07-01 in Paris", "Today is 2026/07/01 in Berlin", {"date-format"}),
]

OTHER = [
    ("the harbour is closed", "the harbour is open"),
    ("mail", "mall"),
    ("now here", "nowhere"),
    ("true", "false"),
    ("200", "4096"),
    ("3", "4"),
    ("1", "2"),
    ("10", "11"),
    ("8080", "8081"),
    ("year 2026", "year 2027"),
    ("1 2", "12"),
    ("-5", "5"),
    ("2.1.0", "2.1.1"),
    ("python 3.10", "python 3.1"),
    ("1782000000", "1782000001"),
    ("1782000000123", "1782000000124"),
    ("/usr/lib/a.js", "/usr/lib/b.js"),
    ("cd ..", "cd ."),
    ("./a", "../a"),
    ("a/b", "a.b"),
    ("a < b", "a > b"),
    ("read, write", "read, list"),
    ("read, write", "read, write, list"),
    ("a=1&b=2", "a=2&b=1"),
    ('{"a": 1, "b": 2}', '{"a": 2, "b": 1}'),
    ("width 3 height 4", "width 4 height 3"),
    ("0", "o"),
    ("x1", "xL"),
    ("on 2026-07-01", "on 2026-07-02"),
    ("9f86d081884c7d65", "9f86d081884c7d66"),
    ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440001"),
    ("", "text"),
    ("C++", "C"),
    ("1.2.3.4", "1.2.3.5"),
    ("50%", "50"),
]


@pytest.mark.parametrize(("before", "after", "mechanisms"), FORMS)
def test_a_difference_of_form_is_named(before: str, after: str, mechanisms: set[str]) -> None:
    difference = compare(before, after)
    assert difference.shown is Shown.FORM
    assert set(difference.mechanisms) == mechanisms


@pytest.mark.parametrize(("before", "after", "mechanisms"), FORMS)
def test_form_is_form_in_both_directions(before: str, after: str, mechanisms: set[str]) -> None:
    difference = compare(after, before)
    assert (difference.shown, set(difference.mechanisms)) == (Shown.FORM, mechanisms)


@pytest.mark.parametrize(("before", "after", "mechanisms"), FORMS)
def test_form_is_found_far_inside_a_long_text(before: str, after: str, mechanisms: set[str]) -> None:
    if before.strip("0123456789.,e") == "" or "\n" in before:
        pytest.skip("a bare number or a list of lines stands alone")
    text = "You help with software. Keep answers short, and ask when unsure.\n"
    difference = compare(text * 40 + before + "\n" + text * 40, text * 40 + after + "\n" + text * 40)
    assert difference.shown is Shown.FORM
    assert set(difference.mechanisms) == mechanisms


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_another_value_is_never_form(before: str, after: str) -> None:
    assert compare(before, after).shown in {Shown.READABLE, Shown.ENCODED}
    assert compare(after, before).shown is compare(before, after).shown


@pytest.mark.parametrize(
    ("before", "after"),
    [("x=1", "x=2"), ("a", "b"), ("true", "false"), ("3", "4"), ("200", "4096"), ("mode q", "mode z")],
)
def test_a_short_flag_is_a_code(before: str, after: str) -> None:
    difference = compare(before, after)
    assert (difference.shown, difference.mechanisms) == (Shown.ENCODED, ("code",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id 9f86d081884c7d659a2feaa0c55ad015", "id 1b4f0e9851971998e732078544c96b36"),
        ("id 550e8400-e29b-41d4-a716-446655440000", "id 6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("k aGVsbG8gd29ybGQhIQ1x", "k c29tZXRoaW5nIGVsc2U5"),
        ("n 48211930", "n 91734420"),
    ],
)
def test_hashes_and_ids_are_opaque(before: str, after: str) -> None:
    difference = compare(before, after)
    assert (difference.shown, difference.mechanisms) == (Shown.ENCODED, ())


def test_other_words_are_readable() -> None:
    assert compare("You are in a quiet place.", "You are in a noisy town.").shown is Shown.READABLE


def test_absence_is_told_from_emptiness() -> None:
    assert compare(None, "x").shown is Shown.APPEARS
    assert compare("x", None).shown is Shown.DISAPPEARS
    assert compare(None, None).shown is Shown.SAME
    assert compare(None, "").shown is Shown.APPEARS


def test_code_points_and_separators_are_named_where_they_stand() -> None:
    difference = compare("Today's date is 2026-07-01.", "Today\u2019s date is 2026/07/01.")
    quote, date = difference.changes
    assert quote.names == ("U+0027 APOSTROPHE → U+2019 RIGHT SINGLE QUOTATION MARK",)
    assert (quote.at, quote.before, quote.after) == (5, "'", "\u2019")
    assert (quote.left, quote.right) == ("Today", "s date is 2026-07-01"[:20])
    assert date.names == ("date separator '-' → '/'",)
    assert (date.at, date.before, date.after) == (16, "2026-07-01", "2026/07/01")


def test_the_index_is_that_of_the_whole_text() -> None:
    text = "Keep answers short, and ask when unsure. " * 50
    difference = compare(f"{text}it's{text}", f"{text}it\u2019s{text}")
    assert [change.at for change in difference.changes] == [len(text) + 2]


def test_moved_items_are_named() -> None:
    assert compare("a, b", "b, a").changes[0].names == ("'a' 1 → 2", "'b' 2 → 1")


def test_at_most_twenty_changes_are_told() -> None:
    assert len(compare("it's late " * 50, "it\u2019s late " * 50).changes) == 20


def test_the_message_is_one_sentence() -> None:
    message = compare("it's on 2026-07-01", "it\u2019s on 2026/07/01").message
    assert message == "Only the form differs: look-alike characters and the way a date or time is written."

"""Atoms join to the text they came from, and their shapes tell the form without the value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.observe.difference import AtomKind, atoms, shape

PIECES = st.sampled_from(
    [
        "2026-07-01",
        "T10:00",
        "Z",
        "9f86d081884c7d65",
        "1,000",
        ".5",
        "e3",
        "v1.2.3",
        "Wed, ",
        "Jul ",
        "1, ",
        "-",
        "/",
        "=",
        "aZ0",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_atoms_joined_are_the_text(text: str) -> None:
    found = atoms(text)
    assert "".join(atom.text for atom in found) == text
    assert all(atom.text for atom in found)
    assert all(shape(atom) for atom in found)


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("550e8400-e29b-41d4-a716-446655440000", AtomKind.UUID, "uuid4"),
        ("9f86d081884c7d659a2feaa0c55ad015", AtomKind.HEX, "hex:32:lower"),
        ("9F86D081", AtomKind.HEX, "hex:8:upper"),
        ("48211", AtomKind.NUMBER, "int:5"),
        ("1,000.5", AtomKind.NUMBER, "decimal:5.1:grouped"),
        ("2026-07-01", AtomKind.DATE, "date:%Y-%m-%d"),
        ("1 Jul 2026", AtomKind.DATE, "date:%-d %b %Y"),
        ("Wed, 01 Jul 2026", AtomKind.DATE, "date:%a, %d %b %Y"),
        ("10:30 PM", AtomKind.CLOCK, "clock:%H:%M %p"),
        ("2026-07-01T10:00:00.123Z", AtomKind.TIMESTAMP, "timestamp:%Y-%m-%dT%H:%M:%S.%f%z"),
        ("1782000000123", AtomKind.EPOCH, "epoch:13"),
        ("2.1.112", AtomKind.VERSION, "version:3"),
        ("aGVsbG8gd29ybGQhIQ1x", AtomKind.BASE64, "b64:20"),
        ("harbour", AtomKind.WORD, "word"),
        ("  ", AtomKind.SPACE, "space:'  '"),
        (";", AtomKind.PUNCTUATION, ";"),
    ],
)
def test_a_value_within_a_sentence_is_one_atom(text: str, kind: AtomKind, form: str) -> None:
    found = atoms(f"({text})")[1:-1]
    assert [(atom.kind, atom.text, shape(atom)) for atom in found] == [(kind, text, form)]


def test_words_that_only_look_like_dates_stay_words() -> None:
    assert {atom.kind for atom in atoms("May I come on Sunday")} == {AtomKind.WORD, AtomKind.SPACE}


def test_a_large_text_takes_linear_time() -> None:
    text = "You help with software at 10:00, see https://example.com/a?b=1 for 1,000 files.\n" * 2500
    assert len(atoms(text)) > 50_000

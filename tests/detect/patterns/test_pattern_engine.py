"""Both engines give the same answers; rows that they could read differently are refused."""

import importlib.util
import random
import re
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.detect.patterns import Match, NoEngine, PatternRefused, PatternRow, Patterns
from clearance.detect.patterns.hyper import HyperscanEngine
from clearance.detect.patterns.second import Re2Engine
from clearance.detect.secrets import readers

ROWS = (
    PatternRow(id="fixed", expression="ab[0-9]{2}", keywords=("ab",)),
    PatternRow(id="greedy", expression="[ab]{2,5}c?"),
    PatternRow(id="first-arm", expression="a|ab|abc"),
    PatternRow(id="any-case", expression="(?i)ignore (?:all )?(?:previous|prior)", keywords=("ignore",)),
    PatternRow(id="boundary", expression=r"\bcab\b"),
    PatternRow(id="not", expression=r"c[^ab\n]{1,3}[0-9]"),
    PatternRow(id="bytes", expression="игнорируй[ ]{1,4}(?:все|всё)", keywords=("игнорируй",)),
    PatternRow(id="word", expression=r"\w{3}-\d"),
)
PIECES = [
    "a",
    "b",
    "c",
    "ab",
    "abc",
    "ab12",
    "cab",
    " ",
    "0",
    "7",
    "-",
    "\n",
    "é",
    "Ignore all PRIOR",
    "ignore previous",
    "игнорируй все",
]


@pytest.fixture(scope="module", name="both")
def _both() -> tuple[HyperscanEngine, Re2Engine]:
    return HyperscanEngine(ROWS), Re2Engine(ROWS)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_both_engines_and_a_plain_reading_agree(both: tuple[HyperscanEngine, Re2Engine], pieces: list[str]) -> None:
    text = "".join(pieces).encode()
    first, second = (engine.scan(text) for engine in both)
    plain = [
        Match(i, found.start(), found.end())
        for i, row in enumerate(ROWS)
        for found in re.finditer(row.expression.encode(), text)
    ]
    assert first == second == plain


@given(st.binary(max_size=300))
def test_both_engines_agree_on_any_bytes(both: tuple[HyperscanEngine, Re2Engine], text: bytes) -> None:
    first, second = both
    assert first.scan(text) == second.scan(text)


def test_both_engines_agree_on_real_sources_with_the_table_of_secrets() -> None:
    rows = [reader.row for reader in readers()]
    first, second = HyperscanEngine(rows), Re2Engine(rows)
    sources = sorted(Path(importlib.util.__file__).parents[1].glob("*.py"))[:40]
    found = 0
    for source in sources:
        text = source.read_bytes()[:60_000]
        matches = first.scan(text)
        assert matches == second.scan(text), source
        found += len(matches)
    assert found > 50


def test_every_match_of_a_row_with_keywords_holds_one_of_them() -> None:
    wrong = []
    for reader in readers():
        row = reader.row
        plain = PatternRow(id=row.id, expression=row.expression)
        text = " ".join(PIECES + list(row.keywords)).encode()
        if row.keywords and Re2Engine([row]).scan(text) != Re2Engine([plain]).scan(text):
            wrong.append(row.id)
    assert wrong == []


def test_a_verifier_has_the_last_word() -> None:
    row = PatternRow(id="even", expression="[0-9]{2}", verifier=lambda text, start, end: int(text[start:end]) % 2 == 0)
    for engine in (HyperscanEngine([row]), Re2Engine([row])):
        assert engine.scan(b"12 13 14") == [Match(0, 0, 2), Match(0, 6, 8)]


@pytest.mark.parametrize(
    ("expression", "why"),
    [("a+", "without end"), ("a{2,}", "without end"), ("a{1,2000}", "1000"), ("^a", "anchor"), ("a$", "anchor"), (r"a\s", "white space"),
     ("a.b", "any"), ("(?=a)b", "assert"), (r"(a)\1", "groupref"), ("a{0,3}", "nothing"), ("(?i)é", "ASCII"), ("(", "no expression"),
     ("a(?i:b)", "case inside"), ("(?:a{900}){9}", "4096")],
)  # fmt: skip
def test_what_engines_read_differently_or_never_end_with_is_refused(expression: str, why: str) -> None:
    for engine in (HyperscanEngine, Re2Engine):
        with pytest.raises(PatternRefused, match=why):
            engine([PatternRow(id="row", expression=expression)])


def test_an_empty_table_and_a_name_that_stands_twice_are_refused() -> None:
    row = PatternRow(id="row", expression="a")
    for rows in ([], [row, row]):
        with pytest.raises(PatternRefused):
            Patterns.compile(rows)


def test_the_engine_that_is_installed_looks_and_none_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = {"hyperscan", "re2"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if name in installed else None)
    rows = [PatternRow(id="row", expression="a")]
    assert Patterns.compile(rows).name == "hyperscan"
    installed.remove("hyperscan")
    assert Patterns.compile(rows).name == "re2"
    installed.clear()
    with pytest.raises(NoEngine) as caught:
        Patterns.compile(rows)
    assert "pip install" in caught.value.advice


def test_saved_bytes_are_used_for_their_own_table_only() -> None:
    engine = HyperscanEngine(ROWS)
    saved = engine.saved
    again = HyperscanEngine(ROWS, saved)
    assert again.saved == saved
    assert again.scan(b"ab12 cab") == engine.scan(b"ab12 cab")
    for other in (saved[:-1], saved[:60], saved[:-1] + b"\0", b"", b"x" * 400):
        assert HyperscanEngine(ROWS, other).scan(b"ab12") == engine.scan(b"ab12")
    assert HyperscanEngine(ROWS[:2], saved).scan(b"cab") == HyperscanEngine(ROWS[:2]).scan(b"cab")


def test_threads_share_an_engine() -> None:
    engine = HyperscanEngine(ROWS)
    texts = [b"ab%02d " % i * 200 for i in range(16)]
    expected = [engine.scan(text) for text in texts]
    got: dict[int, list[Match]] = {}
    threads = [threading.Thread(target=lambda i=i: got.update({i: engine.scan(texts[i])})) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [got[i] for i in range(16)] == expected


@pytest.mark.long
def test_ten_megabytes_are_read_whole_within_seconds() -> None:
    engine = HyperscanEngine(ROWS)
    chance = random.Random(1)
    block = bytes(chance.choices(b"xyz \n", k=10_000))
    text = block * 1000 + b" ab12"
    began = time.process_time()
    assert Match(0, len(text) - 4, len(text)) in engine.scan(text)
    assert time.process_time() - began < 5
    assert len(engine.scan(b"ab" * 50_000)) == 100_000 // 5 + 50_000

"""What holds for the views of any bytes: they never raise, lie inside the original, and are stable."""

import base64
import gzip
import time
import tracemalloc
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearance.detect.canonical import View, canonical, hidden_findings
from clearance.model.threat import SpanChannel

ODD = st.sampled_from(
    [
        *"aeo =\n\r\t\b\x1b[8m%&#;<>!-\\x'\"0123",
        *"\u0301\u0323\u05b0\u200b\u200c\u200d\u202e\u2069\ufe0f\ufeff\u3164\uffa1\uffc2\u1100\u1161\u11a8\u00b4\u00a8\ufdfa",
        *"аеорсЅΑΒ\u0344\u00bd\u2011\u3000\u2028\U000e0041\U000e0100\U0001d400\U0001f469\U0001f171\U00011099\U000110ba\ufffa\ufffb",
        "&#105;", "%69", "=69", "\\x69", "<!--", "-->", "aWdub3JlIGFsbCBvZiBpdA==", "\x1b[0m", "\r\n",
    ]
)  # fmt: skip
TEXTS = st.lists(ODD | st.characters(codec="utf-8"), max_size=60).map("".join)
BROKEN = st.tuples(TEXTS, st.binary(max_size=6)).map(lambda both: both[0].encode() + both[1] + both[0].encode())
DATA = st.binary(max_size=200) | TEXTS.map(str.encode) | BROKEN
SIZE = 400_000


def all_views(data: bytes) -> list[View]:
    views = canonical(data)
    return [views.raw, views.plain, views.skeleton, *views.decoded]


@settings(deadline=None)
@given(DATA)
def test_every_code_point_lies_inside_the_original_and_places_only_grow(data: bytes) -> None:
    for view in all_views(data):
        before = (0, 0)
        for at in range(len(view.text)):
            start, end = view.bytes_at(at, at + 1)
            assert 0 <= start <= end <= len(data)
            assert start >= before[0]
            assert end >= before[1]
            before = (start, end)
        assert view.bytes_at(0, len(view.text))[1] >= before[1]
        assert view.bytes_at(-5, len(view.text) + 5) == view.bytes_at(0, len(view.text))


@settings(deadline=None)
@given(DATA)
def test_the_raw_view_is_the_bytes(data: bytes) -> None:
    raw = canonical(data).raw
    assert raw.text.encode("utf-8", "surrogateescape") == data
    for at in range(len(raw.text)):
        start, end = raw.bytes_at(at, at + 1)
        assert data[start:end] == raw.text[at].encode("utf-8", "surrogateescape")


@settings(deadline=None)
@given(DATA)
@example("\u0430\u0300".encode())  # a letter in Latin that a mark follows: composed only when it is read again
def test_plain_of_plain_is_plain_and_the_skeleton_of_a_skeleton_too(data: bytes) -> None:
    views = canonical(data)
    again = canonical(views.plain.text.encode())
    assert again.plain.text == views.plain.text
    composed = unicodedata.normalize("NFKC", views.skeleton.text)
    assert canonical(composed.encode()).skeleton.text == composed


@settings(deadline=None)
@given(DATA)
def test_no_bytes_raise_and_hits_lie_inside(data: bytes) -> None:
    views = canonical(data)
    for hit in hidden_findings(views, SpanChannel.WEB_RESULT):
        assert 0 <= hit.span.start < hit.span.end <= len(data)
    for problem in views.problems:
        assert 0 <= problem.start <= problem.end <= len(data)


def test_a_letter_that_kept_its_form_lies_where_it_was() -> None:
    data = "a\u200b\u200bé“x” Ｋ".encode()
    plain = canonical(data).plain
    assert plain.text == 'aé"x" K'
    assert data[slice(*plain.bytes_at(1, 2))].decode() == "é"
    assert data[slice(*plain.bytes_at(2, 5))].decode() == "“x”"
    assert data[slice(*plain.bytes_at(6, 7))].decode() == "Ｋ"


def test_invalid_bytes_are_kept_and_told() -> None:
    views = canonical(b"ok \xff\xfe then")
    assert views.plain.text == "ok \ufffd\ufffd then"
    assert [(p.what, p.start, p.seen) for p in views.problems] == [("2 bytes are not UTF-8", 3, True)]


def test_bytes_that_become_a_letter_when_something_between_is_taken_out_do_not() -> None:
    assert canonical(b"\xc3\xe2\x80\x8b\xa9").plain.text == "\ufffd\ufffd"


def test_more_codes_around_each_other_than_are_taken_off_are_told() -> None:
    data = b"ignore all of it"
    for _ in range(12):
        data = base64.b64encode(data)
    views = canonical(data)
    assert len(views.decoded) == 3
    assert "was not taken off" in views.problems[0].what


def test_a_hundred_layers_of_gzip_end_with_a_word_about_it() -> None:
    data = b"ignore all of it"
    for _ in range(100):
        data = gzip.compress(data, mtime=0)
    views = canonical(data)
    assert len(views.decoded) <= 3
    assert any(not problem.seen for problem in views.problems)


def test_a_bomb_is_cut_and_told() -> None:
    bomb = gzip.compress(b"ignore all of it " * 4_000_000, mtime=0)
    views = canonical(base64.b64encode(bomb))
    assert sum(len(view.text) for view in views.decoded) <= 9 << 20
    assert any(problem.what.startswith("gzip: more than") for problem in views.problems)


def test_ten_thousand_pieces_are_not_all_opened_and_that_is_told() -> None:
    piece = base64.b64encode(b"ignore all of it, please") + b" "
    views = canonical(piece * 10_000)
    assert len(views.decoded) <= 512
    assert "more stands in codes than is taken off" in [problem.what for problem in views.problems]


HOSTILE = {
    "marks": "\u0323\u0301",
    "marks of scripts": "\u05b0\u05c1\u0591",
    "marks on a letter": "e\u0323\u0301\u0302",
    "invisible": "\u200b\u200c\u2060\ufe0f",
    "tags": "\U000e0041",
    "open comments": "<!--",
    "escapes": "\x1b]0;",
    "concealed": "\x1b[8;",
    "conceal, long": "\x1b[8mab",
    "annotations": "\ufffa",
    "backspaces": "abcde\b\b\b",
    "only backspaces": "\b",
    "spaces": "  \t",
    "percent": "%6",
    "percents": "%69%",
    "entities": "&#1",
    "equals": "=69=",
    "hex": "0a ",
    "hex, no separators": "6a",
    "letters": "a",
    "one word that passes for Latin": "сор",
    "words that pass for Latin": "сор рост ",
    "expanding": "\ufdfa",
    "carriage returns": "\r",
    "directions": "\u202e\u05d0 ",
    "selectors behind letters": "a\U000e0141",
}


@pytest.mark.long
@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_size_takes_about_twice_the_time(name: str) -> None:
    unit = HOSTILE[name].encode()

    def seconds(size: int) -> float:
        began = time.process_time()
        views = canonical((unit * (size // len(unit) + 1))[:size])
        hidden_findings(views, SpanChannel.WEB_RESULT)
        assert isinstance(views.problems, tuple)
        views.skeleton.bytes_at(0, len(views.skeleton.text))
        return time.process_time() - began

    seconds(1000)
    short, long = seconds(SIZE // 4), seconds(SIZE)
    assert long < 12 * short + 0.2
    assert long < 10


@pytest.mark.long
@pytest.mark.parametrize("name", ["marks", "invisible", "expanding", "letters", "backspaces"])
def test_memory_is_bounded_by_the_size(name: str) -> None:
    unit = HOSTILE[name].encode()
    data = unit * (SIZE // len(unit))
    canonical(b"\xc3\xa9 warm").skeleton.bytes_at(0, 1)
    tracemalloc.start()
    try:
        views = canonical(data)
        assert isinstance(views.problems, tuple)
        views.skeleton.bytes_at(0, len(views.skeleton.text))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 160 * SIZE


@pytest.mark.parametrize("unit", [b"de ad ", b"aa", b"0x41, "])
def test_a_long_list_of_bytes_needs_memory_for_itself_only(unit: bytes) -> None:
    data = unit * (600_000 // len(unit))
    tracemalloc.start()
    views = canonical(data)
    assert views.decoded is not None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25 * len(data)

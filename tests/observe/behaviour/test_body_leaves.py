"""Bodies to leaves: whatever differs between two bodies differs in a leaf, and nothing makes it raise."""

import gzip
import json
import random
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearance.observe.behaviour.body import MAX_PARSED, body_leaves, undo_content_coding
from clearance.observe.behaviour.lexical import (
    WRITTEN,
    chunk_choices,
    gzip_choices,
    head_choices,
    white_space_in_words,
)

TYPES = ("", "application/json", "Application/JSON; charset=utf-8", "application/x-www-form-urlencoded", "text/plain")


def leaves(body: bytes | str, kind: str = "application/json") -> dict[str, str]:
    return dict(body_leaves(body.encode() if isinstance(body, str) else body, kind))


def differing(one: bytes | str, other: bytes | str, kind: str = "application/json") -> set[str]:
    a, b = leaves(one, kind), leaves(other, kind)
    return {place for place in a.keys() | b.keys() if a.get(place) != b.get(place)}


def test_each_value_has_a_place_that_names_where_it_stands() -> None:
    found = leaves('{"model":"m","system":[{"type":"text","text":"hi"}],"n":null,"ok":true}')
    assert found["json/model"] == "m"
    assert found["json/system[text]/text"] == "hi"
    assert (found["json/n"], found["json/ok"]) == ("null", "true")
    assert found["json/keys"] == "model\nsystem\nn\nok"


def test_an_element_keeps_its_place_when_another_is_inserted_before_it() -> None:
    tools = [{"name": "read"}, {"name": "run"}]
    more = [{"name": "ask"}, *tools]
    assert differing(json.dumps({"t": tools}), json.dumps({"t": more})) == {
        "json/t/order",
        "json/t[ask]/keys",
        "json/t[ask]/name",
    }


def test_an_id_that_was_drawn_makes_no_place_of_its_own() -> None:
    one, other = (json.dumps([{"id": f"msg_{i}", "type": "message"}]) for i in ("8f3a61c0", "77b1e0d2"))
    assert differing(one, other) == {"json[message]/id"}


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ('{"a":1,"b":2}', '{"b":2,"a":1}', "json/keys"),
        ('{"a":1,"b":2}', '{"a":1, "b":2}', f"{WRITTEN}JSON space after comma"),
        ('{"a":1,"b": 2,"c":3}', '{"a":1,"b":2,"c": 3}', f"{WRITTEN}JSON space after colon"),
        ('{"a":1}', '{"a":1}\n', f"{WRITTEN}JSON space behind it"),
        ('{"a":[1]}', '{"a":[ 1]}', f"{WRITTEN}JSON space at brackets"),
        ('{"a":"c"}', '{"a":"\\u0063"}', f"{WRITTEN}JSON letters, digits and signs"),
        ('{"a":"é"}', '{"a":"\\u00e9"}', f"{WRITTEN}JSON characters beyond ASCII"),
        ('{"a":"\\u00e9"}', '{"a":"\\u00E9"}', f"{WRITTEN}JSON characters beyond ASCII"),
        ('{"a":"é \\u00e9"}', '{"a":"\\u00e9 é"}', f"{WRITTEN}JSON characters beyond ASCII"),
        ('{"a":"x/y"}', '{"a":"x\\/y"}', f"{WRITTEN}JSON solidus"),
        ('{"a":"<"}', '{"a":"\\u003c"}', f"{WRITTEN}JSON markup characters"),
        ('{"a":"\\n"}', '{"a":"\\u000a"}', f"{WRITTEN}JSON controls"),
        ('{"a":0.5}', '{"a":0.50}', "json/a"),
        ('{"a":1e2}', '{"a":1E2}', "json/a"),
        ('{"a":0.1}', '{"a":0.1000000000000000055}', "json/a"),
        ('{"a":1}', '{"a":1,"a":1}', f"{WRITTEN}JSON repeated keys"),
        ('{"a":2}', '{"a":1,"a":2}', "json/a#2"),
        ('{"a":2}', '{"a":"2","a":2}', "json/a#2"),
        ('{"a":2}', '{"a":2,"a":1,"a":2}', "json/a#3"),
        ('{"a":1,"a":2}', '{"a":2,"a":2}', "json/a"),
    ],
)
def test_what_a_decoder_forgets_is_a_leaf(one: str, other: str, place: str) -> None:
    assert json.loads(one) == json.loads(other) or '"a":2' in one
    assert place in differing(one, other)


@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
def test_one_way_of_writing_gives_the_same_choices_whatever_is_said(indent: int | str | None) -> None:
    chance = random.Random(7)

    def some(depth: int) -> object:
        kinds = [lambda: chance.randrange(9), lambda: "é<" * chance.randrange(3), list, dict]
        if depth:
            kinds += [lambda: [some(depth - 1) for _ in range(3)], lambda: {str(i): some(depth - 1) for i in range(3)}]
        return chance.choice(kinds)()

    seen: dict[str, set[str]] = {}
    for _ in range(40):
        body = json.dumps({"a": some(3), "b": [some(2), {"c": 1, "d": 2}]}, indent=indent)
        for place, text in leaves(body).items():
            if place.startswith(WRITTEN):
                seen.setdefault(place, set()).add(text)
    assert {place: texts for place, texts in seen.items() if len(texts) > 1} == {}


def test_json_in_a_json_string_is_cut_into_places_too() -> None:
    found = leaves(json.dumps({"event": json.dumps({"tz": "UTC", "n": 1.50})}))
    assert found["json/event:json/tz"] == "UTC"
    assert "json/event" in found


def test_a_value_below_the_deepest_place_still_counts() -> None:
    deep = ['{"a":' * 80 + f'"{mark}"' + "}" * 80 for mark in ("it's", "it\u2019s")]
    assert differing(*deep)


def test_nesting_beyond_the_parser_is_compared_as_text() -> None:
    assert set(leaves("[" * 100_000)) == {"text"}
    assert differing("[" * 100_000, "[" * 100_001)


def test_json_lines_are_places_by_line_and_every_line_counts() -> None:
    body = b'{"a":1}\n{"a":2}\n'
    assert leaves(body)["json[1]/a"] == "2"
    long = [b'{"a":%d}' % i for i in range(3000)]
    assert differing(b"\n".join(long), b"\n".join([*long[:-1], b'{"a":9}']))


def test_form_fields_are_places_and_their_spelling_is_one() -> None:
    kind = "application/x-www-form-urlencoded"
    assert leaves("tz=Asia%2FTokyo&q=", kind)["form/tz"] == "Asia/Tokyo"
    assert leaves("tz=Asia%2FTokyo&q=", kind)["form/q"] == ""
    assert differing("a=x%2fy", "a=x%2Fy", kind) == {f"{WRITTEN}form hex digits"}
    assert differing("a=x+y", "a=x%20y", kind) == {f"{WRITTEN}form space"}
    assert differing("a=x", "a=%78", kind) == {f"{WRITTEN}form escapes"}
    assert differing("a=1&b=2", "b=2&a=1", kind) == {"form/keys"}
    assert differing(b"a=\xff", b"a=\xfe", kind) == {"form/a"}


def test_text_stays_whole_and_other_bytes_are_a_digest_and_a_size() -> None:
    assert leaves("hello\n", "text/plain") == {"text": "hello\n"}
    assert set(leaves(b"\xff\x00\x01", "")) == {"bytes", "size"}
    assert leaves(b"\xff\x00\x01", "")["size"] == "3"


def test_a_body_too_large_to_parse_is_a_digest_and_a_size() -> None:
    assert set(leaves(b'{"a":"' + b"x" * MAX_PARSED + b'"}')) == {"bytes", "size"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_the_encoding_of_json_is_a_choice(encoding: str) -> None:
    body = '{"a":"畜 \\u00e9","b":1}'
    found = leaves(body.encode(encoding))
    assert found["json/b"] == "1"
    assert f"{WRITTEN}JSON encoding" in differing(body.encode(encoding), body.encode())


@pytest.mark.parametrize(
    ("space", "words"),
    [(b"", "none"), (b" ", "a space"), (b"  \t", "2 spaces and a tab"), (b"\r\n", "a carriage return and a line feed")],
)
def test_white_space_is_told_in_words(space: bytes, words: str) -> None:
    assert white_space_in_words(space) == words


@pytest.mark.long
def test_a_hundred_thousand_times_the_same_key_is_no_trouble() -> None:
    body = "{" + ",".join('"a":1' for _ in range(100_000)) + "}"
    assert leaves(body)[f"{WRITTEN}JSON repeated keys"] == "a 100000 times"
    body = "{" + ",".join(f'"a":{n % 2}' for n in range(100_000)) + "}"
    assert len(leaves(body)["json/keys"].split("\n")) == 100_000


@given(body=st.binary(max_size=400), kind=st.sampled_from(TYPES))
@example(body="\\u畜".encode("utf-16-le"), kind="application/json")
@example(body=b'"\\ud800"', kind="application/json")
@example(body=b"1" * 5000, kind="application/json")
@example(body=b"NaN", kind="application/json")
def test_any_bytes_have_leaves(body: bytes, kind: str) -> None:
    found = list(body_leaves(body, kind))
    assert bool(found) is bool(body)
    assert all(isinstance(place, str) and isinstance(text, str) for place, text in found)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(one=json_values, other=json_values)
def test_different_values_differ_in_a_leaf(one: object, other: object) -> None:
    a, b = json.dumps(one), json.dumps(other)
    assert bool(differing(a, b)) is (a != b)


@given(body=st.binary(max_size=300), coding=st.sampled_from(["gzip", "deflate", "br", "identity", "gzip, gzip", ",,"]))
def test_any_bytes_under_any_coding_are_undone_or_named(body: bytes, coding: str) -> None:
    out, left = undo_content_coding(body, coding)
    assert isinstance(out, bytes)
    assert left or out != body or coding in ("identity", ",,") or not body


@given(body=st.binary(max_size=300))
def test_choices_of_any_bytes_never_raise(body: bytes) -> None:
    for choices in (chunk_choices, gzip_choices, head_choices):
        assert all(isinstance(text, str) for pair in choices(body) for text in pair)


RAW = b'{"a": "some text that is long enough"}'
RAW_DEFLATE = zlib.compress(RAW, wbits=-15)


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", gzip.compress(RAW, mtime=0)),
        ("x-gzip", gzip.compress(RAW, mtime=0)),
        ("GZIP", gzip.compress(RAW, mtime=0)),
        ("deflate", zlib.compress(RAW)),
        ("deflate", RAW_DEFLATE),
        ("gzip, identity", gzip.compress(RAW, mtime=0)),
        ("deflate, gzip", gzip.compress(zlib.compress(RAW), mtime=0)),
        ("", RAW),
    ],
)
def test_a_content_coding_is_undone(coding: str, coded: bytes) -> None:
    assert undo_content_coding(coded, coding) == (RAW, "")


@pytest.mark.parametrize("coding", ["br", "zstd", "compress"])
def test_a_coding_that_we_cannot_undo_is_named(coding: str) -> None:
    assert undo_content_coding(b"abc", coding) == (b"abc", coding)


def test_every_member_of_a_gzip_body_is_read() -> None:
    assert undo_content_coding(gzip.compress(b"open ", mtime=0) + gzip.compress(b"hidden", mtime=0), "gzip") == (
        b"open hidden",
        "",
    )


@pytest.mark.parametrize("coded", [gzip.compress(RAW, mtime=0), zlib.compress(RAW)])
def test_bytes_behind_a_compressed_body_are_kept_and_told(coded: bytes) -> None:
    coding = "gzip" if coded[:1] == b"\x1f" else "deflate"
    out, left = undo_content_coding(coded + b"hidden", coding)
    assert out.endswith(b"hidden")
    assert "behind it" in left


def test_a_compressed_body_that_was_cut_is_told() -> None:
    assert "cut short" in undo_content_coding(gzip.compress(RAW, mtime=0)[:-9], "gzip")[1]


def test_a_bomb_is_cut_at_what_we_read() -> None:
    bomb = gzip.compress(b"\0" * (MAX_PARSED * 4), mtime=0)
    out, left = undo_content_coding(bomb, "gzip")
    assert len(out) == MAX_PARSED + 1
    assert left == ""


def test_a_pile_of_codings_is_not_unpacked() -> None:
    assert "100 codings" in undo_content_coding(b"x", "gzip," * 100)[1]


def test_the_header_of_gzip_can_carry_something_and_is_a_leaf() -> None:
    body = gzip.compress(RAW, mtime=0)
    plain, late = (dict(gzip_choices(body[:4] + t.to_bytes(4, "little") + body[8:])) for t in (0, 1_795_000_000))
    assert plain["gzip time"] == "0"
    assert {k for k in plain if plain[k] != late[k]} == {"gzip time"}
    named = b"\x1f\x8b\x08\x08" + bytes(6) + b"Asia\0" + gzip.compress(RAW, mtime=0)[10:]
    assert "Asia" in dict(gzip_choices(named))["gzip names"]


def test_chunk_framing_says_how_a_body_was_cut_but_not_how_long_it_is() -> None:
    def framing(raw: bytes) -> dict[str, str]:
        return dict(chunk_choices(raw))

    usual = framing(b"5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n")
    assert usual == framing(b"5\r\nhello\r\n1\r\na\r\n0\r\n\r\n")
    assert framing(b"4\r\nhell\r\n4\r\noabc\r\n0\r\n\r\n") != usual
    assert framing(b"5;tz=1\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n") != usual
    assert framing(b"05\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n") != usual
    assert framing(b"5\r\nhello\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")["trailers"] == "X-T: 1"
    assert framing(b"a\r\n0123456789\r\n0\r\n\r\n") != framing(b"A\r\n0123456789\r\n0\r\n\r\n")


def test_the_layout_of_a_head_is_a_leaf_and_an_empty_header_changes_nothing() -> None:
    def layout(head: bytes) -> dict[str, str]:
        return dict(head_choices(head))

    usual = layout(b"POST / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n")
    assert layout(b"POST / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n") == usual
    for other in (
        b"POST / HTTP/1.1\r\nHost: a\r\nX:b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nX:  b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nX: b \r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
        b"POST  / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n",
        b"\r\nPOST / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n",
    ):
        assert layout(other) != usual


def test_layouts_are_told_in_words() -> None:
    said = dict(head_choices(b"\r\n\r\nPOST \t/ HTTP/1.1\r\nA:1\r\nB:  2 \n C\r\n\r\n"))
    assert said == {
        "request start": "2 empty lines before it",
        "request line": "a space and a tab … a space",
        "header lines": "2 spaces before the value, a space behind it, with a line feed alone at its end; a folded line; "
        "no space before the value",
    }

"""Reading of documents: YAML's part, JSON as tools write it, front matter; nothing grows, nothing raises."""

import time

import pytest

from clearance.observe.static.documents.front_matter import front_matter
from clearance.observe.static.documents.node import Node
from clearance.observe.static.documents.reading import read_json, read_toml, text_of
from clearance.observe.static.documents.yaml_text import read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb: two words # remark\n", {"a": "1", "b": "two words"}),
        ("a:\n  first line\n  goes on\n", {"a": "first line goes on"}),
        ("a: one\n  two\nb: 3", {"a": "one two", "b": "3"}),
        ("a: |\n  x\n    y\n\n  z\nb: 1", {"a": "x\n  y\n\nz", "b": "1"}),
        ("a: >-\n  x\n  y\n\n  z\n", {"a": "x y\n\nz"}),
        ("a: [x, 'y z', \"q, r\", Bash(git add:*)]", {"a": ["x", "y z", "q, r", "Bash(git add:*)"]}),
        ("a: [\n  x,\n  y\n]\nb: 1", {"a": ["x", "y"], "b": "1"}),
        ("a: {b: 1, 'c d': [2, 3], e: {f: g}}", {"a": {"b": "1", "c d": ["2", "3"], "e": {"f": "g"}}}),
        ("- a\n- b: 1\n  c: 2\n- - x\n  - y\n", ["a", {"b": "1", "c": "2"}, ["x", "y"]]),
        ("a:\n- x\n- y\nb: 1", {"a": ["x", "y"], "b": "1"}),
        ("a:\n  b:\n    c: 1\n  d: 2\n", {"a": {"b": {"c": "1"}, "d": "2"}}),
        ("\"quoted key\": \"a\\nb\"\n'x': 'it''s'", {"quoted key": "a\nb", "x": "it's"}),
        ("url: https://a.example:8080/x#y\n", {"url": "https://a.example:8080/x#y"}),
        ("a:\nb: 1\n", {"a": None, "b": "1"}),
        ("# only a remark\n", None),
        ("", None),
        ("just words", "just words"),
        ("---\na: 1\n...\n", {"a": "1"}),
        ("a: &x 1\nb: *x\n<<: *x\n", {"a": "&x 1", "b": "*x", "<<": "*x"}),
        ("a: !!python/object:os.system x", {"a": "!!python/object:os.system x"}),
        ("a: 1\n???\n: odd\nb: 2", {"a": "1", "b": "2"}),
    ],
)
def test_yaml_is_read_as_people_write_it(text, value):
    assert read_yaml(text) == value


def test_aliases_that_would_grow_stay_words():
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    value = read_yaml(bomb)
    assert isinstance(value, dict)
    assert len(str(value)) < 4 * len(bomb)


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "- " * 200_000,
        "[" * 500_000,
        "{a: " * 200_000,
        "a: [" + "x, " * 200_000,
        "\n".join(" " * i + "a:" for i in range(900)),
        "a: b\n" * 100_000,
        "a: '" + "x\n  " * 100_000,
        "- - -\n" * 50_000,
        ": " * 200_000,
        '"' * 300_000,
        "a: |\n" * 100_000,
    ],
)
def test_no_yaml_takes_long(text):
    began = time.process_time()
    read_yaml(text)
    assert time.process_time() - began < 4


def test_front_matter_is_parted_from_the_text_below():
    parts = front_matter("---\nname: x\n# why\n---\n\nBody\n---\nmore")
    assert parts.fields.text("name") == "x"
    assert parts.body == "\nBody\n---\nmore"
    assert parts.remarks == ("why",)


@pytest.mark.parametrize("text", ["no head", "---\nnever closed", "--- x\na: 1\n---\n", "text\n---\na: 1\n---\n"])
def test_without_a_head_all_is_text(text):
    assert front_matter(text).body == text


def test_an_empty_head_is_one():
    assert front_matter("---\n---\nx").body == "x"


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,}',
        '// x\n{"a": /* y */ 1}',
        '{"a": 1, "b": "// no, /* remark */ ,}"}',
        '\n{"a": 1 // end\n}',
    ],
)
def test_json_with_remarks_is_read(text):
    value = read_json(text)
    assert value is not None
    assert value.text("a") == "1"
    assert value.text("b") in ("", "// no, /* remark */ ,}")


@pytest.mark.parametrize(
    "text", ["", "{", '{"a": }', "{'a': 1}", "[" * 200_000, '{"a":' * 100_000, "nope", "/*" * 1000]
)
def test_what_is_no_json_is_none(text):
    assert read_json(text) is None


def test_a_number_of_any_length_is_read():
    value = read_json('{"a": ' + "9" * 10_000 + "}")
    assert value is not None
    assert value.text("a")


def test_a_key_written_twice_holds_both_tables_and_the_last_text():
    value = read_json('{"t": {"a": 1}, "t": {"b": 2}, "l": [1], "l": [2], "s": "x", "s": "y"}')
    assert value is not None
    assert (value.text("t", "a"), value.text("t", "b")) == ("1", "2")
    assert value.texts("l") == ("1", "2")
    assert value.text("s") == "y"


def test_half_characters_can_be_encoded():
    value = read_json('{"a": "\\ud800x", "\\udc00": 1}')
    assert value is not None
    assert value.text("a").encode() == b"\\ud800x"
    assert value.items()[1][0].encode() == b"\\udc00"


@pytest.mark.parametrize(
    "text", ["a = ", "a = 1\na = 2", "[[[", "a = " + "[" * 50_000, "a" + ".a" * 20_000 + " = 1", "x" * (2 << 20)]
)
def test_what_is_no_toml_is_none(text):
    assert read_toml(text) is None or read_toml(text).is_table


def test_a_byte_order_mark_decides_how_bytes_are_read():
    assert text_of("ä".encode("utf-16")) == "ä"
    assert text_of(b"\xef\xbb\xbfx") == "x"
    assert text_of(b"a\xff") == "a\ufffd"


def test_a_value_asked_for_something_else_answers_with_nothing():
    value = Node({"a": [1, {"b": None}], "c": True})
    assert value.text("a") == ""
    assert value.at("a", "b", "c").plain is None
    assert value.each("c") == ()
    assert value.items("a") == ()
    assert value.texts("c") == ("true",)
    assert value.is_on("c")


def test_leaves_are_bounded():
    deep: object = "x"
    for _ in range(5000):
        deep = {"k": deep}
    assert list(Node(deep).leaves()) == []
    assert len(list(Node(["x"] * 100_000).leaves())) == 20_000

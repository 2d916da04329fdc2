"""JavaScript's literals: told apart from code, whatever stands around them, in linear time."""

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.script import LiteralKind, Script


def seen(text: str) -> list[tuple[str, str]]:
    script = lex_javascript(text.encode())
    return [(LiteralKind(int(script.kinds[i])).name.lower(), script.raw(i).decode()) for i in range(len(script))]


@pytest.mark.parametrize(
    ("code", "literals"),
    [
        ("a='x'+\"y\"", [("string", "x"), ("string", "y")]),
        (r"a='it\'s'", [("string", r"it\'s")]),
        ("a='one\\\ntwo'", [("string", "one\\\ntwo")]),
        ("a=`plain $ text`", [("template", "plain $ text")]),
        ("a=`x${b+'q'}y`", [("template", "x"), ("string", "q"), ("template", "y")]),
        ("a=`x${{b:`in${c}`}}y`+'z'", [("template", "x"), ("template", "in"), ("template", ""), ("template", "y"), ("string", "z")]),
        ("a=1/2/3;b='x'", [("string", "x")]),
        ("a=/'/g;b='x'", [("pattern", "'"), ("string", "x")]),
        ("a=/[/']/.test('x')", [("pattern", "[/']"), ("string", "x")]),
        ("return /\"/.test(x)+'y'", [("pattern", '"'), ("string", "y")]),
        ("if(a)/'/.test(b)&&'c'", [("pattern", "'"), ("string", "c")]),
        ("(a+b)/2+'x'/3", [("string", "x")]),
        ("a[0]/b/'x'", [("string", "x")]),
        ("x// it's\n'y'", [("comment", " it's"), ("string", "y")]),
        ("x/* it's */'y'", [("comment", " it's "), ("string", "y")]),
        ("#!/usr/bin/env node\n'y'", [("comment", "/usr/bin/env node"), ("string", "y")]),
        ("'a'; // don't\n'b'", [("string", "a"), ("comment", " don't"), ("string", "b")]),
        ("<p>don't</p>\n'b'", [("string", "b")]),
        ("/* never closed 'x'", [("comment", " never closed 'x'")]),
    ],
)  # fmt: skip
def test_literals_are_told_from_code(code: str, literals: list[tuple[str, str]]) -> None:
    assert seen(code) == literals


def test_pieces_of_a_template_know_that_they_go_on() -> None:
    script = lex_javascript(b"`a${x}b${`c`}d`;`e`")
    assert [bool(j) for j in script.joined] == [False, True, False, True, False]


def test_a_byte_is_in_a_literal_or_in_code() -> None:
    script = lex_javascript(b"foo('bar')+/baz/")
    assert [script.covers(i) for i in (0, 4, 5, 7, 8, 11, 12)] == [-1, -1, 0, 0, -1, -1, 1]


@settings(max_examples=300, deadline=None)
@example(b"'''`\n''`=\"")  # a template that goes on behind a line on which quotes were given up
@given(st.text(alphabet="a/'\"`\\${}[]()*\n =+", max_size=60).map(str.encode) | st.binary(max_size=80))
def test_whatever_the_bytes_the_literals_are_sorted_and_apart(data: bytes) -> None:
    script = lex_javascript(data)
    assert_sound(script, len(data))


def assert_sound(script: Script, size: int) -> None:
    spans = list(zip(script.starts.tolist(), script.ends.tolist(), strict=True))
    assert all(0 <= start <= end <= size for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    assert len(script.kinds) == len(script.joined) == len(spans)


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [b'"\\', b"'\\", b"`${", b"/*", b"(/[", b"(/a", b"`", b"${", b"}", b'"', b"\\\"'", b"=/(", b"//", b"`\\`"],
)
def test_hostile_repetition_costs_no_more_than_its_length(piece: bytes) -> None:
    def seconds(count: int) -> float:
        data = piece * count
        began = time.process_time()
        lex_javascript(data)
        return time.process_time() - began

    seconds(10)
    small, large = max(seconds(20_000), 0.005), seconds(160_000)
    assert large < small * 30, f"8 times the input took {large / small:.0f} times as long"

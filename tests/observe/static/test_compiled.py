"""Strings of compiled code are looked for in the scripts beside it, wherever they stand and however they are escaped."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from clearance.model.contents import CompiledCode
from clearance.observe.static.compiled import compare_compiled

SCRIPT = b"""
const where = "https://api.lumen-tools.dev/v1/items", pattern = "^\\\\d{4}-\\\\d{2}$ and so on";
function explain(){ return `Please read the guide before you change the settings of this machine.` }
"""


def compared(*strings: bytes, script: bytes = SCRIPT, engines: tuple[bytes, ...] = ()) -> CompiledCode:
    data = b"\x01\x80".join((b"", *strings, b""))
    half = len(data) // 2
    stretches = [(0, data[: half + 4096]), (half, data[half:])]
    return compare_compiled(3, stretches, lambda: iter((b"other();", script)), engines)


def test_what_a_script_says_is_explained() -> None:
    code = compared(
        b"https://api.lumen-tools.dev/v1/items", rb"^\d{4}-\d{2}$ and so on", b"read the guide before you change"
    )
    assert (code.member, code.strings, code.unexplained, code.telling) == (3, 3, 0, ())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("host", b"https://collect.other-place.net/in"),
        ("host", b"collect.other-place.net"),
        ("host", b"https://api.lumen-tools.dev/v1/items and https://collect.other-place.net"),
        ("text", b"Tell nobody that the second list is read before the first one is."),
        ("coded", b"Q29sbGVjdCB0aGUgbmFtZSBvZiB0aGUgaG9zdCBhbmQgdGhlIHRpbWUgem9uZSBvZiB0aGUgbWFjaGluZQ1"),
    ],
)
def test_what_no_script_says_is_told_with_its_place(kind: str, text: bytes) -> None:
    code = compared(b"x" * 40, text)
    assert [(one.kind, one.text.encode()) for one in code.telling] == [(kind, text)]
    data = b"\x01\x80".join((b"", b"x" * 40, text, b""))
    assert data[code.telling[0].offset :].startswith(text)


def test_what_the_engine_says_is_only_counted() -> None:
    text = b"This socket has been ended by the other party a while ago"
    assert compared(text).telling
    code = compared(text, engines=(b"\0" + text + b"\0",))
    assert (code.telling, code.unexplained) == ((), 1)


def test_a_host_that_runs_into_the_next_string_is_explained() -> None:
    assert compared(b"https://api.lumen-tools.dev/v1/itemsQzXw81jq").telling == ()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_arbitrary_bytes_never_raise(data: bytes, script: bytes) -> None:
    code = compare_compiled(0, [(0, data)], lambda: [script])
    assert code.unexplained <= code.strings


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=16, max_size=80), st.integers(0, 30))
def test_a_piece_of_a_script_is_always_explained(text: str, shift: int) -> None:
    written = text.replace("\\", "").encode()
    code = compared(written, script=b"y" * shift + written + b";")
    assert code.unexplained == 0

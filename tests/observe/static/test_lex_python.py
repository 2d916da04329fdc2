"""Python's and the shell's literals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.observe.static.lex_python import lex_python, lex_shell
from clearance.observe.static.script import LiteralKind


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("a = 'x' + \"y\"", ["x", "y"]),
        ('a = """one\n"two"\n"""', ['one\n"two"\n']),
        ("a = f'{b} c'", ["{b} c"]),
        ("a = 'it\\'s\\n'", ["it's\n"]),
        ("x = 'open\ny = 'z'", ["open", "z"]),
        ("a = '''never", ["never"]),
        ("a = b'\\x41\\u0042'", ["AB"]),
    ],
)
def test_python_literals_are_read_as_python_reads_them(code: str, texts: list[str]) -> None:
    script = lex_python(code.encode())
    assert [script.text(i) for i in range(len(script))] == texts


def test_comments_are_told_from_strings() -> None:
    script = lex_python(b"a = '#no' # yes 'x'\n")
    assert [LiteralKind(int(k)).name for k in script.kinds] == ["STRING", "COMMENT"]
    script = lex_shell(b"echo a#b 'c' # d\n")
    assert [script.raw(i) for i in range(len(script))] == [b"c", b" d"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="a'\"\\\n#", max_size=40).map(str.encode) | st.binary(max_size=60))
def test_no_bytes_make_the_lexers_raise(data: bytes) -> None:
    for lex in (lex_python, lex_shell):
        script = lex(data)
        assert all(0 <= s <= e <= len(data) for s, e in zip(script.starts.tolist(), script.ends.tolist(), strict=True))
        for i in range(len(script)):
            script.text(i)

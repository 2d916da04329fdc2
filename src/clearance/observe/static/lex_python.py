"""Python, shell and other scripts as literals and comments: the same columns as for JavaScript.

An f-string is one literal, braces and all: its interpolations are short, and what is written around them is what a
reader looks for. The work is linear: a string without an end ends with its line, a block without an end with the file.
"""

import re
from array import array
from typing import Final

import numpy as np

from clearance.observe.static.script import LiteralKind, Script

_TRIPLE: Final = (
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)',
    rb"'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)",
)
_SINGLE: Final = (rb'"(?:[^"\\\n]++|\\.)*+(?:"|(?=\n)|\Z)', rb"'(?:[^'\\\n]++|\\.)*+(?:'|(?=\n)|\Z)")
_PYTHON: Final = re.compile(b"|".join((*_TRIPLE, *_SINGLE, rb"#[^\n]*+")), re.DOTALL)
_SHELL: Final = re.compile(
    b"|".join((rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)', rb"'[^']*+(?:'|\Z)", rb"(?<![^\s;(])#[^\n]*+")), re.DOTALL
)


def lex_python(data: bytes | memoryview) -> Script:
    """The literals and comments of a Python script, whatever its bytes are."""
    return _lex(data, _PYTHON, python=True)


def lex_shell(data: bytes | memoryview) -> Script:
    """The quoted strings and comments of a shell script."""
    return _lex(data, _SHELL, python=False)


def _lex(data: bytes | memoryview, pattern: re.Pattern[bytes], *, python: bool) -> Script:
    starts, ends, kinds = array("q"), array("q"), bytearray()
    for match in pattern.finditer(data):
        start, end = match.span()
        first = data[start]
        if first == 0x23:  # '#'
            starts.append(start + 1)
            ends.append(end)
            kinds.append(LiteralKind.COMMENT)
            continue
        quote = bytes((first,))
        width = 3 if python and end - start >= 3 and bytes(data[start : start + 3]) == quote * 3 else 1
        closed = end - start >= 2 * width and bytes(data[end - width : end]) == quote * width
        starts.append(start + width)
        ends.append(max(start + width, end - width if closed else end))
        kinds.append(LiteralKind.STRING)
    return Script(
        data=data,
        starts=np.frombuffer(starts, np.int64) if starts else np.zeros(0, np.int64),
        ends=np.frombuffer(ends, np.int64) if ends else np.zeros(0, np.int64),
        kinds=np.frombuffer(bytes(kinds), np.uint8),
        joined=np.zeros(len(starts), np.bool_),
        python=python,
    )

"""JavaScript and TypeScript as literals and comments, in one pass of a compiled pattern.

1. Only what can hold text is told apart: strings, templates, regular expressions, comments.
2. Whether ``/`` divides or begins a pattern is decided by what stands before it, as minifiers write it.
3. The work is linear in the input whatever is in it: a quote, pattern or comment without its end is looked for once
   (a line that has one is read on without that kind), and templates nest on a stack of our own.

Measured against tree-sitter on real bundles in ``bench/look.py``: twenty times as fast, a tenth of the memory, and the
same literals but for a few in ten thousand.
"""

import functools
import re
from array import array

import numpy as np

from clearance.observe.static.script import LiteralKind, Script

_BODY = rb"(?![*/])(?:[^\\/\[\n]++|\\[^\n]|\[(?:[^\]\\\n]++|\\[^\n])*+\])++/[a-z]*+"
_WHOLE = {
    '"': rb'"(?:[^"\\\n]++|\\.)*+"',
    "'": rb"'(?:[^'\\\n]++|\\.)*+'",
    "/": rb"/(?<=[=(,:;!&|?{\[+\-*%~^<>]/)" + _BODY,
}
"""A string or pattern with its end, by what it begins with."""
_ALWAYS = rb"`(?:[^`\\$]++|\\.|\$(?!\{))*+`|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
_CHUNK = re.compile(rb"(?:[^`\\$]++|\\.|\$(?!\{))*+", re.DOTALL)
_LITERAL_PATTERN = re.compile(b"/" + _BODY)
_BEFORE_PATTERN = re.compile(
    rb"(?:^|[=(,:;!&|?{\[+\-*%~^<>]|(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await))"
    rb"\s*+\Z"
)
_LINE_END = re.compile(rb"\n")
_AFTER_CONDITION = re.compile(rb"\.(?:test|exec|source|replace)\b")

_SLASH, _TICK = ord("/"), ord("`")


def lex_javascript(data: bytes | memoryview) -> Script:
    """The literals and comments of a script, whatever its bytes are."""
    return _Lexer(data).run()


@functools.cache
def _pattern(without: str, *, braces: bool) -> re.Pattern[bytes]:
    """Everything that can begin a literal, save what is looked for no more on this line.

    Every alternative begins with one plain byte: the engine then skips what is between at once.
    """
    whole = [alternative for first, alternative in _WHOLE.items() if first not in without]
    lone = [first.encode() for first in _WHOLE if first not in without and first != "/"]
    ends = [rb"\{", rb"\}"] if braces else []
    return re.compile(b"|".join((_ALWAYS, *whole, *lone, b"/", b"`", *ends)), re.DOTALL)


class _Lexer:
    """One pass over the bytes."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._data = data
        self._size = len(data)
        self._starts, self._ends = array("q"), array("q")
        self._kinds, self._joined = bytearray(), bytearray()
        self._depths: list[int] = []
        """For each template that an interpolation is open in: braces open in the interpolation."""
        self._without = ""
        self._until = 0
        """Where the line ends on which some kind is looked for no more."""

    def run(self) -> Script:
        """Lex to the end."""
        at = 0
        if bytes(self._data[:2]) == b"#!":
            at = self._line_end(0)
            self._add(2, at, LiteralKind.COMMENT)
        while at < self._size:
            at = self._stretch(at)
        return Script(
            data=self._data,
            starts=np.frombuffer(self._starts, np.int64) if self._starts else np.zeros(0, np.int64),
            ends=np.frombuffer(self._ends, np.int64) if self._ends else np.zeros(0, np.int64),
            kinds=np.frombuffer(bytes(self._kinds), np.uint8),
            joined=np.frombuffer(bytes(self._joined), np.bool_),
        )

    def _add(self, start: int, end: int, kind: LiteralKind, *, joined: bool = False) -> None:
        self._starts.append(start)
        self._ends.append(max(start, end))
        self._kinds.append(kind)
        self._joined.append(joined)

    def _stretch(self, at: int) -> int:
        """Read on from ``at`` with one pattern until something else has to be looked for; where to go on."""
        data, starts, ends = self._data, self._starts.append, self._ends.append
        kinds, joined = self._kinds.append, self._joined.append
        if at >= self._until:  # a template that began on the line went on behind it
            self._without = ""
        limit = self._until if self._without else self._size
        for match in _pattern(self._without, braces=bool(self._depths)).finditer(data, at, limit):
            start, end = match.span()
            first = data[start]
            if end - start > 1 and first != _SLASH:
                starts(start + 1)
                ends(end - 1)
                kinds(first == _TICK)
                joined(0)
            elif (after := self._other(first, start, end)) is not None:
                return after
        self._without = ""
        return limit

    def _other(self, first: int, start: int, end: int) -> int | None:
        """A comment or pattern, or something by itself; where to go on if not simply behind it."""
        if first == _TICK:
            return self._template(start + 1, joined=False)
        if first in b"{}":
            return self._brace(start)
        if first != _SLASH:
            return self._give_up(start, chr(first))
        if end - start == 1:
            return self._slash(start)
        second = self._data[start + 1]
        if second in b"*/":
            closed = second != _SLASH and end - start >= 4 and bytes(self._data[end - 2 : end]) == b"*/"
            self._add(start + 2, end - 2 if closed else end, LiteralKind.COMMENT)
        else:
            self._add(start + 1, self._pattern_end(end), LiteralKind.PATTERN)
        return None

    def _pattern_end(self, end: int) -> int:
        """Where the body of a pattern ends: before its last slash."""
        while self._data[end - 1] != _SLASH:
            end -= 1
        return end - 1

    def _slash(self, at: int) -> int | None:
        """A ``/`` that the fast way did not take: where to go on when it begins a pattern, None when it divides."""
        if "/" in self._without:
            return None
        before = bytes(self._data[max(0, at - 40) : at])
        begins = _BEFORE_PATTERN.search(before) is not None if before.strip() or not at else False
        condition = before.rstrip().endswith((b")", b"}"))
        if not begins and not condition:
            return None
        match = _LITERAL_PATTERN.match(self._data, at)
        if match is None:
            return self._give_up(at, "/") if begins else None
        if condition and not begins and not _AFTER_CONDITION.match(self._data, match.end()):
            return None
        self._add(at + 1, self._pattern_end(match.end()), LiteralKind.PATTERN)
        return match.end()

    def _give_up(self, at: int, first: str) -> int:
        """What begins at ``at`` has no end on its line: the line is read on without looking for its kind."""
        if not self._without:
            self._until = self._line_end(at)
        self._without = "".join(sorted({*self._without, first}))
        return at + 1

    def _line_end(self, at: int) -> int:
        match = _LINE_END.search(self._data, at)
        return match.start() if match else self._size

    def _brace(self, at: int) -> int | None:
        """Count braces of an interpolation; where to go on when its template does."""
        if self._data[at] == 0x7B:
            self._depths[-1] += 1
            return None
        if self._depths[-1]:
            self._depths[-1] -= 1
            return None
        self._depths.pop()
        return self._template(at + 1, joined=True)

    def _template(self, at: int, *, joined: bool) -> int:
        """A piece of a template that begins at ``at``: where to go on, inside its interpolation or behind it."""
        match = _CHUNK.match(self._data, at)
        end = match.end() if match else at
        self._add(at, end, LiteralKind.TEMPLATE, joined=joined)
        if bytes(self._data[end : end + 2]) == b"${":
            self._depths.append(0)
            return end + 2
        return end + 1

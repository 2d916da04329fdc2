"""The part of YAML that front matter and small settings use: tables, lists, quoted, plain and block texts.

1. Every scalar is a text. Anchors, aliases, tags and merge keys are text too: nothing grows when it is read.
2. A line that fits nowhere is left out; reading goes on. Every line is read once, so the time is that of the length.
3. Tables and lists deeper than 24 are left out.
"""

import re
from dataclasses import dataclass
from typing import Final

from clearance.observe.static.documents.yaml_flow import read_flow, unquoted

_DEEPEST: Final = 24
_KEY: Final = re.compile(
    r"(?:(\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+')|([^\s\"'#\[\]{},&*!|>%@`-][^\n:]*+(?::(?![ \t]|\Z)[^\n:]*+)*+"
    r"|-(?![ \t]|\Z)[^\n:]*+(?::(?![ \t]|\Z)[^\n:]*+)*+))[ \t]*:(?:[ \t]+|\Z)"
)
_DASH: Final = re.compile(r"-(?:[ \t]+|\Z)")
_BLOCK: Final = re.compile(r"([|>])[+-]?\d?[+-]?[ \t]*(?:#.*)?\Z")
_REMARK: Final = re.compile(r"(?:\A|[ \t])#.*")

Plain = dict[str, object] | list[object] | str | None


@dataclass(slots=True)
class _Line:
    indent: int
    text: str


def read_yaml(text: str) -> Plain:
    """The document's value: a table, a list, a text, or None where there is none."""
    raw = text.splitlines()
    return _Reader([_Line(len(line) - len(line.lstrip(" \t")), line.strip()) for line in raw], raw).block(0, 0)


class _Reader:
    """Lines, and how far they were read."""

    def __init__(self, lines: list[_Line], raw: list[str]) -> None:
        self._lines, self._raw = lines, raw
        self._at = 0

    def block(self, least: int, depth: int) -> Plain:
        """The table, list or text whose lines are indented by at least ``least``."""
        line = self._next()
        if line is None or line.indent < least:
            return None
        if _DASH.match(line.text):
            return self._list(line.indent, depth)
        if _KEY.match(line.text):
            return self._table(line.indent, depth)
        self._at += 1
        return self._value(line.text, least - 1)

    def _next(self) -> _Line | None:
        """The next line that says something."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.text and not line.text.startswith("#") and line.text not in ("---", "..."):
                return line
            self._at += 1
        return None

    def _list(self, indent: int, depth: int) -> list[object]:
        found: list[object] = []
        while (line := self._next()) is not None and line.indent == indent and (dash := _DASH.match(line.text)):
            rest = line.text[dash.end() :]
            if _KEY.match(rest) or _DASH.match(rest):
                # What follows the dash is read as a line of its own, indented to where it stands.
                self._lines[self._at] = _Line(indent + dash.end(), rest)
                found.append(self._deeper(indent + 1, depth))
                continue
            self._at += 1
            found.append(self._deeper(indent + 1, depth) if not rest or rest[0] == "#" else self._value(rest, indent))
        return found

    def _table(self, indent: int, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while (line := self._next()) is not None and line.indent >= indent:
            self._at += 1
            key = _KEY.match(line.text) if line.indent == indent else None
            if key is None:
                continue
            rest = line.text[key.end() :]
            bare = not rest or rest[0] == "#"
            name = unquoted(key[1]) if key[1] is not None else key[2].strip()
            found[name] = self._below(indent, depth) if bare else self._value(rest, indent)
        return found

    def _below(self, indent: int, depth: int) -> Plain:
        """What belongs to a key that has nothing beside it; a list may stand as far left as the key."""
        line = self._next()
        if line is not None and line.indent == indent and _DASH.match(line.text) and depth < _DEEPEST:
            return self._list(indent, depth + 1)
        return self._deeper(indent + 1, depth)

    def _deeper(self, least: int, depth: int) -> Plain:
        if depth < _DEEPEST:
            return self.block(least, depth + 1)
        while (line := self._next()) is not None and line.indent >= least:
            self._at += 1
        return None

    def _value(self, first: str, indent: int) -> Plain:
        if block := _BLOCK.match(first):
            return self._block_text(indent, folded=block[1] == ">")
        if first[0] in "[{":
            return read_flow(first, self._further(indent, also="]}"))
        if first[0] in "\"'":
            return unquoted(first, self._further(indent))
        parts = [_REMARK.sub("", first), *(_REMARK.sub("", line) for line in self._further(indent))]
        return " ".join(filter(None, map(str.strip, parts)))

    def _further(self, indent: int, also: str = "") -> list[str]:
        """The lines that go on with a value: those indented deeper, and one that begins with ``also``."""
        found: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            closes = bool(line.text) and line.text[0] in also
            if line.text and line.indent <= indent and not closes:
                break
            self._at += 1
            found.append(line.text)
            if closes and line.indent <= indent:
                break
        return found

    def _block_text(self, indent: int, *, folded: bool) -> str:
        begin = self._at
        while self._at < len(self._lines) and (not self._lines[self._at].text or self._lines[self._at].indent > indent):
            self._at += 1
        lines = self._raw[begin : self._at]
        margin = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
        text = "\n".join(line[margin:].rstrip() for line in lines)
        return re.sub(r"(?<=\S)\n(?=\S)", " ", text).strip() if folded else text.strip("\n")

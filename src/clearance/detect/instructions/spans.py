"""A text of Markdown apart: sentences that speak to the agent, and code that it may run. One pass, linear time."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_FENCE: Final = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*([\w+-]{0,20})[^\n]*$", re.MULTILINE)
_BLOCK: Final = re.compile(r"\n(?=[ \t>]*(?:\n|[-*+] |\d{1,3}[.)] |#|\|))")
_STOP: Final = re.compile(r"[.!?](?=[\s\"')*_]|\Z)|[。！？]|\n(?=[ \t>]*\n)")
_TICKS: Final = re.compile(r"(?<!`)`([^`\n]{4,2000})`(?!`)")
_CAPITAL: Final = re.compile(r"\n(?=[ \t>]*[A-Z*_`])")
_LINE: Final = re.compile(r"\n")
_WORDS: Final = re.compile(
    r"[ \t>]*(?:[-*#/]{1,4}[ \t]+|\d{1,3}\. )?(?:[*_]{2})?[A-Z][\w'-]*:?(?:[*_]{2})?:? (?:\S+ ){2}"
)
_SIGNS: Final = re.compile(r"[{}();=\[\]<>]")
_QUOTED: Final = re.compile(r"`[^`\n]{2,200}`")
_LONGEST: Final = 800
"""Characters of a sentence; a longer one is cut into pieces."""
_SHELLS: Final = frozenset(
    {"", "bash", "sh", "shell", "zsh", "console", "shell-session", "powershell", "ps1", "cmd", "bat", "text"}
)


class Span(NamedTuple):
    """A piece of a text, in code points."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The code point behind the last one."""
        return self.start + len(self.text)


def apart(text: str) -> tuple[list[Span], list[Span], list[Span]]:
    """Prose, the inside of fenced blocks that a shell could run, and that of the other blocks."""
    prose: list[Span] = []
    code: list[Span] = []
    others: list[Span] = []
    at, opened = 0, None
    for mark in _FENCE.finditer(text):
        if opened is None:
            prose.append(Span(text[at : mark.start()], at))
            opened = mark
        elif mark[1].startswith(opened[1]) and not mark[2]:
            kept = code if opened[2].lower() in _SHELLS else others
            kept.append(Span(text[opened.end() : mark.start()], opened.end()))
            at, opened = mark.end(), None
    if opened is not None:  # a fence that never closes: both
        code.append(Span(text[opened.end() :], opened.end()))
        at = opened.end()
    prose.append(Span(text[at:], at))
    return prose, code, others


def sentences(prose: Span) -> Iterator[Span]:
    """Its sentences; a list item, a heading and a row of a table end one.

    What begins a line with a capital may be a sentence whatever stands before it: it is given once more by itself.
    """
    for block in _cut(prose, _BLOCK):
        for sentence in _cut(block, _STOP):
            yield from _pieces(sentence)
            for line in list(_cut(sentence, _CAPITAL))[1:]:
                yield from _pieces(line)


def prose_in_code(code: Span) -> Iterator[Span]:
    """Lines of a block that are words rather than code: templates, comments, and what was put there to be read."""
    for line in _cut(code, _LINE):
        if _WORDS.match(line.text) and not is_code(line.text):
            yield from _pieces(line)


def is_code(text: str) -> bool:
    """Whether a piece of source stands where prose is expected: a text may begin in the middle of a block."""
    plain = _QUOTED.sub("", text)
    return len(_SIGNS.findall(plain)) > 4 + len(plain) / 25


def _pieces(sentence: Span) -> Iterator[Span]:
    for at in range(0, len(sentence.text), _LONGEST):
        yield Span(sentence.text[at : at + _LONGEST], sentence.start + at)


def inline_code(prose: Span) -> Iterator[Span]:
    """What stands between backticks and has a space or a sign of the shell in it."""
    for match in _TICKS.finditer(prose.text):
        if re.search(r"\s|[|;&$]", match[1].strip()):
            yield Span(match[1], prose.start + match.start(1))


def _cut(span: Span, mark: "re.Pattern[str]") -> Iterator[Span]:
    at = 0
    for match in mark.finditer(span.text):
        yield Span(span.text[at : match.end()], span.start + at)
        at = match.end()
    yield Span(span.text[at:], span.start + at)

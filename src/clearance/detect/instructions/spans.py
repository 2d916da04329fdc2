"""A text of Markdown apart: sentences that speak to the agent, and code that it may run. One pass, linear time."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_FENCE: Final = re.compile(r"^[ \t>]*(`{3,}|~{3,})[ \t]*([\w+-]{0,20})[^\n]*$", re.MULTILINE)
_BLOCK: Final = re.compile(r"\n(?=[ \t>]*(?:\n|[-*+] |\d{1,3}[.)] |#|\|))")
_STOP: Final = re.compile(r"[.!?](?=[\s\"')*_]|\Z)|[。！？]|\n(?=[ \t>]*\n)")
_TICKS: Final = re.compile(r"(?<!`)`([^`\n]{4,2000})`(?!`)")
_LONGEST: Final = 800
"""Characters of a sentence; a longer one is cut into pieces."""
_SHELLS: Final = frozenset({"", "bash", "sh", "shell", "zsh", "console", "shell-session", "powershell", "ps1", "cmd", "bat", "text"})  # fmt: skip


class Span(NamedTuple):
    """A piece of a text, in code points."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The code point behind the last one."""
        return self.start + len(self.text)


def apart(text: str) -> tuple[list[Span], list[Span]]:
    """Prose, and the inside of fenced blocks that a shell could run; blocks in other languages are neither."""
    prose: list[Span] = []
    code: list[Span] = []
    at, opened = 0, None
    for mark in _FENCE.finditer(text):
        if opened is None:
            prose.append(Span(text[at : mark.start()], at))
            opened = mark
        elif mark[1].startswith(opened[1]) and not mark[2]:
            if opened[2].lower() in _SHELLS:
                code.append(Span(text[opened.end() : mark.start()], opened.end()))
            at, opened = mark.end(), None
    if opened is not None:  # a fence that never closes: both
        code.append(Span(text[opened.end() :], opened.end()))
        at = opened.end()
    prose.append(Span(text[at:], at))
    return prose, code


def sentences(prose: Span) -> Iterator[Span]:
    """Its sentences; a list item, a heading and a row of a table end one."""
    for block in _cut(prose, _BLOCK):
        for sentence in _cut(block, _STOP):
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

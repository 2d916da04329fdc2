"""Plain text: what a reader sees, in one form.

1. A backspace takes away what it erases.
2. Invisible code points, controls and escapes of terminals are left out; quotes, dashes, spaces and line ends are
   written in one form; the rest is in NFKC; piles of combining marks are left out.
3. Spaces at the ends of lines are left out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

from clearance.detect.canonical.code_points import MARKS, character_class, joining, one_form, work
from clearance.detect.canonical.nouns import Edit, View, applied

PILE: Final = 4
"""Combining marks on one letter from which on they are there to cover it."""
_PILE: Final = re.compile(f"[{character_class(MARKS)}]{{{PILE},}}")
_MOST_MARKS: Final = 30
"""The longest run of combining marks in text that is safe to normalise (UAX #15, stream-safe text)."""
_CACHED: Final = 16
_KEPT: Final = 16384
_ROUNDS: Final = 6
_TRAILING: Final = re.compile(r"(?<! ) +(?![^\n])")
_ASCII_WORK: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def plain(raw: View) -> View:
    """The plain view of a text. The plain view of a plain text is the text itself."""
    view = raw
    if "\b" in view.text:
        view = _edited(view, erased)
    if not view.text.isascii() or _ASCII_WORK.search(view.text):
        view = _one_form(view)
    if " \n" in view.text or view.text.endswith(" "):
        view = _edited(view, _ends_of_lines)
    return view


def erased(text: str) -> Iterator[Edit]:
    """What backspaces erase, with them; never beyond the beginning of a line."""
    at = 0
    while (first := text.find("\b", at)) != -1:
        end = first
        while end < len(text) and text[end] == "\b":
            end += 1
        begin = max(first - (end - first), text.rfind("\n", at, first) + 1, at)
        yield Edit(begin, end, "")
        at = end


def _edited(view: View, edits: Callable[[str], Iterable[Edit]], text: str | None = None) -> View:
    before = view.text
    return view.edited(applied(before, edits(before)) if text is None else text, lambda: edits(before))


class _Joins(Exception):  # noqa: N818 - no error: the short way ends here
    """A piece changes together with what stands before it."""


class _Pieces(dict[str, str]):
    """Plain forms of a few code points, as many as are kept."""

    def __missing__(self, text: str) -> str:
        new = _kept(text) if len(text) <= _CACHED else _one_piece(text)
        if new and ord(new[0]) in joining():
            raise _Joins
        if len(text) <= _CACHED:
            if len(self) >= _KEPT:
                self.clear()
            self[text] = new
        return new


_PIECES: Final = _Pieces()


def _replaced(match: re.Match[str]) -> str:
    return _PIECES[match[0]]


def _one_form(view: View) -> View:
    try:
        return _edited(view, _in_one_form, work().sub(_replaced, view.text))
    except _Joins:
        return _edited(view, _in_one_form)


def _in_one_form(text: str) -> Iterator[Edit]:
    for match in work().finditer(text):
        start, end = match.span()
        old = match[0]
        try:
            new = _PIECES[old]
        except _Joins:
            start = max(0, start - 1)
            old = text[start:end]
            new = _kept(old) if len(old) <= _CACHED else _one_piece(old)
        if new != old:
            yield Edit(start, end, new)


def _ends_of_lines(text: str) -> Iterator[Edit]:
    return (Edit(*match.span(), "") for match in _TRAILING.finditer(text))


@lru_cache(maxsize=_KEPT)
def _kept(text: str) -> str:
    return _one_piece(text)


def _one_piece(text: str) -> str:
    if text[0] == "\x1b":
        return ""
    for _ in range(_ROUNDS):
        new = _once(text)
        if new == text:
            break
        text = new
    return text


def _once(text: str) -> str:
    text = _marked(_PILE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(one_form())))
    return _marked(_PILE.sub("", unicodedata.normalize("NFKC", text)).translate(one_form()))


def _marked(text: str) -> str:
    """Text without runs of combining marks that would take long to put in order."""
    if len(text) <= _MOST_MARKS:
        return text
    run, kept = 0, []
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)

"""The skeleton by Unicode TR39 of words that pass for Latin ones; honest words of other scripts are left alone.

A word that mixes Latin letters with look-alikes of Latin letters is written in Latin letters. A word of look-alikes
only is too, unless an honest word of its script stands in the same line.
"""

import importlib.resources
import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec

from clearance.detect.canonical.nouns import Edit, View, applied

_WORD: Final = re.compile(r"\w+")
_LATIN_LETTERS: Final = 0x250
"""Below it lie the letters that languages in Latin script are written with."""
_SMALL_CAPITAL: Final = re.compile("LATIN LETTER SMALL CAPITAL ([A-Z])")


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    c: str


def skeleton(plain: View) -> View:
    """The skeleton of a plain text; the view itself where nothing passes for Latin."""
    text = plain.text
    if text.isascii() or not _pattern().search(text) or next(_edits(text), None) is None:
        return plain
    return plain.edited(applied(text, _edits(text)), lambda: _edits(text))


@cache
def latin() -> dict[int, str]:
    """Code points that pass for an ASCII letter, and for which."""
    raw = importlib.resources.files("confusable_homoglyphs").joinpath("confusables.json").read_bytes()
    listed = msgspec.json.decode(raw, type=dict[str, tuple[_Entry, ...]])
    found = {}
    for letter in string.ascii_letters:
        for entry in listed.get(letter, ()):
            if len(entry.c) == 1 and ord(entry.c) >= _LATIN_LETTERS:
                found[ord(entry.c)] = "I" if letter == "l" and entry.c.isupper() else letter
    for code in (*range(_LATIN_LETTERS, 0x2C0), *range(0x1D00, 0x1D80), *range(0xA720, 0xA800)):
        name = _SMALL_CAPITAL.fullmatch(unicodedata.name(chr(code), ""))
        if name:
            found[code] = name[1].lower()
    return {code: letter for code, letter in found.items() if chr(code).isalpha()}


@cache
def _pattern() -> re.Pattern[str]:
    first = "".join(chr(code) for code in latin() if code < 0x10000) + "\U00010000-\U0010ffff"
    return re.compile(rf"[{first}][{first}]*+(?![^\W\d_a-zA-Z])")  # one class first: the engine skips to it


def _edits(text: str) -> Iterator[Edit]:
    """Words in order, each looked at once; those with an honest letter beside a look-alike are passed over."""
    begin = -1
    for match in _pattern().finditer(text):
        before = text[match.start() - 1 : match.start()]
        if match.start() < begin or (before > "\x7f" and before.isalpha()) or not match[0][0].isalnum():
            continue
        start, begin = _word(text, match.start())
        word = text[start:begin]
        new = word.translate(latin())
        if not new.isascii() or new == word:
            continue
        if any("a" <= c <= "z" or "A" <= c <= "Z" for c in word) or not _honest_beside(text, start, begin):
            yield Edit(start, begin, new)


def _word(text: str, at: int) -> tuple[int, int]:
    start = at
    while start and text[start - 1].isalnum() and at - start < 64:
        start -= 1
    end = at
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, end


_BESIDE: Final = 200


def _honest_beside(text: str, start: int, end: int) -> bool:
    """Whether a letter of no look-alike, and not of Latin, stands near in the line."""
    before = text[max(0, start - _BESIDE) : start].rpartition("\n")[2]
    after = text[end : end + _BESIDE].partition("\n")[0]
    return _honest().search(before) is not None or _honest().search(after) is not None


@cache
def _honest() -> re.Pattern[str]:
    passing = "".join(chr(code) for code in latin())
    return re.compile(rf"(?![{passing}])[^\W\d_\x00-\u024f]")

"""Look-alikes by Unicode TR39: every code point to its prototype, and the skeleton of a text.

The data is that of ``confusable_homoglyphs`` (TR39's confusables.txt). There each pair is listed both ways, so the
direction is lost: a group of look-alikes is a star, its centre is the prototype. Right-to-left entries carry stray
LEFT-TO-RIGHT MARKs, which are taken off.
"""

import functools
import importlib.resources
import unicodedata
from collections.abc import Mapping

import msgspec

from clearance.observe.difference.codepoints import is_dash, is_diacritic, is_invisible, is_quote, is_space


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    c: str
    n: str


_STRAY = "\u200e"


@functools.cache
def prototypes() -> Mapping[str, str]:
    """Code point to TR39 prototype (one or more code points); prototypes themselves are not keys."""
    raw = importlib.resources.files("confusable_homoglyphs").joinpath("confusables.json").read_bytes()
    listed = msgspec.json.decode(raw, type=dict[str, tuple[_Entry, ...]])
    near: dict[str, set[str]] = {}
    for key, entries in listed.items():
        source = key.strip(_STRAY)
        for entry in entries:
            target = entry.c.strip(_STRAY)
            near.setdefault(source, set()).add(target)
            near.setdefault(target, set()).add(source)
    found: dict[str, str] = {}
    for source, targets in near.items():
        centre = max((source, *sorted(targets)), key=lambda text: _rank(text, near))
        if len(source) == 1 and centre != source:
            found[source] = centre
    return found


def _rank(text: str, near: Mapping[str, set[str]]) -> tuple[int, bool, bool, int]:
    """The centre of a star has most neighbours; of two, a sequence before a code point, ASCII before others."""
    return (len(near.get(text, ())), len(text) > 1, text.isascii(), -ord(text[0]))


@functools.lru_cache(maxsize=65536)
def prototype(char: str) -> str:
    """What ``char`` looks like: its prototype, resolved to the end.

    Quotes and dashes that TR39 leaves apart because they differ in length or slant are left apart here too; see
    :func:`likeness` for the coarser view.
    """
    table = prototypes()
    current = unicodedata.normalize("NFD", char)
    for _ in range(4):
        step = unicodedata.normalize("NFD", "".join(table.get(each, each) for each in current))
        if step == current:
            break
        current = step
    return current


def skeleton(text: str) -> str:
    """TR39's skeleton: two texts with equal skeletons look alike."""
    return "".join(map(prototype, text))


@functools.lru_cache(maxsize=65536)
def likeness(char: str) -> str:
    """The plainest thing that ``char`` can be taken for; ASCII stays as it is, what is invisible becomes nothing.

    Only a key to line texts up with: equal likeness is not yet a claim that a reader is deceived.
    """
    if "\x20" <= char <= "\x7e" or char == "\n":
        return char
    if is_invisible(char) or is_diacritic(char):
        return ""
    if is_space(char):
        return "\n" if char in "\x85\u2028\u2029\r" else " "
    plain = unicodedata.normalize("NFKD", char)
    if not plain.isascii():
        plain = _bare("".join(map(prototype, plain)))
    if plain == "''":
        return '"'
    if len(plain) == 1 and not plain.isascii():
        plain = "'" if is_quote(char) else "-" if is_dash(char) else plain
    return plain


def _bare(text: str) -> str:
    kept = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return kept or text

"""A text as a sequence of tokens that keep their place in it; tokens that could be taken for one another share a key.

Tokens are cut from a light copy (escapes undone, invisible code points dropped, look-alikes made plain), so that a
disguise does not change where a word ends. Statements of a level, dates and times are tokens whose key tells only
their kind: they line up with one another whatever they say.
"""

import functools
import itertools
import re
from bisect import bisect_right
from dataclasses import dataclass

from clearance.observe.difference.atoms import AtomKind, kind_of, pieces
from clearance.observe.difference.confusables import likeness
from clearance.observe.difference.views import ESCAPE, undo

_PLAIN_STOPS = re.compile(r"[^\x20-\x7e\n]+")
_STOPS = re.compile(rf"[^\x20-\x7e\n]+|{ESCAPE.pattern}", re.VERBOSE)

STATED = "\0stated"
DATED = frozenset({"\0date", "\0timestamp", "\0clock", "\0epoch"})
_BY_KIND = frozenset({AtomKind.DATE, AtomKind.TIMESTAMP, AtomKind.CLOCK, AtomKind.EPOCH})
_ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", '"': "'", "`": "'"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token, or several in a row. ``text`` is as sent."""

    key: str
    text: str
    at: int
    own: bool = False
    """A statement of this side's own level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text cut into tokens; the texts of all tokens joined are the text. Kept as columns: texts have thousands."""

    text: str
    keys: tuple[str, ...]
    starts: tuple[int, ...]
    """Index of each token in the text, and the text's length at the end."""
    own: frozenset[int]
    """Tokens that state this side's own level."""

    def piece(self, index: int) -> str:
        """The text of the token at ``index``."""
        return self.text[self.starts[index] : self.starts[index + 1]]

    def token(self, index: int) -> Token:
        """The token at ``index``."""
        return Token(key=self.keys[index], text=self.piece(index), at=self.starts[index], own=index in self.own)

    def run(self, place: range) -> Token:
        """Tokens in a row as one; an empty run keeps its place."""
        start = self.starts[place.start]
        return Token(key="", text=self.text[start : self.starts[place.stop]], at=start)


def read(text: str, own: tuple[str, ...], others: tuple[str, ...]) -> Reading:
    """The tokens of ``text``, at least one. ``own`` and ``others``: plain statements of this level and the other."""
    statements = _matcher(own + others)
    keys: list[str] = []
    starts: list[int] = []
    said: set[int] = set()
    at = 0
    for match in statements.finditer(text) if statements else ():
        _tokens(text[at : match.start()], at, keys, starts)
        if match.group() in own:
            said.add(len(keys))
        keys.append(STATED)
        starts.append(match.start())
        at = match.end()
    _tokens(text[at:], at, keys, starts)
    if not keys:
        keys, starts = [""], [0]
    return Reading(text=text, keys=tuple(keys), starts=(*starts, len(text)), own=frozenset(said))


@functools.lru_cache(maxsize=256)
def _matcher(renderings: tuple[str, ...]) -> re.Pattern[str] | None:
    """Whole words, longest first, case-sensitive."""
    wanted = sorted({each for each in renderings if each}, key=lambda each: (-len(each), each))
    edged = (
        (r"(?<!\w)" if each[0].isalnum() else "") + re.escape(each) + (r"(?!\w)" if each[-1].isalnum() else "")
        for each in wanted
    )
    return re.compile("|".join(edged)) if wanted else None


def _tokens(text: str, offset: int, keys: list[str], starts: list[int]) -> None:
    """Add the tokens of a stretch without statements; what the light copy drops belongs to the token before it."""
    if not text:
        return
    light, places = _light(text)
    cut = pieces(light)
    ends = itertools.accumulate(map(len, cut), initial=0)
    first = len(keys)
    if places is None:
        keys.extend(map(_key, cut))
        starts.extend(offset + at for at, _ in zip(ends, cut, strict=False))
        return
    for piece, start in zip(cut, map(places.source, ends), strict=False):
        if start is not None:
            starts.append(offset + start)
            keys.append(_key(piece))
        else:  # begins inside what one code point became: no place of its own
            keys[-1] += _key(piece)
    if len(keys) == first:
        keys.append("")
        starts.append(offset)
    starts[first] = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """From the light copy back to the text."""

    light: list[int]
    text: list[int]
    whole: list[bool]
    """True for a stretch copied as it was, False for what one code point or escape became."""

    def source(self, at: int) -> int | None:
        """Place in the text of a place in the light copy; None inside what one code point became."""
        index = bisect_right(self.light, at) - 1
        apart = at - self.light[index]
        if apart and not self.whole[index]:
            return None
        return self.text[index] + apart


def _light(text: str) -> tuple[str, _Places | None]:
    """The light copy, and the way back from it; None where it is the text itself."""
    stops = _STOPS if "\\" in text or "%" in text or "&" in text else _PLAIN_STOPS
    if stops.search(text) is None:
        return text, None
    out: list[str] = []
    places = _Places(light=[], text=[], whole=[])
    size = at = 0

    def add(piece: str, source: int, *, whole: bool) -> int:
        if piece:
            places.light.append(size)
            places.text.append(source)
            places.whole.append(whole)
            out.append(piece)
        return size + len(piece)

    for match in stops.finditer(text):
        size = add(text[at : match.start()], at, whole=True)
        if match.group().isascii() and match.group().isprintable():
            size = add("".join(map(likeness, undo(match.group()))), match.start(), whole=False)
        else:
            for index, char in enumerate(match.group()):
                size = add(likeness(char), match.start() + index, whole=False)
        at = match.end()
    add(text[at:], at, whole=True)
    return "".join(out), places


@functools.lru_cache(maxsize=16384)
def _key(piece: str) -> str:
    kind = kind_of(piece)
    if kind is AtomKind.SPACE:
        return " "
    if kind in _BY_KIND:
        return f"\0{kind}"
    return piece.casefold().translate(_ALIKE)

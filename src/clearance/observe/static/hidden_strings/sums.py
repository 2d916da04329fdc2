"""Strings that code puts together from literals, names of literals, items of lists and numbers of letters.

``'exam' + 'ple.com'``, ``v0 + v1 + v2``, ``p[2] + p[0]``, ``${a}${b}``, ``f"{a}{b}"``, ``[a, b].join('')``,
``chr(104) + chr(105)``. Only what is constant throughout is read; where one term is not, the terms around it are read
as sums of their own. The work is linear in the signs of addition, templates and joins of a member.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from clearance.observe.static.hidden_strings.batches import Ints
from clearance.observe.static.hidden_strings.constants import Constants
from clearance.observe.static.hidden_strings.likelihood import Bytes
from clearance.observe.static.hidden_strings.measured import Measured
from clearance.observe.static.hidden_strings.numbers import numbers_in

MOST_SIGNS: Final = 200_000
"""Signs of addition of a member that are looked at."""
_MOST_TERMS: Final = 4096
_BACK: Final = 72
_NAME_BEFORE: Final = re.compile(rb"\s{0,40}+(?:\](\d{1,4})\[)?([\w$]{1,40}(?:\.[\w$]{1,40}){0,4})")
"""From the sign backwards: only then is it decided at the first byte."""
_NAME_BEHIND: Final = re.compile(
    rb"\s*((?:[A-Za-z_$][\w$]{0,40}\.){0,4}[A-Za-z_$][\w$]{0,40})(?:\[(\d{1,4})\])?(?![\w$.(\[])"
)
_LETTERS: Final = rb"(?:String\.)?(?:fromCharCode|fromCodePoint|chr)\(([\s\dxXa-fA-F,]{1,400})\)"
_LETTERS_BEFORE: Final = re.compile(_LETTERS + rb"\s*\Z")
_LETTERS_BEHIND: Final = re.compile(rb"\s*" + _LETTERS)
_QUOTE_BEHIND: Final = re.compile(rb"\s*[bBrRuU]{0,2}[\"'`]")
_QUOTES: Final = b"\"'`"
_INTERPOLATED: Final = re.compile(rb"\}?\$\{\s*([A-Za-z_$][\w$.]{0,80})\s*\}")
_FIELD: Final = re.compile(rb"\{([A-Za-z_]\w{0,60})\}")
_NAMES: Final = rb"((?:[A-Za-z_$][\w$.]{0,60}\s*,\s*){1,400}[A-Za-z_$][\w$.]{0,60})\s*,?\s*"
_NAMES_BEFORE: Final = re.compile(rb"\[\s*" + _NAMES + rb"\]\s*\Z")
_NAMES_BEHIND: Final = re.compile(rb"\.join\(\s*[\[(]\s*" + _NAMES + rb"[\])]")
_JOIN: Final = re.compile(rb"\.join\(")
_JOINED: Final = 4096
_LONGEST_NAME, _LONGEST_PIECE = 72, 256
"""Bytes of an interpolation, its signs included, and of what stands between two, up to which a template is read."""
_PLUS, _BLANK = ord("+"), ord(" ")


@dataclass(slots=True)
class Sum:
    """Terms that were put together, in order, and where each is written."""

    terms: list[bytes] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    spelled: bool = False
    """Whether one of them was written as the numbers of its letters."""

    @property
    def whole(self) -> bytes:
        """What they say together."""
        return b"".join(self.terms)

    def add(self, term: tuple[bytes, int, bool]) -> None:
        """One more term."""
        self.terms.append(term[0])
        self.places.append(term[1])
        self.spelled |= term[2]


class Sums:
    """What one member puts together."""

    def __init__(self, strings: Measured) -> None:
        self._strings, self._data = strings, bytes(strings.script.data)
        self._constants = Constants(strings)

    def all(self) -> Iterator[Sum]:
        """Every sum of two and more constant terms."""
        yield from self._added()
        yield from self._beside()
        yield from self._templates()
        yield from self._fields()
        yield from self._joins()

    def _added(self) -> Iterator[Sum]:
        current, end = Sum(), -1
        for plus in self._signs():
            follows = end >= 0 and plus - end < _BACK and not bytes(self._data[end:plus]).strip()
            if not follows or len(current.terms) >= _MOST_TERMS:
                if len(current.terms) > 1:
                    yield current
                current = Sum()
                left = self._left(plus)
                if left is None:
                    end = -1
                    continue
                current.add(left)
            right = self._right(plus + 1)
            end = right[3] if right else -1
            if right:
                current.add(right[:3])
        if len(current.terms) > 1:
            yield current

    def _beside(self) -> Iterator[Sum]:
        """Python's literals with nothing between."""
        if not self._strings.script.python:
            return
        current = Sum()
        for index in np.flatnonzero(self._strings.added).tolist():
            place = int(self._strings.starts[index])
            if not current.terms or current.places[-1] != place:
                if len(current.terms) > 1:
                    yield current
                current = Sum()
                current.add((self._strings.plain(index), place, False))
            current.add((self._strings.plain(index + 1), int(self._strings.starts[index + 1]), False))
        if len(current.terms) > 1:
            yield current

    def _signs(self) -> Sequence[int]:
        """Signs of addition outside of literals that have a string, a name or a call on either side."""
        octets = self._strings.data
        signs = np.flatnonzero(octets[1:-1] == _PLUS) + 1
        single = (octets[signs - 1] != _PLUS) & (octets[signs + 1] != _PLUS) & (octets[signs + 1] != ord("="))
        signs = signs[single]
        signs = signs[~_parts_words(octets, signs, -1) & ~_parts_words(octets, signs, 1)]
        outside = self._strings.script.in_literals(signs) < 0
        found: list[int] = signs[outside][:MOST_SIGNS].tolist()
        return found

    def _left(self, at: int) -> tuple[bytes, int, bool] | None:
        before = bytes(self._data[max(0, at - _BACK) : at]).rstrip()
        last = before[-1:]
        if last and last in _QUOTES:
            return self._literal_ending(max(0, at - _BACK) + len(before) - 1)
        if last == b")":
            begin = max(0, at - 480)
            match = _LETTERS_BEFORE.search(bytes(self._data[begin:at]))
            return _spelled(match[1], begin + match.start(1)) if match else None
        match = _NAME_BEFORE.match(before[::-1])
        return self._named(match[2][::-1], match[1] and match[1][::-1], at) if match else None

    def _right(self, at: int) -> tuple[bytes, int, bool, int] | None:
        window = bytes(self._data[at : at + 480])
        if quote := _QUOTE_BEHIND.match(window):
            index = self._index_at(at + quote.end())
            if index is None:
                return None
            end = int(self._strings.ends[index]) + 1
            return self._strings.plain(index), at + quote.end(), False, end
        if letters := _LETTERS_BEHIND.match(window):
            term = _spelled(letters[1], at + letters.start(1))
            return (*term, at + letters.end()) if term else None
        if name := _NAME_BEHIND.match(window):
            named = self._named(name[1], name[2], at)
            return (*named, at + name.end()) if named else None
        return None

    def _named(self, name: bytes, number: bytes | None, at: int) -> tuple[bytes, int, bool] | None:
        known = self._constants.value(name, at) if number is None else self._constants.item(name, int(number), at)
        return (*known, False) if known else None

    def _literal_ending(self, at: int) -> tuple[bytes, int, bool] | None:
        """The literal whose closing quote stands there, if it is a whole string."""
        index = int(np.searchsorted(self._strings.ends, at))
        if index >= len(self._strings) or self._strings.ends[index] != at or self._is_part(index):
            return None
        return self._strings.plain(index), int(self._strings.starts[index]), False

    def _index_at(self, start: int) -> int | None:
        index = int(np.searchsorted(self._strings.starts, start))
        if index >= len(self._strings) or self._strings.starts[index] != start or self._is_part(index):
            return None
        return index

    def _is_part(self, index: int) -> bool:
        """Whether a literal is a piece of a template, of which more follows or went before."""
        end = int(self._strings.ends[index])
        more = bytes(self._data[end : end + 2]) == b"${"
        return more or bool(self._strings.script.joined[self._strings.indices[index]])

    def _templates(self) -> Iterator[Sum]:
        """Templates without blanks, as far as their interpolations are names of constants."""
        script, data = self._strings.script, self._data
        for first, last in self._short_templates():
            if data.find(b" ", script.starts[first], script.ends[last - 1]) >= 0:
                continue
            current = Sum()
            current.add((script.raw(first), int(script.starts[first]), False))
            for index in range(first + 1, last):
                name = _INTERPOLATED.fullmatch(data, script.ends[index - 1], script.starts[index])
                known = self._constants.value(name[1], int(script.starts[index])) if name else None
                if known:
                    current.add((*known, False))
                else:
                    yield from _several(current)
                    current = Sum()
                current.add((script.raw(index), int(script.starts[index]), False))
            yield from _several(current)

    def _short_templates(self) -> Iterator[tuple[int, int]]:
        """First literal and behind the last of each template whose pieces and interpolations are all short."""
        script = self._strings.script
        joined = np.flatnonzero(script.joined)
        if not len(joined) or joined[0] == 0:
            return
        short = script.starts[joined] - script.ends[joined - 1] <= _LONGEST_NAME
        short &= script.ends[joined] - script.starts[joined] <= _LONGEST_PIECE
        short &= script.ends[joined - 1] - script.starts[joined - 1] <= _LONGEST_PIECE
        begins = np.flatnonzero(np.concatenate(([True], np.diff(joined) != 1)))
        ends = np.concatenate((begins[1:], [len(joined)]))
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            if short[begin:end].all():
                yield int(joined[begin]) - 1, int(joined[end - 1]) + 1

    def _fields(self) -> Iterator[Sum]:
        """Python's f-strings of which every field is a name of a constant."""
        if not self._strings.script.python:
            return
        starts = self._strings.starts
        marked = self._strings.data[np.maximum(starts[:, None] - (2, 3), 0)] | 32
        for index in np.flatnonzero((marked == ord("f")).any(axis=1) & (self._strings.sizes <= _JOINED)).tolist():
            raw, place = self._strings.plain(index), int(starts[index])
            parts = _FIELD.split(raw)
            terms = [
                (part, place) if at % 2 == 0 else self._constants.value(part, place) for at, part in enumerate(parts)
            ]
            if len(parts) > 1 and b"{" not in b"".join(parts[::2]) and (found := _whole(terms)):
                yield found

    def _joins(self) -> Iterator[Sum]:
        """Lists of names that are joined without anything between."""
        data = self._data
        for match in _JOIN.finditer(data):
            at = match.start()
            behind = data[match.end() : match.end() + 8].lstrip()
            if behind[:2] in (b"''", b'""', b"``") and data[at - 1 : at] == b"]":
                begin = data.rfind(b"[", max(0, at - _JOINED), at)
                names = _NAMES_BEFORE.match(data, begin, at) if begin >= 0 else None
            elif data[at - 2 : at] in (b"''", b'""'):
                names = _NAMES_BEHIND.match(data, at, at + _JOINED)
            else:
                continue
            if names:
                yield from _found(self._constants.value(name.strip(), at) for name in names[1].split(b","))


def _parts_words(octets: Bytes, signs: Ints, step: int) -> npt.NDArray[np.bool_]:
    """Whether a string on one side of each sign begins or ends with a blank: a sentence is put together there."""
    last = len(octets) - 1
    beside = np.clip(signs + step, 0, last)
    beside = np.where(octets[beside] == _BLANK, np.clip(beside + step, 0, last), beside)
    quoted = (octets[beside] == ord('"')) | (octets[beside] == ord("'"))
    found: npt.NDArray[np.bool_] = quoted & (octets[np.clip(beside + step, 0, last)] == _BLANK)
    return found


def _several(found: Sum) -> Iterator[Sum]:
    """A sum of more than one term that is not empty."""
    kept = Sum(spelled=found.spelled)
    for term, place in zip(found.terms, found.places, strict=True):
        if term:
            kept.add((term, place, False))
    if len(kept.terms) > 1:
        yield kept


def _found(terms: Iterator[tuple[bytes, int] | None]) -> Iterator[Sum]:
    if found := _whole([*terms]):
        yield found


def _whole(terms: Sequence[tuple[bytes, int] | None]) -> Sum | None:
    found = Sum()
    for term in terms:
        if term is None:
            return None
        if term[0]:
            found.add((*term, False))
    return found if len(found.terms) > 1 else None


def _spelled(written: bytes, place: int) -> tuple[bytes, int, bool] | None:
    """Numbers as the letters that they are."""
    numbers = numbers_in(written)
    if not numbers or max(numbers) > 0xFFFF or any(0xD800 <= number < 0xE000 for number in numbers):
        return None
    return "".join(map(chr, numbers)).encode(), place, True

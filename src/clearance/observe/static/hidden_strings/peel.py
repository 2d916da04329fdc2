"""Layers taken off values until they say something: up to four deep, all values of a member side by side.

1. What reads as text is believed or not; what is believed is not looked into any further.
2. Codings and streams are tried on what can be one; each yields a value of one layer more.
3. What stays opaque is tried with keys: all one-byte keys at once, then keys written nearby, then repeating keys, then
   keys that run with the place.

The work is linear in the number of values, and they are taken a slice at a time, so that memory is bounded. What is
costly is tried on the first values only (the numbers are here and in ``keys``); all that is decoded in one member stays
under ``MOST_DECODED`` bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.arranged import arranged
from clearance.observe.static.hidden_strings.belief import LEAST, rank, repeats, said_either_way
from clearance.observe.static.hidden_strings.codings import decoded
from clearance.observe.static.hidden_strings.keys import Keys
from clearance.observe.static.hidden_strings.material import is_material
from clearance.observe.static.hidden_strings.reading import Reading
from clearance.observe.static.hidden_strings.streams import opened
from clearance.observe.static.hidden_strings.values import Value

MOST_LAYERS: Final = 4
MOST_DECODED: Final = 64 << 20
"""Bytes that come out of all values of a member together before no more are decoded."""
MOST_CAREFUL: Final = 3000
"""Values of a member that every coding and every kind of key is tried on; the rest are tried with the likely ones."""

MOST_LOOKED: Final = 40_000
"""Values of a member that are looked at in any way; honest members have a few hundred."""
_SLICE: Final = 2048
_LOOKED: Final = 24
_DOUBTFUL: Final = 4.8
_LIKELY: Final = frozenset(("hex", "base64", "base32", "URL encoding", "char codes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Peeled:
    """A value and what it says."""

    value: Value
    reading: Reading


class Peeler:
    """Takes layers off the values of one member."""

    def __init__(
        self, keys: Keys, alphabets: Sequence[bytes] = (), proven: frozenset[tuple[str, ...]] = frozenset()
    ) -> None:
        self._keys = keys
        self._proven = proven
        self._alphabets = alphabets
        self._left, self._careful, self._looked = MOST_DECODED, MOST_CAREFUL, MOST_LOOKED

    def peel(self, values: Iterable[Value]) -> Iterator[Peeled]:
        """Every value that says something after at least one layer, with what it says."""
        some = list(islice(values, self._looked))
        self._looked -= len(some)
        different = list({value.parts: value for value in reversed(some)}.values())[::-1]
        if self._proven:
            different = [replace(value, proven=self._proven) for value in different]
        for first in range(0, len(different), _SLICE):
            yield from self._together(self._allotted(different[first : first + _SLICE]))

    def _allotted(self, values: Sequence[Value]) -> list[Value]:
        """The values, those beyond the first ``MOST_CAREFUL`` of the member to be looked at quickly."""
        careful = min(self._careful, len(values))
        self._careful -= careful
        return [*values[:careful], *(replace(value, quick=True) for value in values[careful:])]

    def _together(self, level: list[Value]) -> Iterator[Peeled]:
        for depth in range(MOST_LAYERS + 1):
            found, closed = _sorted(level)
            yield from found
            if depth == MOST_LAYERS or not closed:
                return
            level = [inner for value in closed for inner in self._unwrapped(value)]
            level += self._keys.tried([value for value in closed if len(value.joined) >= LEAST])

    def _unwrapped(self, value: Value) -> Iterator[Value]:
        """The value in each coding and stream that it can be, and from its end where that is likelier."""
        if value.joined.isascii():
            yield from self._decoded(value)
        elif len(value.parts) == 1:
            yield from self._kept(value.without(layer, (inside,)) for layer, inside in opened(value.parts[0]))
        if not value.quick:
            yield from self._kept(arranged(value))

    def _decoded(self, value: Value) -> Iterator[Value]:
        """The parts in every coding that nearly all of them are in; told by the first of them."""
        some = _LIKELY if value.quick else None
        first = [dict(decoded(part, self._alphabets, some)) for part in value.parts[:_LOOKED]]
        names = dict.fromkeys(layer for each in first for layer in each)
        wanted = frozenset(name for name in names if 10 * sum(name in each for each in first) >= 9 * len(first))
        if not wanted:
            return
        every = first + [dict(decoded(part, self._alphabets, wanted)) for part in value.parts[_LOOKED:]]
        for layer in names:
            inner = tuple(each[layer] for each in every if layer in each)
            if layer in wanted and 10 * len(inner) >= 9 * len(every):
                yield from self._kept([value.without(layer, inner)])

    def _kept(self, values: Iterable[Value]) -> Iterator[Value]:
        """Those that are long enough, as long as not too much has been decoded."""
        for value in values:
            size = sum(map(len, value.parts))
            if size >= LEAST and self._left >= size:
                self._left -= size
                yield value


def _sorted(level: Iterable[Value]) -> tuple[list[Peeled], list[Value]]:
    """What says something, and what is still to be opened: nothing more of a place that was understood."""
    found, closed, understood = [], [], set()
    for value in level:
        if is_material(value.joined):
            understood.add(value.place)
        elif value.layers and len(value.parts) == 1 and repeats(value.joined):
            continue
        elif plain := said_either_way(value):
            found.append(Peeled(value=plain[0], reading=plain[1]))
            if _is_doubtful(*plain):
                closed.append(value)
            else:
                understood.add(value.place)
        else:
            closed.append(value)
    return found, [value for value in closed if value.place not in understood]


def _is_doubtful(value: Value, reading: Reading) -> bool:
    """Whether a key may lie on what reads as text after all: a small one leaves letters where letters were."""
    sure = reading.kind in (Hiding.HOSTS, Hiding.TIME_ZONES, Hiding.CODE) or not reading.text.isascii()
    return not sure and value.key_bytes == 0 and reading.bits > _DOUBTFUL


def best_of_each_place(found: Iterable[Peeled]) -> list[Peeled]:
    """Of several ways to read one place the likeliest, of equal ways the longest; in the order of the places."""
    best: dict[int, Peeled] = {}
    for each in found:
        place = each.value.place
        if place not in best or _is_better(each, best[place]):
            best[place] = each
    return [best[place] for place in sorted(best)]


def _is_better(one: Peeled, other: Peeled) -> bool:
    if one.value.layers == other.value.layers and len(one.value.lines) != len(other.value.lines):
        return len(one.value.lines) > len(other.value.lines)
    return rank(one.reading) < rank(other.reading)

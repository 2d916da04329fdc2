"""Strings that are not written down as they are used: found, opened, and read.

1. Candidates are gathered, what belongs together first: what code puts together from pieces, names and numbers of
   letters, arguments of one function, lists, odd literals, lists of numbers, long runs inside other text. What is
   written as anybody would write it is none.
2. Layers are taken off, up to four deep (``peel``), with every key that can be found by method.
3. What comes out is reported when it is a list of hosts, time zones, paths or words, code, or text, and when the
   evidence for that outweighs the number of ways in which it could have come out by chance (``belief``, ``evidence``).

Certificates, keys, pictures, fonts, machine code, hashes and tokens are no findings. Work and memory are linear in the
member's size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from clearance.model.contents import HiddenString, Where
from clearance.observe.static.hidden_strings.beside import together, without_pieces
from clearance.observe.static.hidden_strings.call_keys import CallKeys
from clearance.observe.static.hidden_strings.groups import calls, joined, lists, neighbours
from clearance.observe.static.hidden_strings.keys import Keys
from clearance.observe.static.hidden_strings.literals import odd_strings, own_alphabets, runs_inside
from clearance.observe.static.hidden_strings.measured import Measured, measured
from clearance.observe.static.hidden_strings.named_keys import NamedKeys
from clearance.observe.static.hidden_strings.numbers_in_code import number_lists
from clearance.observe.static.hidden_strings.outright import parted, spelled, turned
from clearance.observe.static.hidden_strings.peel import Peeled, Peeler, best_of_each_place
from clearance.observe.static.hidden_strings.pieced import added_up, pieced
from clearance.observe.static.hidden_strings.plain_text import pieces
from clearance.observe.static.hidden_strings.reading import Reading
from clearance.observe.static.hidden_strings.rotations import rotated_strings
from clearance.observe.static.hidden_strings.sorting import readings
from clearance.observe.static.hidden_strings.sums import Sum, Sums
from clearance.observe.static.hidden_strings.turned_names import turned_lists, turned_names
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.script import Script

MOST: Final = 400
"""Hidden strings of one member that are reported, those under a key first."""
_TEXT: Final = 16 << 10


def hidden_strings(script: Script, member: int) -> tuple[HiddenString, ...]:
    """What is hidden in a script's literals and lists of numbers, in the order of their places.

    Where a key was found all is looked at once more: under a key that is proven, less evidence does.
    """
    strings = measured(script)
    sums = [*Sums(strings).all()]
    found = _peeled(script, strings, sums, frozenset())
    keyed = frozenset(each.value.layers for each in found if not each.value.locked)
    if keyed:
        found = _peeled(script, strings, sums, keyed)
    return _reported(chain(found, parted(sums), spelled(bytes(script.data)), turned(strings)), member)


def _put_together(found: Peeled) -> Peeled:
    return replace(found, value=replace(found.value, layers=("joined", *found.value.layers)))


def _peeled(script: Script, strings: Measured, sums: Sequence[Sum], proven: frozenset[tuple[str, ...]]) -> list[Peeled]:
    """What can be read, when some layers are known to be in use."""
    data = bytes(script.data)
    peeler = Peeler(Keys(NamedKeys(script), CallKeys(data)), own_alphabets(strings), proven)
    found = [_put_together(each) for each in peeler.peel(chain(pieced(strings), added_up(sums)))]
    for candidates in (
        chain(calls(strings), lists(strings)),
        chain(joined(strings), neighbours(strings)),
        chain(
            number_lists(script, data),
            rotated_strings(strings),
            turned_names(strings),
            turned_lists(strings),
            odd_strings(strings),
            runs_inside(script, data),
        ),
    ):
        known = {place for each in found for place in (each.value.place, *each.value.places)}
        found += peeler.peel(value for value in candidates if value.place not in known)
    return found


def hidden_in_text(data: bytes | memoryview, member: int) -> tuple[HiddenString, ...]:
    """What is hidden in a text, a document or a data file: its quoted values, lines and long runs are its literals."""
    return hidden_strings(pieces(bytes(data)), member)


def _reported(found: Iterable[Peeled], member: int) -> tuple[HiddenString, ...]:
    best = without_pieces(best_of_each_place(found))
    first = sorted(best, key=lambda each: (each.value.key_bytes == 0, -each.reading.score))[:MOST]
    unique = {(each.value.layers, each.reading.text): each for each in reversed(first)}
    kept = sorted(unique.values(), key=lambda each: each.value.place)
    return together(_hidden(each.value, reading, member) for each in kept for reading in readings(each))


def _hidden(value: Value, reading: Reading, member: int) -> HiddenString:
    return HiddenString(
        layers=value.layers[:4],
        kind=reading.kind,
        items=reading.items,
        text=reading.text[:_TEXT],
        size=len(value.lines),
        encoded=value.written,
        score=reading.score,
        place=Where(member=member, offset=value.place),
    )

"""Single hosts and time zones that are written so that a search for them finds nothing.

Too short for any key to be told from chance, but no chance: a name in parts that no part gives away, a name as the
numbers of its letters, a name from its end. Each is a value of one item; whoever judges asks for more than one, or for
what stands near it.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from clearance.model.contents import Hiding
from clearance.observe.static.hidden_strings.batches import bits_a_byte
from clearance.observe.static.hidden_strings.hosts import is_certain_host
from clearance.observe.static.hidden_strings.measured import Measured
from clearance.observe.static.hidden_strings.numbers import numbers_in
from clearance.observe.static.hidden_strings.peel import Peeled
from clearance.observe.static.hidden_strings.reading import Reading
from clearance.observe.static.hidden_strings.sums import Sum
from clearance.observe.static.hidden_strings.values import Value
from clearance.observe.static.hidden_strings.zones import is_old_zone, is_zone

_LONGEST: Final = 4096
_ITEM: Final = re.compile(r"[^\s,;|\"'`\[\](){}<>]{6,200}")
_NAME: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{1,12}://)?(?:[^/@\s]{1,64}@)?([^/:?#\s]+)")
_MAKERS: Final = (b"fromCharCode", b"fromCodePoint", b"chr(", b"(chr,", b"bytes([")
_NUMBERS: Final = re.compile(
    rb"(?:0[xX][0-9a-fA-F]{1,4}|\d{1,5})(?:\s{0,4},\s{0,4}(?:0[xX][0-9a-fA-F]{1,4}|\d{1,5})){2,400}"
)
_BESIDE: Final = 400
_MOST_MAKERS: Final = 4000
_LEAST_MOVED: Final = 8
_SURE: Final = 0.9
_LEAST_JOINTS: Final = 2


def parted(sums: Iterable[Sum]) -> Iterator[Peeled]:
    """Hosts and zones of which no term of a sum shows the whole."""
    for one in sums:
        whole = one.whole
        if len(whole) > _LONGEST or not (b"." in whole or b"/" in whole):
            continue
        text = whole.decode("utf-8", "replace")
        joints = [*accumulate(len(term.decode("utf-8", "replace")) for term in one.terms)][:-1]
        zones, hosts = [], []
        for match in _ITEM.finditer(text):
            item, inside = match.group(), [at - match.start() for at in joints if match.start() < at < match.end()]
            if inside and is_zone(item):
                zones.append(item)
            elif (inside or one.spelled) and item[0] != "." and is_certain_host(item) and _is_parted(item, inside, one):
                hosts.append(item)
        layer = "char codes" if one.spelled else "joined"
        for kind, items in ((Hiding.HOSTS, hosts), (Hiding.TIME_ZONES, zones)):
            if items:
                yield _outright(kind, items, layer, one.places[0], len(whole))


def _is_parted(item: str, joints: list[int], one: Sum) -> bool:
    """Whether a host's name was taken apart where nobody does who writes for readers."""
    match = _NAME.match(item)
    if match is None:
        return False
    inside = [at for at in joints if match.start(1) < at < match.end(1)]
    if any(item[at - 1].isalnum() and item[at].isalnum() for at in inside):
        return True
    if any(is_certain_host(part) for term in one.terms for part in _ITEM.findall(term.decode("utf-8", "replace"))):
        return False
    return one.spelled or len(inside) >= _LEAST_JOINTS


def spelled(data: bytes) -> Iterator[Peeled]:
    """Hosts and zones whose letters are handed as numbers to what makes letters of them."""
    last = 0
    for maker in sorted(_makers(data))[:_MOST_MAKERS]:
        for written in _NUMBERS.finditer(data, max(last, maker - _BESIDE), maker + _BESIDE):
            last = written.end()
            numbers = numbers_in(written.group())
            kind, text = _name_of(numbers) if max(numbers) < 256 else (None, "")
            if kind:
                yield _outright(kind, [text], "char codes", written.start(), last - written.start())


def _makers(data: bytes) -> Iterator[int]:
    for maker in _MAKERS:
        at = data.find(maker)
        while at >= 0:
            yield at + len(maker)
            at = data.find(maker, at + 1)


def _name_of(numbers: list[int]) -> tuple[Hiding | None, str]:
    """The zone or host that numbers are letter by letter; a zone also where each was moved by the same number."""
    text = bytes(numbers).decode("latin-1")
    if is_zone(text) or (text.isupper() and is_old_zone(text)):
        return Hiding.TIME_ZONES, text
    if is_certain_host(text):
        return Hiding.HOSTS, text
    if len(numbers) >= _LEAST_MOVED:
        for key in range(1, 256):
            for moved in (bytes(number ^ key for number in numbers), bytes((number - key) & 255 for number in numbers)):
                if b"/" in moved and is_zone(moved.decode("latin-1")):
                    return Hiding.TIME_ZONES, moved.decode("latin-1")
    return None, ""


def turned(strings: Measured) -> Iterator[Peeled]:
    """Time zones that are written from their end: nothing else reads so."""
    last = strings.data[strings.ends - 1]
    capital = (last >= ord("A")) & (last <= ord("Z")) & (strings.sizes >= 6) & (strings.sizes <= 40)
    for index in capital.nonzero()[0].tolist():
        raw = bytes(strings.script.data[strings.starts[index] : strings.ends[index]])
        if b"/" in raw and raw.isascii() and is_zone(text := raw[::-1].decode()) and text.istitle():
            yield _outright(Hiding.TIME_ZONES, [text], "reversed", int(strings.starts[index]), len(raw))


def _outright(kind: Hiding, items: list[str], layer: str, place: int, written: int) -> Peeled:
    text = "\n".join(items)
    value = Value(parts=(text.encode(),), place=place, written=written, layers=(layer,))
    reading = Reading(kind=kind, items=tuple(items), text=text, score=_SURE, bits=bits_a_byte(text.encode()))
    return Peeled(value=value, reading=reading)

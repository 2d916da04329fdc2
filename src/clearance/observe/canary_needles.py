"""The forms that a canary's token takes when somebody disguises it, and an index that finds thousands of them at once.

Two views of what left are searched. The *squeezed* view keeps letters and digits only, in lower case: separators, line
breaks, URL-safe alphabets, DNS dots and changes of case all vanish in it. The *difference* view is each byte XOR the
one before: a one-byte XOR key vanishes in it.

The index rests on one fact: text of 15 bytes or more holds, wherever it lies, one whole eight-byte word that starts at
a multiple of eight. So it is enough to look each aligned word up in a set, whatever the number of needles.
"""

import base64
import codecs
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from clearance.model.canary import Canary, CanaryId

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_REST = bytes(set(range(256)) - set(_ALNUM))
_LOWER = bytes(range(256)).lower()
_WORD = 8
_WINDOW = 2 * _WORD - 1
_CORE = 48


def squeezed(data: bytes) -> bytes:
    """Letters and digits of the data, in lower case."""
    return data.translate(_LOWER, _REST)


def differences(data: bytes) -> bytes:
    """Each byte XOR the byte before it; the first byte stays. As long as the data."""
    number = int.from_bytes(data)
    return (number ^ (number >> 8)).to_bytes(len(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle:
    """One form of one canary."""

    canary: CanaryId
    layers: tuple[str, ...]
    sent: bytes
    """As it would be sent without separators."""
    text: bytes
    """As it appears in its view."""


class NeedleIndex:
    """Finds any of many needles in a view."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._by_word: dict[int, list[tuple[Needle, int]]] = defaultdict(list)
        for needle in needles:
            if len(needle.text) >= _WINDOW:
                # Tokens begin alike ("ghp_") and end at random, so the window is the end; reversed ones the start.
                turned = needle.layers.count("reversed") % 2
                first = 0 if turned else len(needle.text) - _WINDOW
                for at in range(first, first + _WORD):
                    word = int.from_bytes(needle.text[at : at + _WORD], sys.byteorder)
                    self._by_word[word].append((needle, at))
        self._words = frozenset(self._by_word)

    def find(self, view: bytes) -> Iterator[tuple[Needle, int]]:
        """Every needle in the view, with the offset where it begins."""
        words = memoryview(view)[: len(view) // _WORD * _WORD].cast("Q")
        if self._words.isdisjoint(words):
            return
        for position, word in enumerate(words):
            for needle, at in self._by_word.get(word, ()) if word in self._words else ():
                begin = position * _WORD - at
                if begin >= 0 and view.startswith(needle.text, begin):
                    yield needle, begin


def text_needles(canary: Canary) -> tuple[Needle, ...]:
    """Forms to look for in the squeezed view."""
    core = _core(canary)
    found: dict[bytes, Needle] = {}
    for names, sent in _forms(core):
        text = squeezed(sent)
        found.setdefault(text, Needle(canary=canary.id, layers=names or ("plain",), sent=sent, text=text))
    return tuple(found.values())


def xor_needles(canary: Canary) -> tuple[Needle, ...]:
    """Forms to look for in the difference view: its first byte depends on what came before, so it is left out."""
    core = _core(canary)
    bases = (((), core), (("reversed",), core[::-1]), (("lower case",), core.lower()), (("upper case",), core.upper()))
    return tuple(
        Needle(canary=canary.id, layers=("XOR", *layers), sent=base, text=differences(base)[1:])
        for layers, base in bases
    )


def piece_needles(forms: Iterable[Needle]) -> tuple[Needle, ...]:
    """Those forms that are also looked for in pieces: in place, turned round, in the codings of URLs and DNS labels."""
    wanted = ({"plain"}, {"reversed"}, {"hex"}, {"base64"}, {"base32"})
    return tuple(needle for needle in forms if set(needle.layers) in wanted)


def _core(canary: Canary) -> bytes:
    """The part of the token that is searched: its end, because real tokens of one kind begin alike."""
    return canary.token.encode()[-_CORE:]


def _forms(core: bytes) -> Iterator[tuple[tuple[str, ...], bytes]]:
    for inner, base in ((), core), (("reversed",), core[::-1]):
        for coding, sent in _codings(base):
            yield (*coding, *inner), sent
            yield ("reversed", *coding, *inner), sent[::-1]
    for name, base in ("lower case", core.lower()), ("upper case", core.upper()):
        yield ("hex", name), base.hex().encode()
        for shift in range(3):
            yield ("base64", name), _aligned(base64.b64encode(bytes(shift) + base), shift, len(base), 3, 4)


def _codings(base: bytes) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """Each coding of the base, at every alignment that more text before it could give it."""
    yield (), base
    yield ("ROT13",), codecs.encode(base.decode(), "rot13").encode()
    yield ("hex",), base.hex().encode()
    for shift in range(3):
        yield ("base64",), _aligned(base64.b64encode(bytes(shift) + base), shift, len(base), 3, 4)
    for shift in range(5):
        yield ("base32",), _aligned(base64.b32encode(bytes(shift) + base), shift, len(base), 5, 8)
    for shift in range(4):
        yield ("base85",), _aligned(base64.b85encode(b"\1" * shift + base), shift, len(base), 4, 5)
        yield ("base85",), _aligned(base64.a85encode(b"\1" * shift + base), shift, len(base), 4, 5)


def _aligned(coded: bytes, shift: int, length: int, group: int, letters: int) -> bytes:
    """The letters that the base alone decides: whole groups between what comes before and after it."""
    if group == 4:  # base85 mixes all bits of a group: only whole groups are certain
        first, last = -(-shift // group), (shift + length) // group
        return coded[first * letters : last * letters]
    bits = group * 8 // letters
    return coded[-(-shift * 8 // bits) : (shift + length) * 8 // bits]

"""What invisible code points say, where they are another way to write letters."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Final

from clearance.model.readable import readable

_MOST: Final = 1 << 16
"""Symbols that are read of one sequence."""
_LEAST: Final = 14
_FRAME: Final = 2
_GLANCE: Final = 64
_SHOWN: Final = 256
_LEAST_OTHERS: Final = 12
"""Bytes from which on text beyond ASCII is no chance."""
_ABSENT: Final = "\0"
"""Stands for a symbol that a text could have used and did not."""


def tags(text: str) -> str:
    """What tag characters say."""
    return "".join(chr(ord(c) - 0xE0000) for c in text if 0xE0020 <= ord(c) <= 0xE007E)


def selectors(text: str) -> str:
    """The bytes that variation selectors stand for: VS1 to VS16 are 0 to 15, VS17 to VS256 the rest."""
    codes = [ord(c) for c in text]
    low = [c - 0xFE00 for c in codes if 0xFE00 <= c <= 0xFE0F]
    both = (
        c - 0xFE00 if c < 0xFE10 else c - 0xE0100 + 16
        for c in codes
        if 0xFE00 <= c <= 0xFE0F or 0xE0100 <= c <= 0xE01EF
    )
    raw = bytes(both)
    ways = [raw, bytes((b + 16) % 256 for b in raw), bytes(c - 0xE0100 for c in codes if 0xE0100 <= c <= 0xE01EF)]
    if low and len(low) == len(raw):
        ways.append(bytes(a << 4 | b for a, b in zip(low[::2], low[1::2], strict=False)))
    return max(filter(None, (readable(way, least=2) for way in ways)), key=_likely, default="")


def digits(text: str) -> str:
    """A text written with two, three or four symbols as digits; empty where no way to read it says something."""
    text = _unframed(text[:_MOST])
    kinds = sorted(set(text), key=text.index)
    if not 2 <= len(kinds) <= 4 or len(text) < _LEAST:
        return ""
    return max(_readings(text, kinds), key=_likely, default="")


def _unframed(text: str) -> str:
    """Without what stands only before and behind the digits to say where they are."""
    frame = {text[:1], text[-1:]} - {""}
    inner = text.strip("".join(kind for kind in frame if text.count(kind) <= _FRAME))
    return inner if len(inner) >= _LEAST else text


def _likely(text: str) -> tuple[float, int]:
    """How much a reading is like words: letters, digits and spaces, then small letters and spaces."""
    shown = text[:_SHOWN]
    return sum(c.isalnum() or c == " " for c in shown) / len(shown), sum(c.islower() or c == " " for c in shown)


def _readings(text: str, kinds: Sequence[str]) -> Iterator[str]:
    if len(kinds) == 2:
        yield from _in_base(text, kinds, 2, (8, 7))
    if len(kinds) == 3:
        for separator in kinds:
            others = [k for k in kinds if k != separator]
            yield from _separated(text, others, separator)
        yield from _in_base(text, kinds, 3, (6, 5))
        yield from _in_base(text, [*kinds, _ABSENT], 4, (4,))
    if len(kinds) == 4:
        yield from _in_base(text, kinds, 4, (4,))
        for separator in kinds:
            rest = text.replace(separator, "")
            yield from _in_base(rest, [k for k in kinds if k != separator], 3, (6, 5))


def _in_base(text: str, kinds: Sequence[str], base: int, widths: Sequence[int]) -> Iterator[str]:
    for order in permutations(kinds):
        numbers = text.translate({ord(kind): str(digit) for digit, kind in enumerate(order)})
        for width in widths:
            for read in (numbers, *_reversed(numbers, width)):
                found = _read([read[at : at + width] for at in range(0, len(read) - width + 1, width)], base)
                if found:
                    yield found


def _reversed(numbers: str, width: int) -> tuple[str]:
    return ("".join(numbers[at : at + width][::-1] for at in range(0, len(numbers), width)),)


def _separated(text: str, kinds: Sequence[str], separator: str) -> Iterator[str]:
    words = [word for word in text.split(separator) if word]
    if len(words) < 2 or max(map(len, words)) > 8:
        return
    for order in permutations(kinds):
        table = {ord(kind): str(digit) for digit, kind in enumerate(order)}
        found = _read([word.translate(table) for word in words], 2)
        if found:
            yield found


def _read(words: Sequence[str], base: int) -> str:
    if len(words) < 2:
        return ""
    if len(words) > _GLANCE and not _bytes(words[:_GLANCE], base):
        return ""
    data = _bytes(words, base)
    return readable(data, least=2) if data.isascii() or len(data) >= _LEAST_OTHERS else ""


def _bytes(words: Sequence[str], base: int) -> bytes:
    numbers = [int(word, base) for word in words]
    return bytes(numbers) if max(numbers) < 256 else b""

"""Code points by what plain text does with them: left out, written in one form, or normalised.

Everything here is worked out from Python's Unicode database when text beyond ASCII is first seen.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

IGNORABLE: Final = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F)),
    *((0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Unicode's Default_Ignorable_Code_Point, the blank of Braille and the marks of interlinear annotation."""
MARKS: Final = (
    (0x0300, 0x034E),
    (0x0350, 0x036F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
"""Combining marks that belong to no script."""
_QUOTES: Final = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3"
    "\u07f4\u07f5\ua78c\uff07\u00b4\u2039\u203a\u0374\u1fbd\u1fbf\u1ffe\u1fef\u1ffd\u0384",
    '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba\u02dd\u02ee\u05f4\u301d\u301e\u301f\uff02",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u02d7\u06d4\u2e3a\u2e3b\ufe58\ufe63\uff0d\u1806\u058a\u05be"
    "\u2e40\u2e1a\u2e17\u3030\u301c\u2053\u2e0f",
    "\n": "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
}
_ENCLOSED: Final = ((0x1F150, 0x1F169), (0x1F170, 0x1F189))
"""White letters in black circles and squares, A to Z, which have no decomposition."""
_CODES: Final = (*range(0xA0, 0x3400), *range(0xA000, 0xAC00), *range(0xD7A4, 0xD800), *range(0xF900, 0x1F200))
"""Where decompositions and combining marks are; ideographs and syllables are passed over, they join nothing."""
_UNPAIRED: Final = re.compile("[\ud800-\udfff]")


def character_class(ranges: Iterable[tuple[int, int]]) -> str:
    """The inside of a character class of a pattern."""
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


def within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    """Whether a code point lies in one of some ranges."""
    return any(low <= code <= high for low, high in ranges)


@cache
def one_form() -> dict[int, str]:
    """What is left out (empty) or written in one form, before and after normalisation."""
    table = {code: "" for low, high in IGNORABLE for code in range(low, high + 1)}
    table |= {ord(char): form for form, chars in _QUOTES.items() for char in chars}
    table |= dict.fromkeys((*range(9), *range(14, 28), 31, *range(127, 133), *range(134, 160)), "")
    table |= {code: chr(0x41 + code - low) for low, high in _ENCLOSED for code in range(low, low + 26) if code <= high}
    table |= {code: " " for code in range(0x10000) if code == 9 or unicodedata.category(chr(code)) == "Zs"}
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    del table[0x20]
    return table


@cache
def joining() -> frozenset[int]:
    """Code points that can change together with what stands before: marks, second halves, what is left out."""
    second = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
    changing = {}
    for code in _CODES:
        char = chr(code)
        written = unicodedata.decomposition(char)
        if written or unicodedata.combining(char):
            changing[code] = ord(unicodedata.normalize("NFKD", char)[0])
        parts = written.split()
        if len(parts) == 2 and parts[0][0] != "<":
            second.add(int(parts[1], 16))
    found = {code for code, of in changing.items() if of in second or unicodedata.combining(chr(of))}
    found |= {code for code, form in one_form().items() if form == "" and code > 0x7F}
    return frozenset(found | second)


@cache
def work() -> re.Pattern[str]:
    """Where plain text may differ from the text: one code point, with what joins it.

    It begins with one class of characters, so that the engine skips what is between at once. Beyond the first plane
    every code point is looked at.
    """
    joins = joining()
    changing = (c for c in range(0x80, 0x10000) if c in joins or c in one_form() or not _normal(chr(c)))
    first = rf"\x00-\x09\x0b-\x1f\x7f{character_class(_ranges(changing))}\U00010000-\U0010ffff"
    tail = character_class(_ranges(joins))
    return re.compile(f"[{first}](?:(?<=\r)\n|(?<=\x1b){_ESCAPED})?[{tail}]*")


_ESCAPED: Final = r"(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)|[@-Z\\-_])"
"""What follows the escape in a control sequence of terminals."""


def _normal(char: str) -> bool:
    return bool(_UNPAIRED.match(char)) or unicodedata.is_normalized("NFKC", char)


def _ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    low = high = -2
    for code in sorted(codes):
        if code != high + 1:
            if low >= 0:
                yield low, high
            low = code
        high = code
    if low >= 0:
        yield low, high

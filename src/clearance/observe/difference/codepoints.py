"""Code points for people: their names, and which of them a reader cannot see.

Unicode's property Default_Ignorable_Code_Point is not in Python's database; :func:`is_invisible` rebuilds it from the
general category and the few blocks that the standard adds (UAX #44), and adds blanks that are not white space.
"""

import functools
import unicodedata

_MARKS = (
    *((0x0300, 0x036F), (0x1AB0, 0x1AFF)),
    *((0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)),
)
"""Blocks of combining diacritics that belong to no script: taking one off leaves the letter."""

_IGNORABLE = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian selectors
    (0x2065, 0x2065),
    (0x2800, 0x2800),  # braille blank: not ignorable in the standard, and yet nothing is drawn
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xE0000, 0xE0FFF),  # tags, more variation selectors
)

_VISIBLE_FORMAT = frozenset(
    [*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)]
)
"""Format characters (Cf) that draw something."""

_LINE_ENDS = frozenset("\n\r\x85\u2028\u2029")
_SPACES = frozenset("\t\v\f") | _LINE_ENDS


def _within(code: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in blocks)


@functools.lru_cache(maxsize=65536)
def is_invisible(char: str) -> bool:
    """True for a code point that draws nothing and takes no room by being white space."""
    code = ord(char)
    if char in _SPACES:
        return False
    category = unicodedata.category(char)
    if category == "Cc":
        return True
    if category == "Cf":
        return code not in _VISIBLE_FORMAT
    return _within(code, _IGNORABLE)


def is_space(char: str) -> bool:
    """True for white space of any width, line ends included."""
    return char in _SPACES or unicodedata.category(char) == "Zs"


def is_line_end(char: str) -> bool:
    """True for the code points that end a line."""
    return char in _LINE_ENDS


def is_diacritic(char: str) -> bool:
    """True for a combining mark that can be taken off any letter."""
    return _within(ord(char), _MARKS)


@functools.lru_cache(maxsize=65536)
def is_quote(char: str) -> bool:
    """True for quotation marks and apostrophes of all writing systems, by category and name."""
    if char in "'\"`´":
        return True
    if unicodedata.category(char) in {"Pi", "Pf"}:
        return True
    name = unicodedata.name(char, "")
    return any(word in name for word in ("QUOTATION MARK", "APOSTROPHE", "PRIME"))


def is_dash(char: str) -> bool:
    """True for hyphens and dashes of any length."""
    return unicodedata.category(char) == "Pd" or char == "\u2212"


@functools.lru_cache(maxsize=4096)
def name_of(char: str) -> str:
    """``U+2019 RIGHT SINGLE QUOTATION MARK``; control characters by their usual names."""
    fallback = _CONTROLS.get(char, f"<{unicodedata.category(char)}>")
    return f"U+{ord(char):04X} {unicodedata.name(char, fallback)}"


_CONTROLS = {
    "\0": "NULL",
    "\t": "TAB",
    "\n": "LINE FEED",
    "\v": "VERTICAL TAB",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}


def describe(text: str) -> tuple[str, ...]:
    """The name of each code point of ``text``, in order."""
    return tuple(name_of(char) for char in text)


def visible(text: str) -> str:
    """``text`` with what a reader cannot see spelled out: ``a␣U+200B ZERO WIDTH SPACE␣b``.

    Plain spaces and line feeds stay; other white space, invisible and unassigned code points are named.
    """
    return "".join(char if _is_plain(char) else f"␣{name_of(char)}␣" for char in text)


def _is_plain(char: str) -> bool:
    if char in " \n" or "!" <= char <= "~":
        return True
    return not (is_invisible(char) or is_space(char) or unicodedata.category(char) in {"Cn", "Co", "Cs"})


def arrow(before: str, after: str) -> tuple[str, ...]:
    """Names of what was put for what: one line for each run of differing code points, at most 8 lines."""
    if len(before) == len(after):
        pairs = dict.fromkeys((a, b) for a, b in zip(before, after, strict=True) if a != b)
        return tuple(f"{name_of(a)} → {name_of(b)}" for a, b in pairs)[:8]
    return (f"{_listed(before)} → {_listed(after)}",)


def _listed(text: str) -> str:
    if not text:
        return "nothing"
    shown = ", ".join(name_of(char) for char in text[:6])
    return shown if len(text) <= 6 else f"{shown} and {len(text) - 6} more"

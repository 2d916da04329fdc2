"""Hostile text made visible: what a reader cannot see, or would take for something else, is named by code point.

A character needs naming when it is a control, a format or bidirectional mark, an unusual space, a private or
unassigned code point, a mark that hides on an ASCII letter, or a look-alike of ASCII (Unicode TR39 confusables, and
compatibility forms). Everything else, other scripts and emoji included, is shown as it is: a look-alike inside a word
that only its own script can spell is no disguise.
"""

import enum
import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CONTROL_NAMES = {
    "\x00": "NULL",
    "\a": "ALERT",
    "\b": "BACKSPACE",
    "\t": "CHARACTER TABULATION",
    "\n": "LINE FEED",
    "\v": "LINE TABULATION",
    "\f": "FORM FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
    "\x9b": "CONTROL SEQUENCE INTRODUCER",
}
"""Unicode's own aliases of the controls that text meets; `unicodedata` has no names for controls."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")
"""Letters and symbols that print as nothing."""
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_LETTER = re.compile("[A-Za-z]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_PROSE_SIGNS = frozenset("\u00d7\u2013\u2026")
"""The multiplication sign, the dash and the ellipsis that our own sentences use."""
_CATEGORY_NAMES = {"Cc": "CONTROL", "Cs": "SURROGATE", "Co": "PRIVATE USE", "Cn": "UNASSIGNED"}


class Show(enum.Enum):
    """How much of a text is named."""

    EVIDENCE = "evidence"
    """Bytes as sent: every look-alike; line feeds stay as they are."""
    PROSE = "prose"
    """One line of a sentence about them: line feeds are named, and three signs of ordinary typesetting are not."""
    ASCII = "ascii"
    """For a terminal that has nothing else: all that is not ASCII."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a text: characters to show as they are, or one character to name."""

    text: str
    named: bool = False

    @property
    def code(self) -> str:
        """``U+2019``, for a named part."""
        return f"U+{ord(self.text):04X}"

    @property
    def label(self) -> str:
        """``U+2019 RIGHT SINGLE QUOTATION MARK``, for a named part."""
        return code_point(self.text)


def code_point(char: str) -> str:
    """Code point and Unicode name of one character: ``U+2019 RIGHT SINGLE QUOTATION MARK``."""
    unnamed = _CATEGORY_NAMES.get(unicodedata.category(char), "UNNAMED")
    name = _CONTROL_NAMES.get(char) or unicodedata.name(char, unnamed)
    return f"U+{ord(char):04X} {name}"


def parts(text: str, show: Show) -> Iterator[Part]:
    """The text in pieces, in order: joining their ``text`` gives it back."""
    plain: list[str] = []
    before = ""
    at_home = frozenset[int]() if show is Show.ASCII else _letters_at_home(text)
    for position, char in enumerate(text):
        if position not in at_home and _needs_naming(char, before, show):
            if plain:
                yield Part(text="".join(plain))
                plain = []
            yield Part(text=char, named=True)
        else:
            plain.append(char)
        before = char
    if plain:
        yield Part(text="".join(plain))


def spell(text: str, show: Show = Show.PROSE) -> str:
    """The text with what needs naming spelt ``<U+200B ZERO WIDTH SPACE>``: harmless on any terminal."""
    return "".join(f"<{part.label}>" if part.named else part.text for part in parts(text, show))


def _needs_naming(char: str, before: str, show: Show) -> bool:
    if " " <= char <= "~":
        return False
    if char == "\n":
        return show is not Show.EVIDENCE
    if show is Show.ASCII:
        return True
    if show is Show.PROSE and char in _PROSE_SIGNS:
        return False
    return _is_unseen(char, before) or looks_like_ascii(char)


def _letters_at_home(text: str) -> frozenset[int]:
    """Positions of the letters of words that hold no ASCII letter, and one at least that looks like none."""
    if text.isascii():
        return frozenset()
    return frozenset(
        position
        for word in _WORD.finditer(text)
        if not _ASCII_LETTER.search(word[0]) and not all(map(_could_pass, word[0]))
        for position in range(*word.span())
    )


def _could_pass(char: str) -> bool:
    return char.isascii() or looks_like_ascii(char)


def _is_unseen(char: str, before: str) -> bool:
    category = unicodedata.category(char)
    if category in _UNSEEN or category == "Zs" or char in _BLANKS or _is_variation_selector(char):
        return True
    # A mark belongs to scripts that are written with marks; on ASCII, or on nothing, it can hide.
    return category in {"Mn", "Me"} and (not before or before.isascii())


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or "\u180b" <= char <= "\u180f"


@functools.lru_cache(maxsize=4096)
def looks_like_ascii(char: str) -> bool:
    """True for a character outside ASCII that a reader takes for ASCII (TR39 confusable, or compatibility form)."""
    if char.isascii():
        return False
    if unicodedata.normalize("NFKC", char).isascii():
        return True
    from confusable_homoglyphs import confusables  # 150 ms to load: only for text that is not ASCII

    found = confusables.is_confusable(char, greedy=True, preferred_aliases=[]) or []
    return any(glyph["c"].isascii() for entry in found for glyph in entry["homoglyphs"])

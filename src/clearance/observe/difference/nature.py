"""Can a person read it? Words against tokens that say nothing, without a dictionary."""

import enum
import re

from clearance.observe.difference.atoms import Atom, AtomKind, atoms

_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "none", "nil"})
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
_VOWELS = frozenset("aeiouyàáâãäåèéêëìíîïòóôõöùúûüæøœ")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}")
_OPAQUE = frozenset({AtomKind.UUID, AtomKind.HEX, AtomKind.BASE64})
_DATED = frozenset({AtomKind.DATE, AtomKind.TIMESTAMP, AtomKind.CLOCK})


class Nature(enum.Enum):
    """What a stretch of text is to a reader."""

    READABLE = "readable"
    """Words."""
    OPAQUE = "opaque"
    """Hashes, base64, ids, long digits."""
    CODE = "code"
    """Short flags, numbers and signs that say nothing by themselves."""
    EMPTY = "empty"
    """White space and punctuation only."""


def nature(text: str) -> Nature:
    """What ``text`` is to a reader; where words and opaque tokens stand together, the longer part decides."""
    words = opaque = other = 0
    for atom in atoms(text):
        if _is_opaque(atom):
            opaque += len(atom.text)
        elif atom.kind in _DATED or (atom.kind is AtomKind.WORD and _is_word(atom.text)):
            words += len(atom.text)
        elif any(char.isalnum() for char in atom.text):
            other += len(atom.text)
    if opaque and opaque >= words:
        return Nature.OPAQUE
    if words:
        return Nature.READABLE
    return Nature.CODE if other or any(char in "<>=+%$&|^~@#*\\" for char in text) else Nature.EMPTY


def _is_opaque(atom: Atom) -> bool:
    if atom.kind in _OPAQUE or atom.kind is AtomKind.EPOCH:
        return True
    if atom.kind is AtomKind.NUMBER:
        return sum(char.isdigit() for char in atom.text) >= 6
    return atom.kind is AtomKind.WORD and len(atom.text) >= 8 and not _is_word(atom.text)


def _is_word(text: str) -> bool:
    """True for what can be a word of some language: three letters or more, pronounceable where it is Latin."""
    if not text.isascii():
        return True
    if len(text) < 3 or text.lower() in _FLAGS:
        return False
    humps = _HUMPS.findall(text)
    if len(humps) > 1 + len(text) // 4:
        return False
    low = text.lower()
    vowels = sum(char in _VOWELS for char in low)
    return vowels * 7 >= len(low) and vowels < len(low) and not _CONSONANTS.search(low)

"""Keeps secrets out of what is told: calls are read with placeholders in their place, places are shown without data."""

import re
from typing import Final

_QUERY: Final = re.compile(r"([?#])[^\s]{1,4096}")
_LABEL: Final = re.compile(r"(?<![\w-])([\w-]{4})[\w-]{20,}(?=\.)")
"""A part of a name that is long enough to carry something."""
_PIECE: Final = re.compile(r"(?<=/)([\w=+%-]{6})[\w=+%-]{34,}")
_LETTER: Final = "x"
MOST_SHOWN: Final = 240


def without(text: str, secrets: tuple[str, ...]) -> str:
    """The text with letters instead of secrets, of the same length, so that it is read the same way."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if secret:
            text = text.replace(secret, _LETTER * len(secret))
    return text


def place_shown(where: str) -> str:
    """A place for people: without the query of an address, long parts of names and of paths shortened."""
    where = where[:4096]
    if "://" in where:
        where = _QUERY.sub(r"\1…", where)
        where = _PIECE.sub(r"\1…", where)
    return _LABEL.sub(r"\1…", where)[:MOST_SHOWN]

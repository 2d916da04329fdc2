"""Where any of some words stand: a quick question, so that slow patterns are asked only near them."""

from collections.abc import Iterable, Iterator
from typing import Final

MOST: Final = 200_000
"""Places that are looked at for each word; a hostile file repeats one without end."""


def occurrences(text: str, words: Iterable[str]) -> tuple[int, ...]:
    """Offsets of every word, sorted."""
    return tuple(sorted(at for word in words for at in _places(text, word)))


def _places(text: str, word: str) -> Iterator[int]:
    at, given = text.find(word), 0
    while at >= 0 and given < MOST:
        yield at
        given += 1
        at = text.find(word, at + len(word))

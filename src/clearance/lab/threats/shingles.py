"""Which texts say the same as others, by runs of words: what is judged on must not have taught."""

import re
from collections.abc import Sequence
from typing import Final

WORDS: Final = 8
"""Words of a shingle."""
SHARE: Final = 0.3
"""A text overlaps when so many of its shingles stand in the others."""
_WORD: Final = re.compile(r"\w+")


def shingles(text: str) -> frozenset[int]:
    """Hashes of every run of eight words, lower-case; of a shorter text the text itself."""
    words = _WORD.findall(text.lower())
    if len(words) <= WORDS:
        return frozenset({hash(tuple(words))})
    return frozenset(hash(tuple(words[at : at + WORDS])) for at in range(len(words) - WORDS + 1))


def overlapping(texts: Sequence[str], others: Sequence[str]) -> frozenset[int]:
    """The numbers of the texts that overlap any of the others."""
    known = frozenset().union(*(shingles(text) for text in others)) if others else frozenset()
    found = []
    for number, text in enumerate(texts):
        own = shingles(text)
        if len(own & known) >= max(1, SHARE * len(own)):
            found.append(number)
    return frozenset(found)

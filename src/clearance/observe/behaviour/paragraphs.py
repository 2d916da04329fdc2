"""Long texts cut into paragraphs that find each other again in another run, whatever was inserted before them.

A paragraph's anchor is what a reader would still call the same line: letters only, look-alikes folded, case folded,
staged values, dates and opaque strings left out. Two paragraphs that differ only in form share their anchor, so a
marker in the form of a text is a change of value at one place, and another text is another place.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator

from clearance.observe.difference.confusables import skeleton

_UNIT = re.compile(r"[^\n]*(?:\n\s*|$)")
_OPAQUE = re.compile(
    r"⟨[^⟩]*⟩|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9_=+-]{10,}\b|\d+"
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")
LONG = 60
"""Characters; a text of one line up to this length is one place by itself."""


def is_long(text: str) -> bool:
    """Whether a text is cut into paragraphs."""
    return len(text) > LONG or "\n" in text.rstrip("\n")


def units(text: str) -> tuple[str, ...]:
    """The lines of a text, each with the white space that follows it; joined they are the text."""
    return tuple(m.group() for m in _UNIT.finditer(text) if m.group())


def anchored(text: str, canonical: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each unit of ``text`` with its anchor; repeated anchors are numbered."""
    seen: dict[str, int] = {}
    for unit in units(text):
        anchor = anchor_of(canonical(unit))
        seen[anchor] = seen.get(anchor, 0) + 1
        yield (anchor if seen[anchor] == 1 else f"{anchor}#{seen[anchor]}"), unit


@functools.lru_cache(maxsize=65536)
def anchor_of(canonical_unit: str) -> str:
    """The anchor of one unit whose statements and dates are already tokens."""
    text = _OPAQUE.sub(" ", canonical_unit)
    letters = _NOT_LETTERS.sub("", skeleton(unicodedata.normalize("NFKC", text)).casefold())
    return letters[:120] or "¤"

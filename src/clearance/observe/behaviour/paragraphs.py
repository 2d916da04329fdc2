"""Long texts cut into paragraphs that find each other again in another run, whatever was inserted before them.

A paragraph's anchor is what a reader would still call the same line: letters only, look-alikes folded, case folded,
staged values, dates and opaque strings left out. Two paragraphs that differ only in form share their anchor, so a
marker in the form of a text is a change of value at one place, and another text is another place.
"""

import functools
import re
from collections.abc import Callable, Iterator

from clearance.observe.difference.confusables import likeness

_OPAQUE = re.compile(
    r"⟨[^⟩]*⟩|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9_=+-]{10,}\b|\d+"
)
_CALENDAR = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|[AP]M)\b|[年月日]"
)
"""Words of dates: a date in another format stays in the same paragraph."""
_NOT_LETTERS = re.compile(r"[\W\d_]+")
END = "end after "
"""Anchor of a text's ending, with the anchor of its last unit: another last unit has another ending to compare."""
WORDLESS = "¤"
"""Anchor of all units without letters together."""
LONG = 60
"""Characters; a text of one line up to this length is one place by itself."""


def is_long(text: str) -> bool:
    """Whether a text is cut into paragraphs."""
    return len(text) > LONG or "\n" in text.rstrip("\n")


def units(text: str) -> tuple[str, ...]:
    """The lines of a text without their line feeds, blank lines kept with the line before them.

    What a text ends with is not in here (``ending``): a line that is added at the end changes no unit.
    """
    found: list[str] = []
    for line in text.rstrip().split("\n"):
        if found and not line.strip():
            found[-1] += "\n" + line
        else:
            found.append(line)
    return tuple(found)


def ending(text: str) -> str:
    """The white space at the end of a text."""
    return text[len(text.rstrip()) :]


def anchored(text: str, canonical: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each unit of ``text`` with its anchor, the units without letters as one, and the text's ending.

    Repeated anchors are numbered. Units without letters (brackets, line numbers) have nothing to be found again by, so
    they are one list, ``WORDLESS``.
    """
    seen: dict[str, int] = {}
    wordless: list[str] = []
    anchor = ""
    for unit in units(text):
        anchor = anchor_of(canonical(unit))
        if anchor == WORDLESS:
            wordless.append(unit.replace("\n", " "))
            continue
        seen[anchor] = seen.get(anchor, 0) + 1
        yield (anchor if seen[anchor] == 1 else f"{anchor}#{seen[anchor]}"), unit
    if wordless:
        yield WORDLESS, "\n".join(wordless)
    yield f"{END}{anchor}", ending(text)


@functools.lru_cache(maxsize=65536)
def anchor_of(canonical_unit: str) -> str:
    """The anchor of one unit whose statements and dates are already tokens."""
    text = _OPAQUE.sub(" ", canonical_unit)
    text = _CALENDAR.sub(" ", "".join(map(likeness, text)))
    letters = _NOT_LETTERS.sub("", text.casefold())
    return letters[:120] or WORDLESS

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
    r"⟨[^⟩]*⟩|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9_=+-]{10,}\b"
    r"|(?<=\w=)[A-Za-z0-9_+/.-]+|\b(?=[a-f]*\d)[0-9a-f]{4,}\b|\d+"
)
_CALENDAR = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?|[AP]M)\b|[年月日]"
)
"""Words of dates: a date in another format stays in the same paragraph."""
_LINE = re.compile(r"^[^\n]*\S[^\n]*$", re.MULTILINE)
_NOT_LETTERS = re.compile(r"[\W\d_]+")
BETWEEN = "space between "
"""Anchor of the blank lines between two units, with the anchors of both: other neighbours have another space."""
WORDLESS = "¤"
"""Anchor of all units without letters together."""
BLOCK_END = "\x00"
"""A line that stands between two texts that were read as one: there the space is ours, not the sender's."""
LONG = 60
"""Characters; a text of one line up to this length is one place by itself."""


def is_long(text: str) -> bool:
    """Whether a text is cut into paragraphs."""
    return len(text) > LONG or "\n" in text.rstrip("\n")


def units(text: str) -> tuple[str, ...]:
    """The lines of a text that hold more than white space, without their line feeds."""
    return tuple(_LINE.findall(text))


def ending(text: str) -> str:
    """What follows the last of the units: line feeds and blank lines."""
    return _spaced(text)[-1][1]


def _spaced(text: str) -> list[tuple[str, str]]:
    """``("", what comes before the first unit)``, then each unit with the line feeds and blank lines after it."""
    found, unit, end = [], "", 0
    for match in _LINE.finditer(text):
        found.append((unit, text[end : match.start()]))
        unit, end = match.group(), match.end()
    return [*found, (unit, text[end:])]


def anchored(text: str, canonical: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Each unit of ``text`` with its anchor, the units without letters as one, and the space between neighbours.

    Repeated anchors are numbered. Units without letters (brackets, line numbers) have nothing to be found again by, so
    they are one list, ``WORDLESS``. The blank lines between two units belong to both: where another unit comes between
    them there is nothing to compare.
    """
    seen: dict[str, int] = {}
    wordless: list[str] = []
    before, space = "start", ""
    for unit, after in _spaced(text):
        if not unit:
            space = after
            continue
        if unit == BLOCK_END:
            before, space = WORDLESS, after
            continue
        anchor = anchor_of(canonical(unit))
        if anchor == WORDLESS:
            wordless.append(unit)
        else:
            seen[anchor] = seen.get(anchor, 0) + 1
            anchor = anchor if seen[anchor] == 1 else f"{anchor}#{seen[anchor]}"
            yield anchor, unit
            if WORDLESS not in (anchor, before):
                yield f"{BETWEEN}{before} and {anchor}", space
        before, space = anchor, after
    if wordless:
        yield WORDLESS, "\n".join(wordless)
    yield f"{BETWEEN}{before} and end", space


@functools.lru_cache(maxsize=65536)
def anchor_of(canonical_unit: str) -> str:
    """The anchor of one unit whose statements and dates are already tokens."""
    text = _OPAQUE.sub(" ", canonical_unit)
    text = _CALENDAR.sub(" ", "".join(map(likeness, text)))
    letters = _NOT_LETTERS.sub("", text.casefold())
    return letters[:120] or WORDLESS

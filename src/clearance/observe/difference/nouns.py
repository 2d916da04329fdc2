"""What a comparison says: one word, the mechanisms, and each change so that a person can see it."""

import enum
from dataclasses import dataclass


class Shown(enum.Enum):
    """What a reader of the two values sees."""

    SAME = "same"
    FORM = "form"
    """Looks the same, or differs only in form."""
    STATED = "stated"
    """The staged value is there to read."""
    READABLE = "readable"
    """Another text, but the value is not stated."""
    ENCODED = "encoded"
    """Opaque: hashes, base64, flags and numbers that say nothing."""
    APPEARS = "appears"
    """Absent in the baseline."""
    DISAPPEARS = "disappears"
    """Absent when staged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One spot at which the two values differ."""

    at: int
    """Index into the baseline, in code points (for a list: the item's place in it)."""
    before: str
    after: str
    names: tuple[str, ...] = ()
    """The difference in words: ``U+0027 APOSTROPHE → U+2019 RIGHT SINGLE QUOTATION MARK``."""
    mechanisms: tuple[str, ...] = ()
    """Empty where the change is not one of form."""
    left: str = ""
    """At most 20 code points of the baseline before it."""
    right: str = ""
    """At most 20 code points of the baseline after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """In what two values differ."""

    shown: Shown
    mechanisms: tuple[str, ...] = ()
    """How the form differs: ``homoglyph``, ``invisible``, ``white-space``, ``case``, ``punctuation``, ``quotes``,
    ``date-format``, ``number-format``, ``number-low-bits``, ``order``, ``unicode-normalisation``, ``escaping``,
    ``diacritics``, ``line-ending``, ``base64-form``. For ``ENCODED``: ``code`` (a short flag) or the encoding in which
    the staged value was recognised (``base64``, ``hex``, ``percent``, ``reversed``)."""
    changes: tuple[Change, ...] = ()
    """At most 20, changes of form first."""
    message: str = ""
    """One plain sentence."""

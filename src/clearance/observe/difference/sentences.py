"""The one plain sentence that goes with a difference."""

from collections.abc import Sequence

from clearance.observe.difference.nouns import Shown

_FORMS = {
    "homoglyph": "look-alike characters",
    "invisible": "characters that cannot be seen",
    "white-space": "white space",
    "case": "upper and lower case",
    "punctuation": "punctuation",
    "quotes": "the kind of quotation marks",
    "date-format": "the way a date or time is written",
    "number-format": "the way a number is written",
    "number-low-bits": "the lowest digits of a number",
    "order": "the order of the same items",
    "unicode-normalisation": "another encoding of the same characters",
    "escaping": "escapes for the same characters",
    "diacritics": "accents",
    "line-ending": "line endings",
    "base64-form": "the way the same octets are written in base64",
}
_PLAIN = {
    Shown.SAME: "Both sides are the same.",
    Shown.STATED: "The text differs by stating the staged value where it can be read.",
    Shown.READABLE: "A person reads another text, but the staged value is not stated in it.",
    Shown.APPEARS: "It is there only with the staged value.",
    Shown.DISAPPEARS: "It is there only without the staged value.",
}


def of(shown: Shown, mechanisms: Sequence[str], *, beside: bool = False, items: Sequence[str] = ()) -> str:
    """The sentence. ``beside``: other differences stand next to those of form; ``items``: what came or went."""
    if shown is Shown.FORM:
        ways = _listed([_FORMS[name] for name in mechanisms])
        return (
            f"Beside what it says, the text differs in form: {ways}." if beside else f"Only the form differs: {ways}."
        )
    if shown is Shown.ENCODED:
        return _encoded(mechanisms)
    if items:
        where = "with" if shown is Shown.APPEARS else "without"
        return f"{_listed([repr(item) for item in items[:5]])}: there only {where} the staged value."
    return _PLAIN[shown]


def _encoded(mechanisms: Sequence[str]) -> str:
    if not mechanisms:
        return "An opaque value differs; it says nothing to a reader."
    if mechanisms[0] == "code":
        return "A short code or number differs; it says nothing to a reader."
    return f"The value is there, but as {mechanisms[0]}, which a person does not read."


def _listed(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])} and {ways[-1]}"

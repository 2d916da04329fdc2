"""Which forms must be overlooked for two short texts to be the same: the fewest views that make them equal."""

import functools
import itertools
import unicodedata

from clearance.observe.difference.confusables import likeness
from clearance.observe.difference.views import VIEWS, View, unescaped

_LONG = 400
"""Above it triples are not tried: combinations cost time."""


@functools.lru_cache(maxsize=8192)
def disguise(before: str, after: str) -> tuple[str, ...] | None:
    """Mechanisms by which one text is put for the other; None when they differ in more than form.

    Never empty: equal texts give None, because nothing is disguised.
    """
    if before == after:
        return None
    if _plainly_other(before, after):
        return None
    useful = tuple(view for view in VIEWS if _does_something(view, before, after))
    most = 2 if len(before) + len(after) > _LONG else 3
    for size in range(1, most + 1):
        for views in itertools.combinations(useful, size):
            if _equal(views, before, after):
                return _named(views, before, after)
    if _equal(VIEWS, before, after):
        return _named(_needed(before, after), before, after)
    return None


def _plainly_other(before: str, after: str) -> bool:
    """True when no combination can help: most pairs of other words end here, which is cheap.

    Short texts beyond ASCII are always tried: case and look-alikes of other scripts have no common gist.
    """
    if len(before) + len(after) <= _LONG and not (before.isascii() and after.isascii()):
        return False
    return not any(gist(before) == gist(after) for gist in (_gist, _gist_unescaped, _gist_caseless))


def _gist(text: str) -> str:
    alike = "".join(map(likeness, text)).casefold().translate(_ALIKE)
    return "".join(char for char in alike if char.isalnum())


def _gist_unescaped(text: str) -> str:
    return _gist(unescaped(text))


def _gist_caseless(text: str) -> str:
    return _gist(text.upper().casefold())


_ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn"})


def _does_something(view: View, before: str, after: str) -> bool:
    """Case and skeleton can meet a form that only another view makes, so they always count."""
    if view.mechanism in {"case", "homoglyph", "diacritics", "unicode-normalisation"}:
        return True
    return view.apply(before) != before or view.apply(after) != after


def _seen_through(views: tuple[View, ...], text: str) -> str:
    for view in views:
        text = view.apply(text)
    return text


def _equal(views: tuple[View, ...], before: str, after: str) -> bool:
    return _seen_through(views, before) == _seen_through(views, after) and not _far_fetched(views, before, after)


def _far_fetched(views: tuple[View, ...], before: str, after: str) -> bool:
    """Within ASCII, look-alike and case together would make ``0`` an ``o`` and ``1`` an ``L``."""
    named = {view.mechanism for view in views}
    return {"homoglyph", "case"} <= named and before.isascii() and after.isascii()


def _needed(before: str, after: str) -> tuple[View, ...]:
    """All views but those that can be left out, tried from the coarsest."""
    kept: tuple[View, ...] = VIEWS
    for view in reversed(VIEWS):
        without = tuple(each for each in kept if each is not view)
        if _equal(without, before, after):
            kept = without
    return kept


def _named(views: tuple[View, ...], before: str, after: str) -> tuple[str, ...]:
    names = dict.fromkeys(view.mechanism for view in views)
    if "unicode-normalisation" in names and len(before) == len(after) and _another_sign(before, after):
        names["homoglyph"] = None  # U+212A KELVIN SIGN is both: K by normalisation and K to the eye
    return tuple(names)


def _another_sign(before: str, after: str) -> bool:
    """True when single code points were put for single ones that look the same."""
    return all(
        a == b or unicodedata.normalize("NFD", a) == unicodedata.normalize("NFD", b)
        for a, b in zip(before, after, strict=True)
    )

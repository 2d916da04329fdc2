r"""What may stand in a pattern: what hyperscan, re2 and ``re`` read alike, and what no text can make slow.

1. No unbounded repeats, so that every match has a greatest width, and none of more than 1000, re2's most.
2. No ``.``, ``^``, ``$``, ``\s``, look-around or back-reference: the engines differ there.
3. ``(?i)`` only at the begin, and then letters of ASCII only: bytes have no other case.
4. It never matches nothing.
"""

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final

from clearance.detect.patterns.errors import PatternRefused
from clearance.detect.patterns.rows import PatternRow

WIDEST: Final = 4096
"""Bytes that a match may have at most."""
_MOST: Final = 1000
# The parser of the standard library has no public name; it is the one that ``re`` itself uses.
_parser: Any = importlib.import_module("re._parser")
_KNOWN: Final = {
    "LITERAL", "NOT_LITERAL", "IN", "RANGE", "NEGATE", "CATEGORY", "BRANCH", "SUBPATTERN", "MAX_REPEAT", "MIN_REPEAT",
    "AT",
}  # fmt: skip
_CATEGORIES: Final = {"CATEGORY_DIGIT", "CATEGORY_WORD", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD"}


def widest(row: PatternRow) -> int:
    """Bytes of the longest match.

    Raises:
        PatternRefused: something stands in the row that may not.
    """
    try:
        tree = _parser.parse(row.expression.encode())
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternRefused(row.id, f"is no expression: {error}") from error
    for name, value in _walk(tree):
        _check(row, name, value, caseless=row.caseless)
    low, high = tree.getwidth()
    if low == 0:
        raise PatternRefused(row.id, "can match nothing")
    if high > WIDEST:
        raise PatternRefused(row.id, f"can match more than {WIDEST} bytes")
    return int(high)


def _check(row: PatternRow, name: str, value: Any, *, caseless: bool) -> None:
    if name not in _KNOWN:
        raise PatternRefused(row.id, f"holds {name.lower()}, which engines read differently")
    if name == "AT" and str(value) != "AT_BOUNDARY":
        raise PatternRefused(row.id, "holds an anchor, which engines read differently")
    if name == "CATEGORY" and str(value) not in _CATEGORIES:
        raise PatternRefused(row.id, "holds a class of white space, which engines read differently")
    if name in ("LITERAL", "NOT_LITERAL") and caseless and value > 127:
        raise PatternRefused(row.id, "is for any case but holds letters beyond ASCII")
    if name.endswith("_REPEAT") and value[1] > _MOST:
        raise PatternRefused(row.id, f"repeats more than {_MOST} times, or without end")
    if name == "SUBPATTERN" and (value[1] or value[2]):
        raise PatternRefused(row.id, "changes case inside")


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:
    for name, value in tree:
        yield str(name), value
        for inner in _inside(str(name), value):
            yield from _walk(inner)


def _inside(name: str, value: Any) -> list[Any]:
    if name == "BRANCH":
        return list(value[1])
    if name == "SUBPATTERN":
        return [value[3]]
    if name.endswith("_REPEAT"):
        return [value[2]]
    return [value] if name == "IN" else []

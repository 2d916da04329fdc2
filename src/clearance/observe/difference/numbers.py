"""Numbers as written: the value, and whether two of them differ in form or in the lowest digits only."""

import re
from decimal import Decimal

from clearance.observe.difference.atoms import is_epoch

_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:[,_'\u00a0\u202f\u2009]\d{3})+|\d+)((?:\.\d*)?)((?:[eE][+-]?\d{1,3})?)")
_NEAR = Decimal("1e-4")
"""Relative difference up to which two numbers say the same to a reader. Above it lie counters and ports (8080 and
8081), years (2026 and 2027) and sizes; 32000 and 32001, or 0.7 and 0.70001, lie below."""
_LEAST_WHOLE = 10_000
_LOW_BITS = 255
"""Whole numbers may differ by their low eight bits at most: large ids are near one another by chance."""


def parse(text: str) -> Decimal | None:
    """The value of a number as people and programs write it (``1,000``, ``007``, ``+1.50e3``); None if it is none."""
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > 40:
        return None
    sign, whole, fraction, exponent = match.groups()
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{sign}{digits}{fraction if fraction != '.' else ''}{exponent}")


def in_form(before: str, after: str, *, alone: bool) -> str | None:
    """``number-format``, ``number-low-bits`` or None when the difference is one of value.

    ``alone``: nothing but the number stands there. Beside words ``3.10`` and ``3.1`` can be versions, so trailing
    zeros count as form there only below one.
    """
    a, b = parse(before), parse(after)
    if a is None or b is None or before == after or is_epoch(before) or is_epoch(after):
        return None
    if a == b:
        return "number-format" if alone or not _version_like(before, after) else None
    return "number-low-bits" if _near(a, b) else None


def _version_like(before: str, after: str) -> bool:
    plain = re.compile(r"[1-9]\d?\.\d{1,3}")
    return all(plain.fullmatch(text) for text in (before, after))


def _near(a: Decimal, b: Decimal) -> bool:
    apart, size = abs(a - b), max(abs(a), abs(b))
    if apart > size * _NEAR or (a > 0) != (b > 0):
        return False
    whole = a == a.to_integral_value() and b == b.to_integral_value()
    return not whole or (size >= _LEAST_WHOLE and apart <= _LOW_BITS)

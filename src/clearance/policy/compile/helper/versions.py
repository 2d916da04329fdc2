"""Order of versions as npm has it: numbers first, a pre-release before its release."""

import re

_PARTS = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$")


def order(version: str) -> "tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]":
    """A key to compare by. Raises ValueError for what is no version."""
    found = _PARTS.match(version.strip())
    if not found:
        raise ValueError("not a version: " + repr(version))
    numbers = [int(part) for part in found.group(1).split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    if not found.group(2):
        return tuple(numbers), ((2, 0, ""),)
    before = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in found.group(2).split(".")]
    return tuple(numbers), (*before, (-1, 0, ""))


def inside(version: str, span: "dict[str, object]") -> bool:
    """Whether a version lies in a span: ``minimum``, ``maximum``, ``maximum_excluded``, all optional."""
    minimum, maximum = str(span.get("minimum") or ""), str(span.get("maximum") or "")
    if minimum and order(version) < order(minimum):
        return False
    if not maximum:
        return True
    return order(version) < order(maximum) if span.get("maximum_excluded") else order(version) <= order(maximum)

"""The order of versions in each ecosystem, as keys that compare; what has no place in the order has no key."""

import re
from collections.abc import Callable
from typing import Any, Final

from packaging.version import InvalidVersion, Version

Place = tuple[Any, ...]
"""Compares with places of the same ecosystem only."""
Order = Callable[[str], Place | None]
_SEMVER: Final = re.compile(
    r"[vV=]?(\d{1,20})(?:\.(\d{1,20}))?(?:\.(\d{1,20}))?(?:-?([0-9A-Za-z][0-9A-Za-z.-]*))?(?:\+\S*)?\Z"
)
_LEAST: Final[Place] = (-1,)
"""Before every version: OSV writes ``0`` for it."""


def order_of(ecosystem: str) -> Order:
    """PEP 440 for PyPI, Semantic Versioning for the others that are known; no order for the rest."""
    match ecosystem.partition(":")[0]:
        case "PyPI":
            return python_place
        case "npm" | "crates.io" | "Go" | "NuGet" | "Pub" | "Hex" | "SwiftURL" | "GitHub Actions" | "VSCode":
            return semver_place
        case _:
            return _no_place


def semver_place(text: str) -> Place | None:
    """Numbers, then whether it is released, then the parts of the prerelease: numbers before words (semver 2.0, 11)."""
    if text == "0":
        return _LEAST
    found = _SEMVER.match(text.strip())
    if found is None:
        return None
    major, minor, patch, pre = found.groups(default="")
    parts = tuple((0, int(w), "") if w.isascii() and w.isdigit() else (1, 0, w) for w in pre.split(".")) if pre else ()
    return (int(major), int(minor or 0), int(patch or 0), not pre, parts)


def python_place(text: str) -> Place | None:
    """As ``packaging`` orders them."""
    if text == "0":
        return _LEAST
    try:
        return (0, Version(text))
    except InvalidVersion:
        return None


def _no_place(_text: str) -> Place | None:
    return None

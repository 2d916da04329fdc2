"""Version windows: ``>=2.1.300,<2.2`` over semver, and PEP 440 for tools from PyPI.

A prerelease is where strictness matters: a window that loosens holds it only when it names a prerelease of the same
release; a window that tightens holds it when the prerelease or its release lies within.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion

from clearance.policy.errors import PolicyError

_VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_LONGEST = 200
"""Characters of a version; a longer one is no version."""
_BOUND = re.compile(r"\s*(>=|<=|==|!=|=|<|>|)\s*([^\s,<>=!]+)\s*")
Pre = tuple[tuple[int, int, str], ...]
Key = tuple[int, int, int, int, Pre]
Bounds = tuple[tuple[str, Key], ...]


class Bound(NamedTuple):
    """One bound of a semver window."""

    operator: str
    """``>=``, ``<=``, ``>``, ``<``, ``==`` or ``!=``."""
    numbers: tuple[int, int, int]
    prerelease: bool


def semver_bounds(window: str) -> tuple[Bound, ...]:
    """The bounds of a window, all of which must hold. Raises PolicyError when it cannot be read."""
    return tuple(Bound(operator, key[:3], not key[3]) for operator, key in bounds_of(window))


def semver_numbers(version: str) -> tuple[tuple[int, int, int], bool] | None:
    """The numbers of a version, and whether it is a prerelease; None when it cannot be read."""
    key = key_of(version)
    return None if key is None else (key[:3], not key[3])


def fits(version: str, window: str, *, tightens: bool, scheme: str = "semver") -> bool | None:
    """Whether the window holds the version; None when the version cannot be read. Raises PolicyError for the window."""
    return _fits(version, window, tightens, scheme)


def check_window(window: str, scheme: str = "semver") -> None:
    """Raise PolicyError when the window cannot be read or no version can lie in it."""
    if scheme == "pep440":
        specifiers = specifiers_of(window)
        named = [PythonVersion(s.version.removesuffix(".*")) for s in specifiers]
        tries = [str(v) for v in named] + [f"{v.base_version}.1" for v in named] + ["0", "99999"]
        tries += [f"{v.major}.{v.minor}.{v.micro + 1}" for v in named]
        possible = any(specifiers.contains(v, prereleases=True) for v in tries)
    else:
        bounds = bounds_of(window)
        possible = any(_holds(key, bounds) for key in _tries(bounds))
    if not possible:
        raise PolicyError(f"No version can lie in {window!r}.", advice="Turn the bounds round or leave one out.")


@lru_cache(maxsize=65536)
def _fits(version: str, window: str, tightens: bool, scheme: str) -> bool | None:  # noqa: FBT001 - a cache's key
    if scheme == "pep440":
        return _fits_python(version, specifiers_of(window), tightens)
    bounds = bounds_of(window)
    key = key_of(version)
    if key is None:
        return None
    if key[3]:
        return _holds(key, bounds)
    if tightens:
        return _holds(key, bounds) or _holds((*key[:3], 1, ()), bounds)
    return _holds(key, bounds) and any(not bound[3] and bound[:3] == key[:3] for _, bound in bounds)


def _fits_python(version: str, specifiers: SpecifierSet, tightens: bool) -> bool | None:  # noqa: FBT001 - handed on
    read = python_version(version)
    if read is None:
        return None
    inside = specifiers.contains(read, prereleases=True)
    if not read.is_prerelease:
        return inside
    if tightens:
        return inside or specifiers.contains(PythonVersion(read.base_version), prereleases=True)
    named = [PythonVersion(s.version.removesuffix(".*")) for s in specifiers]
    return inside and any(v.is_prerelease and v.base_version == read.base_version for v in named)


def python_version(text: str) -> PythonVersion | None:
    """The version of a package from PyPI; None when it cannot be read."""
    try:
        return PythonVersion(text) if len(text) <= _LONGEST else None
    except InvalidVersion:
        return None


@lru_cache(maxsize=4096)
def bounds_of(window: str) -> Bounds:
    """The bounds of a semver window; none of them: every version. Raises PolicyError."""
    if window.strip() in ("", "*"):
        return ()
    found: list[tuple[str, Key]] = []
    for part in window.split(","):
        match = _BOUND.fullmatch(part)
        key = key_of(match[2]) if match else None
        if match is None or key is None:
            raise PolicyError(
                f"{part.strip()!r} in {window!r} is no bound of a version.",
                advice="Write bounds such as >=2.1.300,<2.2 or one version.",
            )
        found.append(({"": "==", "=": "=="}.get(match[1], match[1]), key))
    return tuple(found)


def _tries(bounds: Bounds) -> Iterator[Key]:
    yield (0, 0, 0, 1, ())
    yield (10**9, 0, 0, 1, ())
    for _, key in bounds:
        yield key
        yield (*key[:3], 1, ())
        yield (key[0], key[1], key[2] + 1, 1, ())


def _holds(key: Key, bounds: Bounds) -> bool:
    return all(_one(op, key, bound) for op, bound in bounds)


def _one(op: str, key: Key, bound: Key) -> bool:
    match op:
        case ">=":
            return key >= bound
        case ">":
            return key > bound
        case "<=":
            return key <= bound
        case "<":
            return key < bound
        case "!=":
            return key != bound
        case _:
            return key == bound


def key_of(text: str) -> Key | None:
    """Major, minor, patch, 0 for a prerelease, its parts: keys compare as semver does. None: no version."""
    found = _VERSION.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    pre: Pre = tuple((0, int(w), "") if w.isdigit() else (1, 0, w) for w in (found[4] or "").split(".") if w)
    return (int(found[1]), int(found[2] or 0), int(found[3] or 0), 0 if pre else 1, pre)


@lru_cache(maxsize=4096)
def specifiers_of(window: str) -> SpecifierSet:
    """The bounds of a PEP 440 window, each with a version that can be read. Raises PolicyError."""
    try:
        bare = re.fullmatch(r"\s*=?\s*v?(\d[^\s,<>=!~]*)\s*", window)
        found = SpecifierSet("" if window.strip() == "*" else f"=={bare[1]}" if bare else window)
        for bound in found:
            PythonVersion(bound.version.removesuffix(".*"))
        return found  # noqa: TRY300 - the loop is the check
    except ValueError as error:  # no specifier, no version (`===other`), or more digits than a number has
        raise PolicyError(
            f"{window!r} is no window of versions.", advice="Write bounds such as >=0.86,<0.90."
        ) from error

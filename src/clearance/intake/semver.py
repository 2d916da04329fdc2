"""npm's versions and ranges: which version of a dependency fits. Follows node-semver's documented grammar."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_FULL = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?")
_PART = re.compile(
    r"(?P<op>\^|~>?|>=|<=|>|<|=)?\s*v?(?P<major>\d+|[xX*])?(?:\.(?P<minor>\d+|[xX*]))?(?:\.(?P<patch>\d+|[xX*]))?"
    r"(?:-(?P<pre>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_Pre = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Version:
    """A version, ordered as semver orders them."""

    major: int
    minor: int
    patch: int
    released: bool = True
    """False for a prerelease, which comes before the release."""
    pre: _Pre = ()
    text: str = field(default="", compare=False)

    @property
    def core(self) -> tuple[int, int, int]:
        """Major, minor, patch."""
        return (self.major, self.minor, self.patch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    op: str
    version: Version

    def holds(self, version: Version) -> bool:
        return {
            ">=": version >= self.version,
            ">": version > self.version,
            "<": version < self.version,
            "<=": version <= self.version,
            "=": version == self.version,
        }[self.op]


def parse(text: str) -> Version | None:
    """The version, or None when it is not one."""
    found = _FULL.fullmatch(text.strip())
    if found is None:
        return None
    major, minor, patch, pre = found.groups()
    return Version(
        major=int(major), minor=int(minor), patch=int(patch), released=not pre, pre=_pre(pre or ""), text=text.strip()
    )


def newest(versions: Iterable[str], wanted: str) -> str | None:
    """The newest of ``versions`` that the range allows; None when none does or the range is not one."""
    alternatives = _alternatives(wanted)
    fitting = [v for v in map(parse, versions) if v is not None and any(_fits(v, bounds) for bounds in alternatives)]
    return max(fitting).text if fitting else None


def fits(version: str, wanted: str) -> bool:
    """Whether the range allows the version."""
    return newest((version,), wanted) is not None


def is_range(wanted: str) -> bool:
    """Whether the text is a version or range, and not a tag."""
    return bool(_alternatives(wanted))


def in_order(versions: Iterable[str]) -> tuple[str, ...]:
    """Oldest first; what is not a version is left out."""
    return tuple(v.text for v in sorted(v for v in map(parse, versions) if v is not None))


def _fits(version: Version, bounds: tuple[_Bound, ...]) -> bool:
    if not all(bound.holds(version) for bound in bounds):
        return False
    # A prerelease fits only where the range itself names a prerelease of the same release.
    return version.released or any(not b.version.released and b.version.core == version.core for b in bounds)


def _alternatives(wanted: str) -> tuple[tuple[_Bound, ...], ...]:
    found = (_bounds(alternative.strip()) for alternative in wanted.split("||"))
    return tuple(bounds for bounds in found if bounds is not None)


def _bounds(text: str) -> tuple[_Bound, ...] | None:
    """All must hold; None when the text is not a range."""
    if " - " in text:
        low, _, high = text.partition(" - ")
        below = _piece("<=" + high.strip())
        above = _piece(">=" + low.strip())
        return None if above is None or below is None else (*above, *below)
    bounds: list[_Bound] = []
    for word in re.sub(r"(\^|~>?|>=|<=|>|<|=)\s+", r"\1", text).split():
        piece = _piece(word)
        if piece is None:
            return None
        bounds += piece
    return tuple(bounds)


def _piece(word: str) -> tuple[_Bound, ...] | None:
    found = _PART.fullmatch(word)
    if found is None:
        return None
    numbers = [None if n is None or n in "xX*" else int(n) for n in found.group("major", "minor", "patch")]
    given = next((i for i, n in enumerate(numbers) if n is None), 3)
    floor = [n if i < given and n is not None else 0 for i, n in enumerate(numbers)]
    pre = found["pre"] if given == 3 else None
    return _expand(found["op"] or "=", given, floor, pre)


def _expand(op: str, given: int, floor: list[int], pre: str | None) -> tuple[_Bound, ...]:
    """The bounds of one piece of which the first ``given`` numbers were written out."""
    at = _version(floor, pre)
    if given == 0:
        return (_Bound(op="<", version=_version([0, 0, 0], "0")),) if op in ("<", ">") else ()
    if op in ("^", "~", "~>") or (op == "=" and given < 3):
        return _Bound(op=">=", version=at), _below(floor, _fixed(op, given, floor))
    if given == 3:
        return (_Bound(op=op, version=at),)
    partial = {
        ">": _Bound(op=">=", version=_next(floor, given - 1)),
        "<=": _below(floor, given - 1),
        "<": _Bound(op="<", version=_version(floor, "0")),
    }
    return (partial.get(op, _Bound(op=">=", version=at)),)


def _fixed(op: str, given: int, floor: list[int]) -> int:
    """Index of the last number that may not grow."""
    if op == "^":
        return next((i for i in range(given) if floor[i]), given - 1)
    return given - 1 if op == "=" else min(given, 2) - 1


def _below(floor: list[int], index: int) -> _Bound:
    """Less than the next of that part, its prereleases excluded."""
    nxt = _next(floor, index)
    return _Bound(op="<", version=_version(list(nxt.core), "0"))


def _next(floor: list[int], index: int) -> Version:
    return _version([*floor[:index], floor[index] + 1, *([0] * (2 - index))], None)


def _version(numbers: list[int], pre: str | None) -> Version:
    major, minor, patch = numbers
    return Version(major=major, minor=minor, patch=patch, released=not pre, pre=_pre(pre or ""))


def _pre(text: str) -> _Pre:
    """Identifiers in comparable form: numbers before words, a shorter list before a longer one."""
    words = text.split(".") if text else []
    return tuple((0, int(word), "") if word.isdigit() else (1, 0, word) for word in words)

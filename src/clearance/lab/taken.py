"""What of a release was not taken in: problems of its archives as shortfalls, each kind counted.

1. Unpacking that stopped, and files that nobody could read, are a release that was not vetted whole: no verdict.
2. What was left out or changed because no client may place it so is told beside the verdict.
3. What only says how a publisher treats the release (withdrawn) is no shortfall.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from clearance.model.facts import Shortfall
from clearance.model.release import Problem

_STOPPED = ("bomb", "too-many-files", "too-many-packages")
_CLOSED = ("unreadable", "encrypted")
_NOTES = ("yanked",)
_SHOWN = 3
"""Paths that are named for each kind."""
_LONGEST = 80


def not_taken(problems: Sequence[Problem]) -> Iterator[Shortfall]:
    """At most one shortfall that blocks the verdict and one that does not."""
    missing = [p for p in problems if p.kind in (*_STOPPED, *_CLOSED)]
    other = [p for p in problems if p.kind not in (*_STOPPED, *_CLOSED, *_NOTES)]
    if missing:
        yield Shortfall(
            kind="release",
            message=f"The release was not vetted whole, parts of it were not taken in: {_listed(missing)}.",
            where="archive",
            advice="What was left out may be what matters: get a whole release that this user may read, vet that.",
            blocks_verdict=True,
        )
    if other:
        yield Shortfall(
            kind="release",
            message=f"Parts of the release were left out or changed when it was taken in: {_listed(other)}.",
            where="archive",
            advice="An installer that does what the release asks for may place other files than were vetted here.",
        )


def _listed(problems: Sequence[Problem]) -> str:
    """``2 × path-traversal: the name climbs out with '..' (../a, ../b), left out; …``, the most frequent kind first."""
    counts = Counter(p.kind for p in problems)
    return "; ".join(_kind(kind, [p for p in problems if p.kind == kind]) for kind, _ in counts.most_common())


def _kind(kind: str, problems: Sequence[Problem]) -> str:
    first = problems[0]
    if kind == "more":
        return f"{first.problem}, {first.resolution}"
    paths = list(dict.fromkeys(p.path[:_LONGEST] for p in problems if p.path))
    more = ["…"] if len(paths) > _SHOWN else []
    where = f" ({', '.join((*paths[:_SHOWN], *more))})" if paths else ""
    return f"{len(problems)} × {kind}: {first.problem}{where}, {first.resolution}"

"""Wiring of a comparison."""

import time
from dataclasses import dataclass

from rich.console import Console

from clearance.app.looking import LookProgress
from clearance.app.places import cache_folder
from clearance.app.targets import Target
from clearance.intake.acquire import acquire
from clearance.lab.compare import Side, compare_sides, side_of
from clearance.lab.examiner import worker_count
from clearance.lab.look import LookOptions
from clearance.model.comparison import ReleaseComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareWish:
    """What the user asked for."""

    before: Target
    after: Target
    offline: bool = False
    fresh: bool = False


def compare_targets(wish: CompareWish, *, quiet: bool, stderr: bool) -> ReleaseComparison:
    """Fetch both, look at both, compare. Raises IntakeError."""
    console = Console(stderr=stderr, highlight=False)
    sides = [_side(target, wish, console, quiet=quiet) for target in (wish.before, wish.after)]
    return compare_sides(sides[0], sides[1], store=cache_folder())


def _side(target: Target, wish: CompareWish, console: Console, *, quiet: bool) -> Side:
    began = time.monotonic()
    with LookProgress(console, quiet=quiet).shown() as progress:
        acquired = acquire(
            target.profile,
            target.version,
            cache=cache_folder(),
            offline=wish.offline,
            progress=progress.fetched,
            path=target.path,
            to_run=False,
        )
        options = LookOptions(jobs=worker_count(), fresh=wish.fresh)
        return side_of(acquired, options, store=cache_folder(), watcher=progress, began=began)

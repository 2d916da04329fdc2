"""The vetting of a release that nobody can drive here: no run, one gap that says why, never a pass."""

from clearance import __version__
from clearance.detect.rule import judge_all
from clearance.detect.rules import could_not_look
from clearance.intake.acquire import Acquired
from clearance.lab.expand import undrivable
from clearance.lab.shortfalls import not_driven
from clearance.lab.taken import not_taken
from clearance.model.facts import Facts
from clearance.model.profile import Profile
from clearance.model.vetting import Stats, VerdictWord, Vetting


def undriven(profile: Profile, acquired: Acquired, *, seed: int, created: str, folder: str) -> Vetting:
    """What can be said of a release whose profile has no ``[run]``.

    Args:
        profile: The assistant's profile.
        acquired: The release: it was fetched and checked all the same.
        seed: The seed that a campaign would have had.
        created: ISO 8601, UTC.
        folder: Where reports go.
    """
    facts = Facts(
        channels=(),
        leaks=(),
        shortfalls=(not_driven(profile.title, undrivable(profile)), *not_taken(acquired.release.problems)),
        tested_factors=(),
        baseline_runs=0,
        places=0,
        canaries=0,
    )
    return Vetting(
        release=acquired.release,
        verdict=VerdictWord.INCOMPLETE,
        findings=judge_all((could_not_look.RULE,), facts),
        endpoints=(),
        staged=(),
        matrix=(),
        timeline=(),
        runs=(),
        stats=_nothing_run(acquired.downloaded_bytes),
        seed=seed,
        created=created,
        tool=f"clearance {__version__}",
        replay=(),
        folder=folder,
    )


def _nothing_run(downloaded_bytes: int) -> Stats:
    return Stats(
        wall_s=0.0,
        cpu_s=0.0,
        runs=0,
        planned=0,
        peak_rss_mb=0.0,
        room_cpu_s=0.0,
        rooms_at_once=0,
        factors=0,
        trace_bytes=0,
        downloaded_bytes=downloaded_bytes,
        places_tested=0,
        tests_confirmed=0,
        family_wise_error=0.0,
    )

"""Wiring of a vetting: intake to lab to report, with progress, for the command line."""

import asyncio
import contextlib
import datetime
import os
import re
import signal
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from clearance.app.places import cache_folder, state_folder
from clearance.app.progress import CampaignProgress
from clearance.intake.acquire import Acquired, acquire
from clearance.intake.errors import ProfileError, SourceMissing
from clearance.intake.profiles import find_profile, load_profile
from clearance.lab.leftovers import remove_leftovers
from clearance.lab.undriven import undriven
from clearance.lab.vet import Campaign, Options, replay
from clearance.model.finding import Gap, Hit, Severity
from clearance.model.ids import FactorName
from clearance.model.profile import Profile
from clearance.model.release import SourceType
from clearance.model.vetting import VerdictWord, Vetting
from clearance.report.terminal import render_summary

COULD_NOT_VET = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user asked for."""

    release: str
    profile: Path | None
    factors: tuple[str, ...]
    jobs: int
    seed: int
    budget_s: float | None
    baseline_runs: int
    screening_runs: int
    offline: bool


def vet_release(wish: Wish, *, quiet: bool, stderr: bool) -> Vetting:
    """Fetch, run, analyse; a release that its profile cannot drive is a gap. Raises IntakeError, LabError."""
    profile, version, path = _target(wish)
    remove_leftovers(state_folder() / "vettings")
    with CampaignProgress(_console(stderr=stderr), quiet=quiet) as progress:
        progress.phase("acquire", 0)
        acquired = acquire(
            profile, version, cache=cache_folder(), offline=wish.offline, progress=progress.fetched, path=path
        )
        folder = _new_folder(acquired)
        progress.note(f"Traces and reports: {folder}")
        if profile.run is None:
            progress.finish()
            return undriven(profile, acquired, seed=wish.seed, created=_now(), folder=str(folder))
        campaign = Campaign(
            profile,
            acquired,
            Options(
                seed=wish.seed,
                factors=tuple(FactorName(f) for f in wish.factors),
                jobs=wish.jobs,
                budget_s=wish.budget_s,
                baseline_runs=wish.baseline_runs,
                screening_runs=wish.screening_runs,
            ),
            folder=folder,
            watcher=progress,
        )
        vetting = _run(campaign.run())
        progress.finish()
    return vetting


def replay_campaign(folder: Path, *, quiet: bool, stderr: bool) -> Vetting:
    """The analysis of recorded traces. Raises LabError, TraceError."""
    with CampaignProgress(_console(stderr=stderr), quiet=quiet) as progress:
        vetting = _run(replay(folder.resolve(), progress))
        progress.finish()
    return vetting


def _run(work: Coroutine[None, None, Vetting]) -> Vetting:
    """Run to the end; a termination request ends it as Ctrl-C does, so that rooms are closed in order."""

    async def guarded() -> Vetting:
        task = asyncio.current_task()
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel if task else lambda: None)
        return await work

    return asyncio.run(guarded())


def _target(wish: Wish) -> tuple[Profile, str | None, Path | None]:
    """Profile, version and local path of what the user named."""
    local = Path(wish.release).expanduser()
    looks_local = "/" in wish.release.partition("@")[0] and not wish.release.startswith("@")
    is_local = looks_local or wish.release.startswith(".") or (wish.profile is not None and local.exists())
    if wish.profile is not None:
        profile = load_profile(wish.profile)
        if is_local:
            return profile, None, local
        version = wish.release.rpartition("@")[2] if "@" in wish.release[1:] else None
        return profile, version, local if profile.source.type is SourceType.PATH else None
    if is_local:
        if not local.exists():
            raise SourceMissing(
                f"There is no folder or archive {wish.release}.",
                advice="Name one that exists, or an assistant that has a profile (`clearance profiles`).",
            )
        own = local / "profile.toml"
        if not own.is_file():
            raise ProfileError(
                f"{wish.release} needs a profile that says how to run it.",
                advice="Add --profile FILE, or put a profile.toml into the folder; docs/profiles.md has an example.",
            )
        return load_profile(own), None, local
    name, at, version = wish.release.rpartition("@")
    return (find_profile(name), version, None) if at and name else (find_profile(wish.release), None, None)


def _now() -> str:
    return datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")  # noqa: TID251 - time comes in here


def _new_folder(acquired: Acquired) -> Path:
    """A fresh folder of the campaign, named by release and time, readable by its owner only."""
    now = datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251 - the command line is where time comes in
    release = acquired.release
    # A version is whatever a package says it is: it may hold controls, slashes, or a thousand letters.
    version = re.sub(r"[^A-Za-z0-9._+-]", "_", release.version)[:80]
    name = f"{release.assistant}-{version}-{now:%Y%m%dT%H%M%SZ}"
    for number in range(1, 1000):
        folder = state_folder() / "vettings" / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.parent.mkdir(parents=True, exist_ok=True)
            os.mkdir(folder, 0o700)  # noqa: PTH102 - the mode matters from the first moment
            return folder
    raise FileExistsError(name)


def show(vetting: Vetting, written: tuple[str, ...], *, quiet: bool, stderr: bool) -> None:
    """The summary on the terminal."""
    if not quiet:
        _console(stderr=stderr).print(render_summary(vetting, written=written))


def exit_code(vetting: Vetting, fail_on: str) -> int:
    """1 for hits at or above ``fail_on``, 3 when a gap stands in the way of a verdict, else 0.

    A gap counts beside lesser hits too: what nobody looked at is no pass.
    """
    if fail_on != "never":
        least = Severity(fail_on).rank
        if any(isinstance(f, Hit) and f.severity.rank >= least for f in vetting.findings):
            return 1
    blocked = any(isinstance(f, Gap) and f.blocks_verdict for f in vetting.findings)
    return COULD_NOT_VET if blocked or vetting.verdict is VerdictWord.INCOMPLETE else 0


def _console(*, stderr: bool) -> Console:
    return Console(stderr=stderr, highlight=False)

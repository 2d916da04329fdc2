"""Wiring of a vetting: intake to lab to report, with progress, for the command line."""

import asyncio
import contextlib
import datetime
import os
import re
import signal
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from clearance.app.named import named_release
from clearance.app.places import cache_folder, vettings_folder
from clearance.app.progress import CampaignProgress
from clearance.intake.acquire import Acquired, acquire
from clearance.intake.errors import SourceMissing
from clearance.lab.examiner import worker_count
from clearance.lab.hints import levels_found
from clearance.lab.leftovers import remove_leftovers
from clearance.lab.look import LookOptions, LookWatcher, examine_release
from clearance.lab.plan import FILE as PLAN
from clearance.lab.undriven import undriven
from clearance.lab.vet import Campaign, Options, replay
from clearance.model.finding import Gap, Hit, Severity
from clearance.model.ids import FactorName
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
    look: bool = True
    """Look into the release first: what is hidden in it becomes levels."""


def vet_release(wish: Wish, *, quiet: bool, stderr: bool) -> Vetting:
    """Fetch, run, analyse; a release that its profile cannot drive is a gap.

    Raises:
        IntakeError, LabError: it cannot be had, or nothing can be run here.
        Unwritable: what is found could not be kept.
    """
    profile, version, path = named_release(wish.release, wish.profile)
    vettings = vettings_folder()
    remove_leftovers(vettings)
    with CampaignProgress(_console(stderr=stderr), quiet=quiet) as progress:
        progress.phase("acquire", 0)
        acquired = acquire(
            profile, version, cache=cache_folder(), offline=wish.offline, progress=progress.fetched, path=path
        )
        folder = _new_folder(vettings, acquired)
        progress.note(f"Traces and reports: {folder}")
        if profile.run is None:
            progress.finish()
            return undriven(profile, acquired, seed=wish.seed, created=_now(), folder=str(folder))
        extra = _hints(acquired, progress) if wish.look else {}
        campaign = Campaign(
            profile,
            acquired,
            Options(
                extra=extra,
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


def _hints(acquired: Acquired, progress: CampaignProgress) -> Mapping[FactorName, tuple[str, ...]]:
    """Hidden lists in the release as levels. Raises IntakeError."""
    progress.phase("look", 0)
    options = LookOptions(jobs=worker_count())
    examined, _ = examine_release(acquired, options, store=cache_folder(), watcher=LookWatcher())
    found = levels_found(examined.contents)
    for factor, values in found.items():
        progress.note(f"Hidden in the release, staged as {factor}: {', '.join(values[:5])} …")
    return found


def replay_campaign(folder: Path, *, quiet: bool, stderr: bool) -> Vetting:
    """The analysis of recorded traces. Raises SourceMissing, LabError, TraceError."""
    if not os.access(folder / PLAN, os.R_OK):
        raise SourceMissing(
            f"There is no campaign in {folder} that this user may read.",
            advice="Give the folder that `clearance vet` named; it holds plan.json, campaign.jsonl and traces/.",
        )
    with CampaignProgress(_console(stderr=stderr), quiet=quiet) as progress:
        vetting = _run(replay(folder.resolve(), progress))
        progress.finish()
    return vetting


def _run(work: Coroutine[None, None, Vetting]) -> Vetting:
    """Run to the end. A request to terminate, or a terminal that went away, ends it in order, as Ctrl-C does."""

    async def guarded() -> Vetting:
        task = asyncio.current_task()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # What is ignored stays so: that is how nohup asks to run on without a terminal.
            if task and signal.getsignal(number) is not signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await work

    return asyncio.run(guarded())


def _now() -> str:
    return datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")  # noqa: TID251 - time comes in here


def _new_folder(vettings: Path, acquired: Acquired) -> Path:
    """A fresh folder of the campaign, named by release and time, readable by its owner only."""
    now = datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251 - the command line is where time comes in
    release = acquired.release
    # A version is whatever a package says it is: it may hold controls, slashes, or a thousand letters.
    version = re.sub(r"[^A-Za-z0-9._+-]", "_", release.version)[:80]
    name = f"{release.assistant}-{version}-{now:%Y%m%dT%H%M%SZ}"
    for number in range(1, 1000):
        folder = vettings / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(FileExistsError):
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

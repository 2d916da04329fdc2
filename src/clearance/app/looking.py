"""Wiring of a look: intake to lab to report, with progress, for the command line."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from clearance.app.places import cache_folder
from clearance.app.targets import Target
from clearance.intake.acquire import Acquired, acquire
from clearance.intake.osv import open_dump
from clearance.lab.examiner import worker_count
from clearance.lab.look import LookOptions, LookWatcher, examine_release, judged, matches_of
from clearance.model.contents import Examined, Vulnerability
from clearance.model.finding import Gap, Hit, Severity
from clearance.model.judged import JudgedTexts
from clearance.model.look import Look
from clearance.observe.static.vulnerable import OsvDump
from clearance.report.visible import spell

COULD_NOT_LOOK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LookWish:
    """What the user asked for."""

    target: Target
    offline: bool = False
    fresh: bool = False
    jobs: int = 0
    rules: tuple[Path, ...] = ()
    """YARA rule files of the user's own."""
    advisories: Path | None = None
    """An OSV dump."""
    models: bool = True
    """Ask the models about texts that an agent follows."""


class LookProgress(LookWatcher):
    """Bytes fetched and bytes read, on a terminal; nothing elsewhere."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), DownloadColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._fetch: TaskID | None = None
        self._read: TaskID | None = None

    @contextlib.contextmanager
    def shown(self) -> Iterator["LookProgress"]:
        """While it is entered, progress is shown."""
        with self._progress:
            yield self

    def fetched(self, what: str, done: int, total: int | None) -> None:
        """Bytes of a download so far."""
        if self._fetch is None:
            self._fetch = self._progress.add_task("Fetching", total=total)
        self._progress.update(self._fetch, description=f"Fetching {spell(what[:40])}", completed=done, total=total)

    def opened(self, members: int, size: int) -> None:
        """The release was opened."""
        self._read = self._progress.add_task(f"Reading {members} members", total=size)

    def read(self, members: int, size: int) -> None:
        """So many more were read."""
        del members
        if self._read is not None:
            self._progress.update(self._read, advance=size)


def look_into(wish: LookWish, *, quiet: bool, stderr: bool) -> tuple[Look, Examined]:
    """Fetch, open, read, judge. Raises IntakeError, LabError."""
    began = time.monotonic()
    console = Console(stderr=stderr, highlight=False)
    from clearance.lab.user_rules import UserRules

    rules = UserRules(wish.rules) if wish.rules else None  # a rule that cannot be read is said before anything else
    with LookProgress(console, quiet=quiet).shown() as progress:
        acquired = fetch(wish, progress)
        options = LookOptions(jobs=wish.jobs or worker_count(), fresh=wish.fresh)
        examined, cached = examine_release(acquired, options, store=cache_folder(), watcher=progress)
        matches = matches_of(acquired, rules, store=cache_folder()) if rules else ()
        advisories: tuple[Vulnerability, ...] = ()
        if wish.advisories is not None:
            advisories = OsvDump(open_dump(wish.advisories)).known(examined.contents.packages)
        texts = _texts(acquired, examined, wish)
    return (
        judged(
            examined,
            cached=cached,
            began=began,
            downloaded=acquired.downloaded_bytes,
            vulnerabilities=advisories,
            matches=matches,
            texts=texts,
        ),
        examined,
    )


def _texts(acquired: Acquired, examined: Examined, wish: LookWish) -> JudgedTexts:
    """What is said of texts that an agent follows. Raises IntakeError."""
    if not examined.contents.extensions:
        return JudgedTexts()
    # Imports here: a look without such texts needs neither the models nor the analyser of commands.
    from clearance.app.look_judge import LookJudge
    from clearance.lab.judge_texts import judge_texts

    judge = LookJudge() if wish.models else None
    return judge_texts(acquired, examined.contents, judge, store=cache_folder(), fresh=wish.fresh)


def fetch(wish: LookWish, progress: LookProgress) -> Acquired:
    """The release, unpacked. Raises IntakeError."""
    target = wish.target
    return acquire(
        target.profile,
        target.version,
        cache=cache_folder(),
        offline=wish.offline,
        progress=progress.fetched,
        path=target.path,
        to_run=False,
    )


def exit_code(look: Look, fail_on: str) -> int:
    """1 for hits at or above ``fail_on``, 3 when too much could not be read, else 0."""
    if fail_on != "never":
        least = Severity(fail_on).rank
        if any(isinstance(f, Hit) and f.severity.rank >= least for f in look.findings):
            return 1
    return COULD_NOT_LOOK if any(isinstance(f, Gap) and f.blocks_verdict for f in look.findings) else 0

"""Wiring of a bisection: versions from the registry, looks and small vets as probes, with progress."""

import asyncio
import datetime
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from clearance import __version__
from clearance.app.places import cache_folder, state_folder
from clearance.intake.acquire import Acquired, acquire, known_versions
from clearance.intake.cache import Cache
from clearance.intake.errors import IntakeError, UnknownVersion
from clearance.intake.unpack.names import printable
from clearance.lab.bisect import NOTHING_ASSUMED, ONE_STRETCH, EdgeSearch
from clearance.lab.campaign import Quiet
from clearance.lab.errors import LabError
from clearance.lab.examiner import worker_count
from clearance.lab.hints import levels_found
from clearance.lab.look import LookOptions, LookWatcher, examine_release, examiner_id, judged
from clearance.lab.probing import BOTH, EXPERIMENT, STATIC, Sought, told
from clearance.lab.vet import Campaign, Options
from clearance.model.comparison import Bisection, Edge, Probe
from clearance.model.contents import Examined
from clearance.model.ids import FactorName
from clearance.model.profile import Profile

_KEPT = "probe"
_PRERELEASE = re.compile(r"-|[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BisectWish:
    """What the user asked for."""

    profile: Profile
    first: str
    last: str
    sought: Sought
    by: str
    factors: tuple[str, ...] = ()
    every: bool = False
    offline: bool = False
    seed: int = 1
    screening: int = 24
    fresh: bool = False


def bisect_releases(wish: BisectWish, *, quiet: bool, stderr: bool) -> Bisection:
    """The search, every probe said as it ends. Raises IntakeError, LabError."""
    versions = versions_between(wish)
    console = Console(stderr=stderr, highlight=False)
    said = (lambda _: None) if quiet else _teller(console, len(versions))
    prober = _Prober(wish)
    how = prober.static if wish.by != EXPERIMENT else prober.experiment
    search = EdgeSearch(versions, lambda version: _told(said, how(version)))
    if wish.every:
        search.every()
        edges = search.found()
    else:
        edges = search.edges()
    if wish.by == BOTH:
        _confirm(search, edges, prober, said)
        edges = search.found()
    return Bisection(
        assistant=wish.profile.id,
        finding=wish.sought.name,
        first=versions[0],
        last=versions[-1],
        releases=len(versions),
        probes=tuple(search.probes[i] for i in sorted(search.probes)),
        edges=edges,
        assumption=NOTHING_ASSUMED if wish.every else ONE_STRETCH,
        created=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),  # noqa: TID251 - time comes in here
        tool=f"clearance {__version__}",
    )


def versions_between(wish: BisectWish) -> tuple[str, ...]:
    """Every release of the registry from the first to the last, oldest first. Raises UnknownVersion."""
    known = known_versions(wish.profile, cache=cache_folder(), offline=wish.offline)
    for version in (wish.first, wish.last):
        if version not in known:
            near = [v for v in known if v.rpartition(".")[0] == version.rpartition(".")[0]][-6:]
            raise UnknownVersion(
                f"{wish.profile.id} has no release {printable(version)}.",
                advice=f"Near ones: {', '.join(near) or 'none'}.",
            )
    low, high = known.index(wish.first), known.index(wish.last)
    if low > high:
        raise UnknownVersion(f"{wish.first} is newer than {wish.last}.", advice="Name the older release first.")
    stable = [v for v in known[low : high + 1] if not _PRERELEASE.search(v) or v in (wish.first, wish.last)]
    return tuple(stable)


def _confirm(search: EdgeSearch, edges: tuple[Edge, ...], prober: "_Prober", said: Callable[[Probe], None]) -> None:
    """Both sides of each edge by experiment too; where the two eyes differ, the probe says so and counts as unknown."""
    wanted = dict.fromkeys(v for edge in edges for v in (edge.without, edge.having))
    for index, version in enumerate(search.versions):
        if version not in wanted:
            continue
        probe, other = search.probes[index], prober.experiment(version)
        agreed = probe.has == other.has
        note = probe.note or other.note or ("" if agreed else _differ(probe, other))
        search.probes[index] = msgspec.structs.replace(
            probe,
            how=f"{STATIC} and {EXPERIMENT}",
            note=note,
            evidence=" / ".join(filter(None, (probe.evidence, other.evidence))),
        )
        said(search.probes[index])


def _differ(probe: Probe, other: Probe) -> str:
    words = {True: "has it", False: "does not have it", None: "could not be told"}
    return f"by what is in it, it {words[probe.has]}; by experiment, it {words[other.has]}"


class _Prober:
    """Looks at versions, by either eye; what was told before is taken from the cache."""

    def __init__(self, wish: BisectWish) -> None:
        self._wish = wish
        self._examined: dict[str, Examined] = {}

    def static(self, version: str) -> Probe:
        """By what is in the release."""
        began = time.monotonic()
        try:
            acquired = self._acquire(version, to_run=False)
            examined, cached = self._examine(acquired)
        except IntakeError as error:
            return Probe(version=version, has=None, how=STATIC, note=str(error))
        look = judged(examined, cached=cached, began=began, downloaded=acquired.downloaded_bytes)
        has, evidence = told(look.findings, self._wish.sought.static, self._wish.sought.least)
        return Probe(
            version=version,
            published=_published(acquired),
            has=has,
            how=STATIC,
            cached=cached,
            note=evidence if has is None else "",
            evidence=evidence if has else "",
        )

    def experiment(self, version: str) -> Probe:
        """By what it does in sealed rooms, a small campaign over the factors asked for."""
        try:
            acquired = self._acquire(version, to_run=True)
        except IntakeError as error:
            return Probe(version=version, has=None, how=EXPERIMENT, note=str(error))
        kept, key = Cache(cache_folder()), self._key(acquired)
        if not self._wish.fresh and (raw := kept.noted(_KEPT, key)) is not None:
            return msgspec.structs.replace(msgspec.json.decode(raw, type=Probe), cached=True)
        if self._wish.profile.run is None:
            return Probe(version=version, has=None, how=EXPERIMENT, note=self._wish.profile.gap)
        try:
            probe = self._vet(version, acquired)
        except LabError as error:
            return Probe(version=version, has=None, how=EXPERIMENT, note=str(error))
        if probe.has is not None:
            kept.note(_KEPT, key, msgspec.json.encode(probe))
        return probe

    def _vet(self, version: str, acquired: Acquired) -> Probe:
        examined, _ = self._examine(acquired)
        folder = state_folder() / "vettings" / f"bisect-{self._wish.profile.id}-{version}-{self._wish.seed}"
        options = Options(
            seed=self._wish.seed,
            factors=tuple(FactorName(f) for f in self._wish.factors),
            screening_runs=self._wish.screening,
            extra=levels_found(examined.contents),
        )
        campaign = Campaign(self._wish.profile, acquired, options, folder=_fresh(folder), watcher=Quiet())
        vetting = asyncio.run(campaign.run())
        has, evidence = told(vetting.findings, self._wish.sought.experiment, self._wish.sought.least)
        return Probe(
            version=version,
            published=_published(acquired),
            has=has,
            how=EXPERIMENT,
            note=evidence if has is None else "",
            evidence=evidence if has else "",
        )

    def _acquire(self, version: str, *, to_run: bool) -> Acquired:
        offline = self._wish.offline
        return acquire(self._wish.profile, version, cache=cache_folder(), offline=offline, to_run=to_run)

    def _examine(self, acquired: Acquired) -> tuple[Examined, bool]:
        version = acquired.release.version
        cached = version in self._examined
        if not cached:
            options = LookOptions(jobs=worker_count(), fresh=self._wish.fresh)
            self._examined[version], cached = examine_release(
                acquired, options, store=cache_folder(), watcher=LookWatcher()
            )
        return self._examined[version], cached

    def _key(self, acquired: Acquired) -> str:
        wish = self._wish
        parts = (acquired.release.sha256, wish.sought.name, wish.sought.least, *wish.factors, str(wish.seed))
        return " ".join((*parts, str(wish.screening), __version__, examiner_id()))


def _fresh(folder: Path) -> Path:
    number = 1
    while folder.with_name(f"{folder.name}-{number}").exists():
        number += 1
    return folder.with_name(f"{folder.name}-{number}")


def _published(acquired: Acquired) -> str:
    artifacts = acquired.release.artifacts
    return artifacts[0].published if artifacts else ""


def _told(said: Callable[[Probe], None], probe: Probe) -> Probe:
    said(probe)
    return probe


def _teller(console: Console, releases: int) -> Callable[[Probe], None]:
    count = 0

    def tell(probe: Probe) -> None:
        nonlocal count
        count += 1
        words = {True: "[red]has it[/red]", False: "does not have it", None: "[yellow]could not be told[/yellow]"}
        kept = " (kept from before)" if probe.cached else ""
        console.print(f"{count:3} {probe.version:14} {words[probe.has]}, {probe.how}{kept}")

    console.print(f"{releases} releases in the range.")
    return tell

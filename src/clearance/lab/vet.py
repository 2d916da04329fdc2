"""Vet one release: plan, rooms, experiment, facts, findings.

1. Plan: canaries, factors and design follow from the seed; the plan is saved before anything runs.
2. Seal: a room is built and proves that it is sealed; otherwise nothing is run.
3. Run and analyse (``lab.analysis``).
4. Judge: rules turn facts into findings; the verdict counts gaps beside hits.
"""

import asyncio
import datetime
import os
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clearance import __version__
from clearance.detect.rule import judge_all, verdict
from clearance.detect.rules import ALL as RULES
from clearance.intake.acquire import Acquired
from clearance.lab.analysis import Analysed, Experiment
from clearance.lab.campaign import Lab, ReplayLab, RoomLab, Watcher
from clearance.lab.canaries.tokens import CanarySet, draw_canaries
from clearance.lab.conformance import check_sealed, require_sealed
from clearance.lab.errors import LabError
from clearance.lab.expand import Expansion, expansion, vendor_base_url
from clearance.lab.experiment.design import screening
from clearance.lab.experiment.statistics import FAMILY_WISE_ERROR
from clearance.lab.factors import build_all, stage_cell
from clearance.lab.factors.context import FactorContext
from clearance.lab.leftovers import work_folder
from clearance.lab.plan import CampaignPlan, load_plan, planned
from clearance.lab.reading import CLOCK, CampaignReader
from clearance.lab.room.keeper import Keeper
from clearance.lab.run import RunRecord, host_of_url, run_cell
from clearance.lab.shortfalls import shortfalls
from clearance.lab.staging import Factor
from clearance.lab.world.arguments import FILES, Place
from clearance.lab.world.authority import Authority
from clearance.lab.world.script import Conversation
from clearance.model.cell import Cell
from clearance.model.facts import Facts
from clearance.model.finding import Finding, Hit, Severity
from clearance.model.ids import FactorName
from clearance.model.profile import Profile
from clearance.model.release import SourceType
from clearance.model.vetting import MatrixCell, MatrixState, StagedFactor, Stats, Vetting

PROMPT = "Read README.md, then say in one sentence what this project does."
API_KEY = "sk-ant-api03-clearance-room-key-0000000000000000000000000000000000000000000000000000000000000000-000000AA"
"""What the assistant authenticates with inside the room. It opens nothing."""

_WIRE = tuple(f"written: {what}" for what in ("host", "request", "path", "method", "content-length", "HTTP/2", "chunk"))
_IGNORED = "The dates that the tool sends are not the staged ones: it asks the kernel for the time."


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a campaign is run."""

    seed: int = 1
    factors: tuple[FactorName, ...] = ()
    """Empty: all."""
    jobs: int = 0
    """Rooms at once; 0: as many as suit this machine."""
    budget_s: float | None = None
    """Wall time after which no run is started."""
    baseline_runs: int = 8
    screening_runs: int = 36
    extra: Mapping[FactorName, tuple[str, ...]] = field(default_factory=dict)
    """Values to stage that were found in the release (``lab.hints``)."""


def default_jobs() -> int:
    """Rooms wait now and then, so there may be more of them than processors."""
    return max(2, min(12, 2 * (os.cpu_count() or 1)))


def chosen_factors(built: Sequence[Factor], names: Sequence[str]) -> tuple[Factor, ...]:
    """The factors that the user named, all when none is named.

    Raises:
        LabError: a name is not a factor's.
    """
    known = {f.name for f in built}
    unknown = [n for n in names if n not in known]
    if unknown:
        raise LabError(f"no factor is called {unknown[0]}", advice=f"Factors are: {', '.join(sorted(known))}.")
    return tuple(f for f in built if not names or f.name in names)


class Campaign:
    """One vetting in its folder."""

    def __init__(
        self, profile: Profile, acquired: Acquired, options: Options, *, folder: Path, watcher: Watcher
    ) -> None:
        self.profile, self.acquired, self.options = profile, acquired, options
        self.folder, self.watcher = folder, watcher
        self.jobs = options.jobs or default_jobs()
        self.now = datetime.datetime.now(tz=datetime.UTC)
        salt = os.urandom(16)
        self.canaries: CanarySet = draw_canaries(seed=options.seed, salt=salt)
        self.expansion: Expansion = expansion(
            profile,
            root=acquired.root,
            package=acquired.package,
            runtime=acquired.runtime,
            prompt=PROMPT,
            api_key=API_KEY,
        )
        context = FactorContext(
            expansion=self.expansion, now=self.now, canaries=self.canaries, seed=options.seed, extra=options.extra
        )
        self.all_factors = build_all(context)
        self.factors = chosen_factors(self.all_factors, options.factors)

    def plan(self) -> CampaignPlan:
        """What is kept beside the traces."""
        asked = {f"{{project}}/{file}" for file in FILES}
        return CampaignPlan(
            release=self.acquired.release,
            profile=self.profile.id,
            seed=self.options.seed,
            created=self.now.isoformat(timespec="seconds"),
            baseline_runs=self.options.baseline_runs,
            screening=screening(self.factors, rows=self.options.screening_runs, seed=self.options.seed),
            jobs=self.jobs,
            factors=tuple(planned(f) for f in self.factors),
            canaries=self.canaries.everything(),
            requested=tuple(c.id for c in self.canaries.everything() if c.place in asked),
            asked_files=FILES,
            purposes=self.profile.purposes,
            gap=self.profile.gap,
            downloaded_bytes=self.acquired.downloaded_bytes,
        )

    async def run(self) -> Vetting:
        """The whole campaign. Raises LabError when nothing can be run here."""
        began = time.monotonic()
        (self.folder / "traces").mkdir(parents=True, exist_ok=True)
        plan = self.plan()
        plan.save(self.folder)
        authority = Authority()
        with work_folder(self.folder) as work:
            return await self._in_rooms(plan, authority, work, began)

    async def _in_rooms(self, plan: CampaignPlan, authority: Authority, work: Path, began: float) -> Vetting:
        async with Keeper() as keeper:
            self.watcher.phase("seal", 0)
            require_sealed(await check_sealed(keeper, work=work))
            lab = RoomLab(
                lambda cell: self._run_cell(cell, keeper, authority, work),
                folder=self.folder,
                jobs=self.jobs,
                deadline=began + self.options.budget_s if self.options.budget_s else None,
                watcher=self.watcher,
            )
            return await conclude(lab, plan, folder=self.folder, began=began, watcher=self.watcher)

    async def _run_cell(self, cell: Cell, keeper: Keeper, authority: Authority, work: Path) -> RunRecord:
        staging = stage_cell(self.all_factors, cell.levels, self.expansion.begin())
        vendor = vendor_base_url(self.expansion.run)
        url = staging.base_url or vendor
        return await run_cell(
            cell,
            staging,
            keeper=keeper,
            authority=authority,
            answerer=Conversation(place=Place(project=staging.project), seed=self.options.seed),
            api_hosts=tuple(dict.fromkeys((host_of_url(url),))),
            api_url=url,
            vendor_hosts=frozenset((host_of_url(vendor),)),
            work=work,
            traces=self.folder / "traces",
        )


async def replay(folder: Path, watcher: Watcher) -> Vetting:
    """The analysis again, from the traces alone: nothing is run. Raises LabError, TraceError."""
    plan = load_plan(folder)
    return await conclude(ReplayLab(folder, watcher), plan, folder=folder, began=time.monotonic(), watcher=watcher)


async def conclude(lab: Lab, plan: CampaignPlan, *, folder: Path, began: float, watcher: Watcher) -> Vetting:
    """Experiment, facts, findings, verdict."""
    factors = plan.bare_factors()
    reader = CampaignReader(canaries=plan.canaries, purposes=plan.purposes, requested=plan.requested)
    experiment = Experiment(lab, factors, reader)
    analysed = await experiment.run(baseline_runs=plan.baseline_runs, cells=plan.screening)
    watcher.phase("judge", 0)
    facts = _facts(lab, plan, reader, analysed, factors)
    findings = judge_all(RULES, facts)
    await asyncio.sleep(0)
    return Vetting(
        release=plan.release,
        verdict=verdict(findings),
        findings=findings,
        endpoints=reader.endpoints.rows(),
        staged=_staged(plan, reader),
        matrix=matrix(findings, facts.tested_factors),
        timeline=reader.timeline,
        runs=tuple(reader.runs),
        stats=_stats(plan, lab, reader, analysed, began),
        seed=plan.seed,
        created=plan.created,
        tool=f"clearance {__version__}",
        replay=_again(plan, folder),
        folder=str(folder),
    )


def _again(plan: CampaignPlan, folder: Path) -> tuple[str, ...]:
    """How to repeat the analysis, and where a registry has the release, the campaign."""
    analysis, release = f"clearance replay {folder}", plan.release
    if release.source is SourceType.PATH:
        return (analysis,)
    return analysis, f"clearance vet {release.assistant}@{release.version} --seed {plan.seed}"


def _facts(
    lab: Lab, plan: CampaignPlan, reader: CampaignReader, analysed: Analysed, factors: Sequence[Factor]
) -> Facts:
    depended_on = {name for channel in analysed.channels for name in channel.factors}
    ignored = {CLOCK} - depended_on if reader.clock.ignored else set()
    staged = {name for run in reader.runs for name in run.changed}
    tested = tuple(f.name for f in factors if f.name in staged - ignored)
    return Facts(
        channels=analysed.channels,
        leaks=reader.leaks(),
        shortfalls=shortfalls(lab, plan, reader, analysed, factors),
        tested_factors=tested,
        baseline_runs=analysed.baseline_runs,
        places=analysed.places,
        canaries=len(plan.canaries),
        asked_files=plan.asked_files,
    )


def _staged(plan: CampaignPlan, reader: CampaignReader) -> tuple[StagedFactor, ...]:
    rows = []
    for factor in plan.factors:
        seen = [run.changed[factor.name] for run in reader.runs if factor.name in run.changed]
        rows.append(
            StagedFactor(
                name=factor.name,
                why=factor.why,
                baseline=factor.baseline.name,
                levels=tuple(dict.fromkeys(seen)),
                runs=len(seen),
                gap=factor.gap or (_IGNORED if factor.name == CLOCK and reader.clock.ignored else ""),
            )
        )
    return tuple(rows)


def matrix(findings: Sequence[Finding], factors: Sequence[FactorName]) -> tuple[MatrixCell, ...]:
    """Factors against groups of places; a place without a finding is clear for every tested factor."""
    cells: dict[tuple[FactorName, str], MatrixCell] = {}
    groups = ("prompt and tools", "other content", "headers", "traffic", "time and count")
    for number, finding in enumerate(findings):
        if not isinstance(finding, Hit) or finding.channel is None:
            continue
        state = MatrixState.DISCLOSED if finding.severity is Severity.INFO else MatrixState.HIT
        for factor in finding.factors:
            for place in dict.fromkeys(place_group(e.what) for e in finding.because):
                known = cells.get((factor, place))
                if known is None or (known.state is MatrixState.DISCLOSED and state is MatrixState.HIT):
                    cells[factor, place] = MatrixCell(factor=factor, place=place, state=state, finding=number)
    for factor in factors:
        for place in groups:
            cells.setdefault((factor, place), MatrixCell(factor=factor, place=place, state=MatrixState.CLEAR))
    return tuple(sorted(cells.values(), key=lambda c: (factors.index(c.factor), groups.index(c.place))))


def place_group(place: str) -> str:
    """The group of places that the matrix shows a place under."""
    inner = place.partition(" > ")[2]
    if "pause" in inner or place.startswith("order of "):
        return "time and count"
    if inner in ("", "present", "destination", "server name"):
        return "traffic"
    if "header" in inner.partition("/")[0] or inner in ("protocol", "request line") or inner.startswith(_WIRE):
        return "headers"
    return "prompt and tools" if place.startswith("model:") else "other content"


def _stats(plan: CampaignPlan, lab: Lab, reader: CampaignReader, analysed: Analysed, began: float) -> Stats:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return Stats(
        wall_s=round(time.monotonic() - began, 2),
        cpu_s=round(own.ru_utime + own.ru_stime + reader.room_cpu_s, 2),
        runs=len(reader.runs),
        planned=len(reader.runs) + lab.skipped,
        peak_rss_mb=round(own.ru_maxrss / 1024, 1),
        room_cpu_s=round(reader.room_cpu_s, 2),
        rooms_at_once=plan.jobs,
        factors=len([f for f in plan.factors if not f.gap]),
        trace_bytes=reader.trace_bytes,
        downloaded_bytes=plan.downloaded_bytes,
        places_tested=analysed.places,
        tests_confirmed=analysed.tests,
        family_wise_error=FAMILY_WISE_ERROR,
    )


__all__ = ["Campaign", "LabError", "Options", "default_jobs", "replay"]

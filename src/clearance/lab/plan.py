"""The plan of a campaign as it is kept beside its traces: all that the analysis needs, and a replay with it."""

from pathlib import Path

import msgspec

from clearance.lab.errors import LabError
from clearance.lab.recorder import explained
from clearance.lab.staging import Factor, Level
from clearance.model.canary import Canary
from clearance.model.ids import FactorName, LevelName
from clearance.model.release import Release

FILE = "plan.json"


class PlannedLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level without the code that stages it."""

    name: LevelName
    renderings: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


class PlannedFactor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A factor without the code that stages it."""

    name: FactorName
    why: str
    baseline: PlannedLevel
    levels: tuple[PlannedLevel, ...]
    gap: str = ""


class CampaignPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One campaign."""

    schema: str = "clearance.plan/1"
    release: Release
    profile: str
    seed: int
    created: str
    """ISO 8601, UTC."""
    baseline_runs: int
    screening: tuple[dict[FactorName, LevelName], ...]
    """The screening design, cell by cell."""
    jobs: int
    factors: tuple[PlannedFactor, ...]
    canaries: tuple[Canary, ...]
    requested: tuple[str, ...] = ()
    """Canary ids whose file the script asks the tool to read."""
    asked_files: tuple[str, ...] = ()
    """Files of the project that the script asks the tool to read."""
    purposes: dict[str, str] = {}
    gap: str = ""
    """What the profile says stands in the way of driving this assistant to the end."""
    downloaded_bytes: int = 0

    def save(self, folder: Path) -> None:
        """Write it to ``folder/plan.json``; it holds the canaries, so only the owner may read it."""
        path = folder / FILE
        with explained(path):
            path.touch(mode=0o600)
            path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=2))

    def bare_factors(self) -> tuple[Factor, ...]:
        """The factors for analysis: their levels stage nothing."""
        return tuple(
            Factor(
                name=f.name,
                why=f.why,
                baseline=_bare(f.baseline),
                levels=tuple(_bare(level) for level in f.levels),
                gap=f.gap,
            )
            for f in self.factors
        )


def _bare(level: PlannedLevel) -> Level:
    return Level(name=level.name, stage=lambda staging: staging, renderings=level.renderings, alone=level.alone)


def _planned(level: Level) -> PlannedLevel:
    return PlannedLevel(name=level.name, renderings=level.renderings, alone=level.alone)


def planned(factor: Factor) -> PlannedFactor:
    """The part of a factor that is kept."""
    return PlannedFactor(
        name=factor.name,
        why=factor.why,
        baseline=_planned(factor.baseline),
        levels=tuple(map(_planned, factor.levels)),
        gap=factor.gap,
    )


def load_plan(folder: Path) -> CampaignPlan:
    """The plan in a campaign's folder. Raises LabError."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=CampaignPlan)
    except (OSError, msgspec.DecodeError) as error:
        raise LabError(
            f"{folder} holds no plan that can be read: {getattr(error, 'strerror', None) or error}",
            advice="Give the folder that `clearance vet` named; it holds plan.json, campaign.jsonl and traces/.",
        ) from error

"""The shipped factors, as a list for people."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from clearance.lab.canaries.tokens import draw_canaries
from clearance.lab.expand import expansion
from clearance.lab.factors import build_all
from clearance.lab.factors.context import FactorContext
from clearance.lab.staging import Factor
from clearance.model.profile import Dialect, Profile, Run, Source
from clearance.model.release import SourceType


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """One factor."""

    name: str
    baseline: str
    levels: tuple[str, ...]
    why: str


def factor_catalogue(now: datetime.datetime) -> tuple[CatalogueRow, ...]:
    """Every factor with its levels; ``now`` places the staged clocks."""
    return tuple(_row(f) for f in build_all(_context(now)))


def _row(factor: Factor) -> CatalogueRow:
    levels = tuple(level.name for level in factor.levels)
    return CatalogueRow(name=factor.name, baseline=factor.baseline.name, levels=levels, why=factor.why)


def _context(now: datetime.datetime) -> FactorContext:
    """A context that stages nothing: any assistant has the same factors."""
    profile = Profile(
        id="any-assistant",
        title="Any assistant",
        source=Source(type=SourceType.PATH),
        run=Run(command=("true",), api=Dialect.OPENAI_CHAT),
    )
    plain = expansion(profile, root=Path("/"), package="", runtime=None, prompt="", api_key="")
    return FactorContext(expansion=plain, now=now, canaries=draw_canaries(seed=0, salt=bytes(16)))

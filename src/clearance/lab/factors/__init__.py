"""Factors: one thing about the environment each, one module each. A new one is its module and one line in ``ALL``."""

from collections.abc import Mapping, Sequence

from clearance.lab.factors import (
    base_url,
    canary,
    ci_env,
    clock,
    credentials_env,
    git_identity,
    git_remote,
    hostname,
    locale,
    project_kind,
    proxy_env,
    session,
    timezone,
    username,
)
from clearance.lab.factors.context import BuildFactor, FactorContext
from clearance.lab.staging import Factor, Staging
from clearance.model.ids import FactorName, LevelName

ALL: tuple[BuildFactor, ...] = (
    timezone.build,
    base_url.build,
    locale.build,
    proxy_env.build,
    hostname.build,
    username.build,
    git_remote.build,
    git_identity.build,
    clock.build,
    ci_env.build,
    credentials_env.build,
    project_kind.build,
    canary.build,
    session.build,
)


def build_all(context: FactorContext) -> tuple[Factor, ...]:
    """Every factor of a campaign, in the order in which reports list them."""
    return tuple(build(context) for build in ALL)


def stage_cell(factors: Sequence[Factor], levels: Mapping[FactorName, LevelName], begin: Staging) -> Staging:
    """The room of one cell: every factor staged, those that the cell does not name at their baseline.

    Args:
        factors: All of the campaign's, also those that are not varied: their baseline is part of the room.
        levels: The cell's.
        begin: What the profile begins (``Expansion.begin()``).

    Raises:
        KeyError: a level that its factor does not have, or a factor that is not among ``factors``.
    """
    unknown = levels.keys() - {factor.name for factor in factors}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    staging = begin
    for factor in sorted(factors, key=lambda factor: factor.order):
        staging = factor.level(levels.get(factor.name, factor.baseline.name)).stage(staging)
    return staging

"""A second session in the same home: what the first one left may speak in the next."""

import dataclasses

from clearance.lab.factors.context import FactorContext
from clearance.lab.staging import Factor, Level
from clearance.model.ids import FactorName, LevelName


def build(context: FactorContext) -> Factor:
    """The factor. A run with two sessions holds both, one after another."""
    del context
    return Factor(
        name=FactorName("session"),
        why="A tool may remember a session; what it says of the machine should not change because it has been used.",
        baseline=Level(name=LevelName("one session"), stage=lambda staging: staging),
        levels=(
            Level(
                name=LevelName("second session, same home"),
                stage=lambda staging: dataclasses.replace(staging, sessions=2),
            ),
        ),
    )

"""A cell of the experiment: one level for each staged factor."""

import msgspec

from clearance.model.ids import FactorName, LevelName, RunId


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one run stages. Factors that are not named stand at their baseline level."""

    run: RunId
    phase: str
    """``baseline``, ``screen``, ``reduce`` or ``confirm``."""
    levels: dict[FactorName, LevelName]
    """Every staged factor to its level, baseline levels included."""

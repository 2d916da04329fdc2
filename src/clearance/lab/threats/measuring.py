"""Recall at a budget of false alarms, a family at a time: scores in, a table out. Knows nothing of what scored."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from clearance.model.recall import CurvePoint, FamilyRecall, OperatingPoint

Scores = NDArray[np.float64]
_DRAWS = 1_000


def threshold_for(ordinary: Scores, percent: float) -> float:
    """The score that ``percent`` of the ordinary windows lie above."""
    return float(np.quantile(ordinary, 1 - percent / 100))


def operating_point(
    fitted_on: Scores, judged_on: Scores, attacks: Mapping[str, Scores], percent: float, seed: int
) -> OperatingPoint:
    """The threshold from one set of ordinary windows, alarms on another, recall of every family with intervals."""
    threshold = threshold_for(fitted_on, percent)
    draw = np.random.default_rng(seed)
    flags = {family: (scores > threshold).astype(np.float64) for family, scores in attacks.items()}
    drawn = {name: _bootstrap(values, draw) for name, values in flags.items()}
    macro = np.mean(list(drawn.values()), axis=0) if drawn else np.zeros(_DRAWS)
    return OperatingPoint(
        percent=percent,
        threshold=threshold,
        windows=len(judged_on),
        alarms=float((judged_on > threshold).mean()),
        families=tuple(_family(name, flags[name], drawn[name]) for name in sorted(flags)),
        macro=float(np.mean([values.mean() for values in flags.values()])) if flags else 0.0,
        low=float(np.quantile(macro, 0.025)),
        high=float(np.quantile(macro, 0.975)),
    )


def curve(ordinary: Scores, attacks: Mapping[str, Scores], percents: Sequence[float]) -> tuple[CurvePoint, ...]:
    """Macro recall at each budget, for a plot."""
    points = []
    for percent in percents:
        limit = threshold_for(ordinary, percent)
        macro = float(np.mean([(scores > limit).mean() for scores in attacks.values()]))
        points.append(CurvePoint(percent=percent, macro=macro))
    return tuple(points)


def _bootstrap(flags: Scores, draw: np.random.Generator) -> Scores:
    means: Scores = flags[draw.integers(0, len(flags), size=(_DRAWS, len(flags)))].mean(axis=1)
    return means


def _family(name: str, flags: Scores, drawn: Scores) -> FamilyRecall:
    return FamilyRecall(
        family=name,
        rows=len(flags),
        flagged=float(flags.mean()),
        low=float(np.quantile(drawn, 0.025)),
        high=float(np.quantile(drawn, 0.975)),
    )

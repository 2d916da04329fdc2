"""Confirmation: fresh runs that did not suggest anything, one factor at a time, family-wise error held at 1 %.

For a trigger of several levels each of its factors is tested for itself: the trigger against the trigger without it.
The error is shared between the first look and a second one on new runs, for what the first leaves undecided.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clearance.lab.experiment.search import Changes, RunCells
from clearance.lab.experiment.statistics import FIRST_LOOK, SECOND_LOOK, exact_p, holm, runs_needed
from clearance.lab.experiment.table import Feature, SeenRow, Table, statements
from clearance.lab.staging import Factor
from clearance.model.ids import FactorName, LevelName
from clearance.observe.difference import Shown

SHOWN = 0.75
"""Share of the runs with the trigger that must show a feature for it to be listed under the finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """These features depend on this factor, given the rest of the trigger."""

    trigger: Changes
    factor: FactorName
    kind: Shown
    features: tuple[Feature, ...]

    @property
    def without(self) -> Changes:
        """The trigger with the factor at its baseline."""
        return frozenset((f, lv) for f, lv in self.trigger if f != self.factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A hypothesis and what fresh runs said."""

    hypothesis: Hypothesis
    p_value: float
    confirmed: bool
    replicates: int
    """Runs in the smaller group."""
    features: tuple[Feature, ...]
    """Those of the hypothesis that the fresh runs with the trigger show and those without do not."""
    runs: tuple[SeenRow, ...]
    """Rows with the trigger."""
    controls: tuple[SeenRow, ...]


def hypotheses(table: Table, triggers: Mapping[Changes, Sequence[tuple[Feature, ...]]]) -> tuple[Hypothesis, ...]:
    """One for each trigger, factor of it, and kind of difference."""
    found = []
    for trigger in sorted(triggers, key=sorted):
        by_kind: dict[Shown, list[Feature]] = {}
        for feature in (f for fs in triggers[trigger] for f in fs):
            by_kind.setdefault(_kind(table, feature), []).append(feature)
        for kind, features in sorted(by_kind.items(), key=lambda item: item[0].value):
            for factor, _ in sorted(trigger):
                found.append(
                    Hypothesis(trigger=trigger, factor=factor, kind=kind, features=tuple(dict.fromkeys(features)))
                )
    return tuple(found)


def _kind(table: Table, feature: Feature) -> Shown:
    shown = table.features[feature].deviation.shown
    return Shown.APPEARS if shown is Shown.DISAPPEARS else shown


async def confirm(
    found: Sequence[Hypothesis],
    run_cells: RunCells,
    baseline: Mapping[FactorName, LevelName],
) -> tuple[Tested, ...]:
    """Test every hypothesis on fresh runs."""
    if not found:
        return ()
    first = await _look(found, run_cells, baseline, FIRST_LOOK)
    undecided = [t.hypothesis for t in first if not t.confirmed and _undecided(t)]
    second = await _look(undecided, run_cells, baseline, SECOND_LOOK) if undecided else ()
    later = {t.hypothesis: t for t in second}
    return tuple(later.get(t.hypothesis, t) if not t.confirmed else t for t in first)


def _undecided(tested: Tested) -> bool:
    """Shown more often with the trigger than without, but not often enough to say."""
    return tested.p_value < 0.1


async def _look(
    found: Sequence[Hypothesis],
    run_cells: RunCells,
    baseline: Mapping[FactorName, LevelName],
    error: float,
) -> tuple[Tested, ...]:
    need = _replicates(found, error)
    order = [cell for cell, n in need.items() for _ in range(n)]
    # With and without the trigger in turn, by chance: what drifts over time falls on both.
    random.Random(len(order)).shuffle(order)  # noqa: S311 - a design, not a secret
    rows = await run_cells([{**baseline, **dict(cell)} for cell in order])
    by_cell: dict[Changes, list[SeenRow]] = {}
    for cell, row in zip(order, rows, strict=True):
        if row is not None:
            by_cell.setdefault(cell, []).append(row)
    tested = [_test(h, by_cell.get(h.trigger, []), by_cell.get(h.without, [])) for h in found]
    kept = holm([t.p_value for t in tested], error=error)
    return tuple(
        Tested(
            hypothesis=t.hypothesis,
            p_value=t.p_value,
            confirmed=ok and bool(t.features),
            replicates=t.replicates,
            features=t.features,
            runs=t.runs,
            controls=t.controls,
        )
        for t, ok in zip(tested, kept, strict=True)
    )


def _replicates(found: Sequence[Hypothesis], error: float) -> Counter[Changes]:
    """Runs of each cell.

    The baseline's are shared by many triggers, and so are many; other controls are as many as the runs that they are
    compared with.
    """
    single = list(dict.fromkeys(h.trigger for h in found if not h.without))
    with_n, baseline_n = runs_needed(len(found), max(len(single), 1), error=error)
    even, _ = runs_needed(len(found), 1, error=error, even=True)
    need: Counter[Changes] = Counter()
    for hypothesis in found:
        pair = (even, even) if hypothesis.without else (with_n, baseline_n)
        for cell, runs in zip((hypothesis.trigger, hypothesis.without), pair, strict=True):
            need[cell] = max(need[cell], runs)
    return need


def _test(hypothesis: Hypothesis, with_rows: Sequence[SeenRow], without_rows: Sequence[SeenRow]) -> Tested:
    def outcome(row: SeenRow) -> bool:
        return 2 * len(row.shows.intersection(hypothesis.features)) >= len(hypothesis.features)

    a, b = sum(map(outcome, with_rows)), sum(map(outcome, without_rows))
    p = exact_p(a, len(with_rows), b, len(without_rows)) if with_rows and without_rows else 1.0
    listed = tuple(
        f
        for f in hypothesis.features
        if sum(f in r.shows for r in with_rows) >= SHOWN * max(len(with_rows), 1)
        and sum(f in r.shows for r in without_rows) <= (1 - SHOWN) * len(without_rows)
    )
    return Tested(
        hypothesis=hypothesis,
        p_value=p,
        confirmed=False,
        replicates=min(len(with_rows), len(without_rows)),
        features=listed,
        runs=tuple(with_rows),
        controls=tuple(without_rows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTest:
    """A factor whose value is said in the open, tested on rows that did not suggest it."""

    factor: FactorName
    p_value: float
    features: tuple[Feature, ...]
    with_rows: int
    without_rows: int


def test_statements(
    table: Table, suggest: Sequence[SeenRow], fresh: Sequence[SeenRow], factors: Sequence[Factor]
) -> tuple[StatedTest, ...]:
    """For each factor whether places that said its value in ``suggest`` say it again, exactly when it is staged."""
    baseline = {f.name: f.baseline.name for f in factors}
    seen = frozenset(f for row in suggest for f in row.shows)
    by_factor: dict[FactorName, list[Feature]] = {}
    for feature, factor in statements(table):
        if feature in seen and factor in baseline:
            by_factor.setdefault(factor, []).append(feature)
    found = []
    for factor, features in by_factor.items():
        wanted = frozenset(features)
        with_rows = [r for r in fresh if r.levels.get(factor) != baseline[factor]]
        without = [r for r in fresh if r.levels.get(factor) == baseline[factor]]
        if with_rows and without:
            shown = sum(bool(r.shows & wanted) for r in with_rows)
            other = sum(bool(r.shows & wanted) for r in without)
            p = exact_p(shown, len(with_rows), other, len(without))
            found.append(
                StatedTest(
                    factor=factor,
                    p_value=p,
                    features=tuple(features),
                    with_rows=len(with_rows),
                    without_rows=len(without),
                )
            )
    return tuple(found)

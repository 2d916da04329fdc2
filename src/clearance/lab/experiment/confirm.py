"""Confirmation: fresh runs that did not suggest anything, each factor for itself, family-wise error held at 1 %.

For a trigger of several levels each of its factors is tested for itself: the trigger against the trigger without it.
The first look stages triggers that share no factor in the same runs, each drawn by chance independently of the others
(a randomised factorial design, Fisher 1935): every run serves every trigger. The error is shared with a second look on
new runs, one trigger at a time, for what the first leaves undecided.
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

NOTHING: Changes = frozenset()
"""The baseline's cell."""
UNDECIDED_P = 0.1
"""Below it something shows more often with the trigger than without, even where not often enough to say."""
SHOWN = 0.75
"""Share of the runs with the trigger that must show a feature for it to be listed under the finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """These features depend on this factor, given the rest of the trigger."""

    trigger: Changes
    factor: FactorName
    kind: Shown
    features: tuple[Feature, ...]
    spoken: bool = False
    """Part of the conversation: rows without one say nothing about it."""

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
            named = tuple(dict.fromkeys(features))
            spoken = table.spoken(named)
            found += [
                Hypothesis(trigger=trigger, factor=factor, kind=kind, features=named, spoken=spoken)
                for factor, _ in sorted(trigger)
            ]
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
    first = await _look(found, run_cells, baseline, FIRST_LOOK, together=True)
    undecided = [t.hypothesis for t in first if not t.confirmed and _undecided(t)]
    second = await _look(undecided, run_cells, baseline, SECOND_LOOK, together=False) if undecided else ()
    later = {t.hypothesis: t for t in second}
    return tuple(later.get(t.hypothesis, t) if not t.confirmed else t for t in first)


def _undecided(tested: Tested) -> bool:
    return tested.p_value < UNDECIDED_P


async def _look(
    found: Sequence[Hypothesis],
    run_cells: RunCells,
    baseline: Mapping[FactorName, LevelName],
    error: float,
    *,
    together: bool,
) -> tuple[Tested, ...]:
    shares = designs(found, error, together=together)
    rows = await run_cells([{**baseline, **dict(frozenset().union(*cells))} for cells in zip(*shares, strict=True)])
    tested = []
    for hypothesis in found:
        share = next(cells for cells in shares if hypothesis.trigger in cells)
        by_cell: dict[Changes, list[SeenRow]] = {}
        for cell, row in zip(share, rows, strict=True):
            if row is not None and (row.talks or not hypothesis.spoken):
                by_cell.setdefault(cell, []).append(row)
        tested.append(_test(hypothesis, by_cell.get(hypothesis.trigger, []), by_cell.get(hypothesis.without, [])))
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


def designs(found: Sequence[Hypothesis], error: float, *, together: bool) -> list[list[Changes]]:
    """What each run stages: one list for each set of triggers that stand in each other's way, all of the same length.

    Run ``i`` stages the ``i``-th cell of every list. Each list is shuffled for itself, so whatever the others stage
    falls on a trigger and on its control by chance alone: the permutation test between the two stays exact, whatever
    the others do. What drifts over time falls on both as well. ``together=False``: one list, so every run stages one
    trigger or nothing.
    """
    parts = _in_each_others_way(found) if together else [frozenset(h.trigger for h in found)]
    need = _replicates(found, parts, error)
    lists = []
    for triggers in parts:
        own = [h for h in found if h.trigger in triggers]
        wanted = dict.fromkeys(cell for h in own for cell in (h.trigger, h.without))
        lists.append([cell for cell in wanted for _ in range(need[cell])])
    length = max(map(len, lists))
    chance = random.Random(length)  # noqa: S311 - a design, not a secret
    for cells in lists:
        cells.extend([NOTHING] * (length - len(cells)))
        chance.shuffle(cells)
    return lists


def _in_each_others_way(found: Sequence[Hypothesis]) -> list[frozenset[Changes]]:
    """The triggers, in sets that have neither a factor nor a feature in common.

    Triggers that show the same feature could be staged together, the test stays exact; but each would then be seen in
    the other's controls, and nothing could be told.
    """
    parts: list[tuple[set[FactorName | Feature], set[Changes]]] = []
    for hypothesis in found:
        touched: set[FactorName | Feature] = {f for f, _ in hypothesis.trigger} | set(hypothesis.features)
        members = {hypothesis.trigger}
        apart = []
        for part in parts:
            if part[0].isdisjoint(touched):
                apart.append(part)
            else:
                touched |= part[0]
                members |= part[1]
        parts = [*apart, (touched, members)]
    return [frozenset(members) for _, members in parts]


def _replicates(found: Sequence[Hypothesis], parts: Sequence[frozenset[Changes]], error: float) -> Counter[Changes]:
    """Runs of each cell.

    The baseline's are shared by all triggers of a part, and so are many; other controls are as many as the runs that
    they are compared with.
    """
    controls = {h.without for h in found}
    alone = [{t for t in part if len(t) == 1} - controls for part in parts]
    with_n, baseline_n = runs_needed(len(found), max(1, *map(len, alone)), error=error)
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


def statement_tests(
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
        levels = _levels_that_say(factor, baseline[factor], wanted, suggest)
        with_rows = [r for r in fresh if _stages(r, factor, baseline[factor], levels)]
        without = [r for r in fresh if not _stages(r, factor, baseline[factor], levels)]
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


def _levels_that_say(
    factor: FactorName, baseline: LevelName, wanted: frozenset[Feature], suggest: Sequence[SeenRow]
) -> frozenset[LevelName] | None:
    """The levels that said it, where most other levels did not; None: whatever is staged is said."""
    staged = [r for r in suggest if r.levels.get(factor) != baseline]
    saying = [r for r in staged if r.shows & wanted]
    return None if 2 * len(saying) >= len(staged) else frozenset(r.levels[factor] for r in saying)


def _stages(row: SeenRow, factor: FactorName, baseline: LevelName, levels: frozenset[LevelName] | None) -> bool:
    level = row.levels.get(factor)
    return level != baseline if levels is None else level in levels

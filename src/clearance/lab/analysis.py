"""The experiment from the first baseline run to confirmed channels, over live runs or recorded ones.

1. Baseline replicates teach what varies by itself.
2. Screening runs vary every factor; deviations are grouped by the runs that show them.
3. The search finds the smallest trigger of each group, with runs of its own.
4. Fresh runs confirm, one factor at a time; statements are confirmed on rows that did not suggest them.
5. Runs that said nothing to the model are explained, or counted as what nobody could explain.

Such a run is compared too: what it sent elsewhere, and that it holds no conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clearance.lab.campaign import Lab
from clearance.lab.channels import channels, confirmed_statements
from clearance.lab.experiment.confirm import UNDECIDED_P, StatedTest, Tested, confirm, hypotheses, statement_tests
from clearance.lab.experiment.design import baseline_levels, changed
from clearance.lab.experiment.search import RunCells, Search, SearchResult
from clearance.lab.experiment.silence import NO_SILENCE, Silence, explain_silence
from clearance.lab.experiment.statistics import STATED, runs_needed
from clearance.lab.experiment.table import SeenRow, Table, groups
from clearance.lab.reading import CampaignReader
from clearance.lab.run import RunRecord
from clearance.lab.staging import Factor
from clearance.model.facts import Channel
from clearance.model.ids import FactorName, LevelName
from clearance.observe.behaviour.canonical import Statements
from clearance.observe.behaviour.reference import Reference
from clearance.observe.behaviour.row import Row

SESSION = FactorName("session")
_NOT_THE_TOOL = frozenset({"room-failed", "interrupted", "no-command"})
"""Outcomes of runs in which it was not the tool that decided what left."""


@dataclass(slots=True)
class Analysed:
    """What the experiment established."""

    channels: tuple[Channel, ...] = ()
    baseline_runs: int = 0
    places: int = 0
    noisy: tuple[str, ...] = ()
    search: SearchResult = field(default_factory=SearchResult)
    tests: int = 0
    unconfirmed: int = 0
    silence: Silence = NO_SILENCE


class Experiment:
    """One campaign's experiment."""

    def __init__(self, lab: Lab, factors: Sequence[Factor], reader: CampaignReader) -> None:
        self.lab, self.factors, self.reader = lab, tuple(factors), reader
        self.baseline = baseline_levels(self.factors)
        self.table = Table()
        self.reference: Reference | None = None
        staged = {f.name: (f.baseline, *f.levels) for f in self.factors if not f.gap}
        self.statements = Statements(
            {name: {level.name: level.renderings for level in levels} for name, levels in staged.items()},
            alone={name: {level.name: level.alone for level in levels} for name, levels in staged.items()},
        )
        self.result = Analysed()

    async def run(self, *, baseline_runs: int, cells: Sequence[Mapping[FactorName, LevelName]]) -> Analysed:
        """The whole experiment; stops after the baseline when nothing can be compared."""
        await self._baseline(baseline_runs)
        if self.reference is None:
            return self.result
        screen = await self._rows("screen", cells)
        suspects = groups(self.table, screen, volatile=self.reference.volatile)
        search = Search(self.table, self.factors, self._runner("reduce"), screen)
        self.result.search = await search.find(suspects)
        tested = await self._confirm([i for i in screen if self.table.rows[i].talks])
        self.result.silence = await explain_silence(self.table, tested, self.factors, self._runner("repeat"))
        return self.result

    async def _baseline(self, replicates: int) -> None:
        rows = self._first_rows(await self.lab.run("baseline", [self.baseline] * min(2, replicates)))
        if any(row.model_requests for _, row in rows):
            rows += self._first_rows(await self.lab.run("baseline", [self.baseline] * (replicates - 2)))
        talking = [row for _, row in rows if row.model_requests]
        if len(talking) < 2:
            return
        self.reference = Reference(talking, self.statements)
        for record, row in rows:
            self._add(record, row)
        self.result.baseline_runs = len(talking)
        self.result.places = self.reference.places
        self.result.noisy = self.reference.noisy

    def _first_rows(self, records: Sequence[RunRecord | None]) -> list[tuple[RunRecord, Row]]:
        read = [(record, self._read(record)) for record in records if record is not None]
        return [(record, rows[0]) for record, rows in read if rows]

    def _read(self, record: RunRecord) -> tuple[Row, ...]:
        return self.reader.read(record, changed(record.cell.levels, self.factors))

    def _add(self, record: RunRecord, row: Row) -> SeenRow:
        assert self.reference is not None
        levels = dict(record.cell.levels)
        if row.session == 1 and SESSION in levels:
            levels[SESSION] = self.baseline[SESSION]
        usable = record.outcome not in _NOT_THE_TOOL
        return self.table.add(
            self.reference.deviations(row) if usable else (),
            run=record.cell.run,
            phase=record.cell.phase,
            session=row.session,
            levels=levels,
            trace=record.digest,
            usable=usable,
            talks=row.talks,
        )

    def _add_nothing(self, record: RunRecord) -> None:
        """A run in which not even a session began."""
        self.table.add(
            (),
            run=record.cell.run,
            phase=record.cell.phase,
            session=0,
            levels=record.cell.levels,
            trace=record.digest,
            usable=False,
            talks=False,
        )

    def _add_run(self, record: RunRecord | None) -> list[SeenRow]:
        """Every session of a run."""
        if record is None:
            return []
        rows = self._read(record)
        if not rows:
            self._add_nothing(record)
        return [self._add(record, row) for row in rows]

    async def _rows(self, phase: str, cells: Sequence[Mapping[FactorName, LevelName]]) -> tuple[int, ...]:
        """Run cells; indices of the usable rows, every session a row."""
        start = len(self.table.rows)
        for record in await self.lab.run(phase, cells):
            self._add_run(record)
        return tuple(i for i in range(start, len(self.table.rows)) if self.table.rows[i].usable)

    def _runner(self, phase: str) -> RunCells:
        async def run(cells: Sequence[Mapping[FactorName, LevelName]]) -> Sequence[SeenRow | None]:
            if not cells:
                return ()
            found: list[SeenRow | None] = []
            for record in await self.lab.run(phase, cells):
                seen = self._add_run(record)
                wanted = seen[-1] if seen and seen[-1].usable else None
                found.append(wanted if wanted is not None and wanted.levels == record_levels(record) else None)
            return found

        return run

    async def _confirm(self, screen: Sequence[int]) -> tuple[Tested, ...]:
        triggers = {t: [g.features for g in gs] for t, gs in self.result.search.triggers.items()}
        found = hypotheses(self.table, triggers)
        third = len(screen) // 3  # one sight suggests; what confirms needs the numbers
        suggest = [self.table.rows[i] for i in screen[:third]]
        tested = await confirm(found, self._runner("confirm"), self.baseline)
        stated = await self._test_statements(suggest, screen[third:])
        self.result.tests = len(found) + len(stated)
        self.result.unconfirmed = _unconfirmed(tested)
        self.result.channels = channels(self.table, tested, confirmed_statements(stated, STATED))
        return tested

    async def _test_statements(self, suggest: Sequence[SeenRow], later: Sequence[int]) -> tuple[StatedTest, ...]:
        """Statements on rows that did not suggest them; with runs of their own where those are too few to say."""

        def fresh() -> list[SeenRow]:
            return [self.table.rows[i] for i in later] + list(self.table.in_phase("reduce", "confirm"))

        tests = statement_tests(self.table, suggest, fresh(), self.factors)
        weak = [t for t in tests if STATED / len(tests) < t.p_value < UNDECIDED_P]
        said = {t.factor: self._level_that_says(t) for t in weak}
        for test in weak:
            at_level = [r for r in fresh() if r.levels.get(test.factor) == said[test.factor]]
            if not all(r.shows.intersection(test.features) for r in at_level):
                del said[test.factor]  # the same level said nothing another time: an accident
        if not said:
            return tests
        with_n, without_n = runs_needed(len(tests), 1, error=STATED)
        await self._runner("confirm")([{**self.baseline, **said}] * with_n + [self.baseline] * without_n)
        return statement_tests(self.table, suggest, fresh(), self.factors)

    def _level_that_says(self, test: StatedTest) -> LevelName:
        exemplars = (e for f in test.features for e in self.table.features[f].exemplars)
        return next(levels[test.factor] for d, _, _, levels in exemplars if test.factor in d.states)


def record_levels(record: RunRecord | None) -> Mapping[FactorName, LevelName]:
    """The levels of a record; none for a run that did not happen."""
    return record.cell.levels if record is not None else {}


def _unconfirmed(tested: Sequence[Tested]) -> int:
    """Triggers of which nothing was confirmed."""
    triggers = {t.hypothesis.trigger for t in tested}
    return len(triggers - {t.hypothesis.trigger for t in tested if t.confirmed})

"""The search for smallest triggers and their confirmation, on a table whose truth is known."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from synthetic import FACTORS

from clearance.lab.experiment import confirm as confirmation
from clearance.lab.experiment.confirm import confirm, hypotheses
from clearance.lab.experiment.design import baseline_levels, screening
from clearance.lab.experiment.search import MAX_GROUPS, Search
from clearance.lab.experiment.statistics import FAMILY_WISE_ERROR
from clearance.lab.experiment.table import SeenRow, Table, groups
from clearance.model.ids import Digest, RunId
from clearance.observe.behaviour.reference import Deviation
from clearance.observe.difference import Shown

BASE = baseline_levels(FACTORS)
Says = Callable[[Mapping[str, str], random.Random], Sequence[str]]
"""Levels and chance to the places that deviate."""


@dataclass
class World:
    """Runs cells by asking a function; nothing else happens."""

    says: Says
    seed: int = 0
    shown: Shown = Shown.FORM
    table: Table = field(default_factory=Table)
    runs: int = 0

    def row(self, phase: str, levels: Mapping[str, str]) -> SeenRow:
        self.runs += 1
        chance = random.Random(f"{self.seed}/{self.runs}")
        found = [Deviation(place=p, label="other", shown=self.shown) for p in self.says(levels, chance)]
        return self.table.add(
            found, run=RunId(f"r{self.runs}"), phase=phase, session=1, levels=levels, trace=Digest(f"{self.runs:064}"),
            usable=True,
        )  # fmt: skip

    def runner(self, phase: str) -> Callable[[Sequence[Mapping[str, str]]], object]:
        async def run(cells: Sequence[Mapping[str, str]]) -> list[SeenRow]:
            return [self.row(phase, cell) for cell in cells]

        return run

    def search(self, rows: int = 40, *, max_groups: int = MAX_GROUPS) -> Search:
        for _ in range(4):
            self.row("baseline", BASE)
        begin = len(self.table.rows)
        for cell in screening(FACTORS, rows=rows, seed=self.seed):
            self.row("screen", cell)
        screen = range(begin, len(self.table.rows))
        search = Search(self.table, FACTORS, self.runner("reduce"), screen)
        asyncio.run(search.find(groups(self.table, screen), max_groups=max_groups))
        return search

    def confirmed(self, search: Search) -> tuple[confirmation.Tested, ...]:
        triggers = {t: [g.features for g in gs] for t, gs in search.result.triggers.items()}
        return asyncio.run(confirm(hypotheses(self.table, triggers), self.runner("confirm"), BASE))


def where(**wanted: str) -> Says:
    return lambda levels, chance: ["place"] if all(levels[f] == lv for f, lv in wanted.items()) else []


@pytest.mark.parametrize("seed", range(5))
def test_a_trigger_of_one_level_is_found_alone(seed: int) -> None:
    search = World(where(timezone="Asia/Tokyo"), seed=seed).search()
    assert list(search.result.triggers) == [frozenset({("timezone", "Asia/Tokyo")})]


@pytest.mark.parametrize("seed", range(5))
def test_a_trigger_of_two_levels_is_found_whole_and_without_more(seed: int) -> None:
    wanted = {"hostname": "build-77", "username": "mtanaka"}
    search = World(where(**wanted), seed=seed).search()
    assert list(search.result.triggers) == [frozenset(wanted.items())]


@pytest.mark.parametrize("seed", range(5))
def test_a_trigger_of_three_levels_is_found_by_delta_debugging(seed: int) -> None:
    wanted = {"locale": "ja_JP.UTF-8", "hostname": "build-77", "username": "mtanaka"}
    world = World(where(**wanted), seed=seed)
    search = world.search(rows=120)
    assert list(search.result.triggers) == [frozenset(wanted.items())]
    assert world.runs < 120 + 80


def test_two_causes_of_one_difference_are_both_found() -> None:
    def says(levels: Mapping[str, str], chance: random.Random) -> list[str]:
        return ["place"] if levels["timezone"] == "Asia/Tokyo" or levels["ci_env"] == "Jenkins" else []

    triggers = World(says).search().result.triggers
    assert set(triggers) == {frozenset({("timezone", "Asia/Tokyo")}), frozenset({("ci_env", "Jenkins")})}


def test_what_does_not_come_back_is_counted_and_not_followed() -> None:
    def says(levels: Mapping[str, str], chance: random.Random) -> list[str]:
        return [f"place {chance.random()}"] if chance.random() < 0.2 else []

    search = World(says).search()
    assert search.result.triggers == {}
    assert search.result.not_reproduced > 0


def test_more_groups_than_can_be_followed_are_counted() -> None:
    def says(levels: Mapping[str, str], chance: random.Random) -> list[str]:
        return [f"{f} {lv}" for f, lv in levels.items() if BASE[f] != lv]

    search = World(says).search(max_groups=5)
    assert len(search.result.triggers) == 5
    assert search.result.not_followed > 0


def test_a_difference_in_runs_that_changed_nothing_has_no_trigger() -> None:
    world = World(lambda levels, chance: ["place"] if dict(levels) == BASE and chance.random() < 2 else [])
    assert world.search().result.triggers == {}


def test_a_true_trigger_is_confirmed_for_each_of_its_factors_on_fresh_runs() -> None:
    world = World(where(hostname="build-77", username="mtanaka"))
    tested = world.confirmed(world.search())
    assert {t.hypothesis.factor for t in tested if t.confirmed} == {"hostname", "username"}
    assert {r.phase for t in tested for r in (*t.runs, *t.controls)} == {"confirm"}
    assert all(t.p_value <= FAMILY_WISE_ERROR for t in tested)


def test_a_bystander_in_a_trigger_is_not_confirmed() -> None:
    world = World(where(hostname="build-77"))
    world.row("screen", {**BASE, "hostname": "build-77", "username": "mtanaka"})
    trigger = frozenset({("hostname", "build-77"), ("username", "mtanaka")})
    tested = asyncio.run(confirm(hypotheses(world.table, {trigger: [(0,)]}), world.runner("confirm"), BASE))
    assert {t.hypothesis.factor: t.confirmed for t in tested} == {"hostname": True, "username": False}


def test_a_lab_that_runs_nothing_confirms_nothing() -> None:
    world = World(where(hostname="build-77"))
    search = world.search()

    async def nothing(cells: Sequence[Mapping[str, str]]) -> list[None]:
        return [None] * len(cells)

    triggers = {t: [g.features for g in gs] for t, gs in search.result.triggers.items()}
    tested = asyncio.run(confirm(hypotheses(world.table, triggers), nothing, BASE))
    assert [t.confirmed for t in tested] == [False]
    assert [t.p_value for t in tested] == [1.0]


@pytest.mark.long
def test_accidents_are_confirmed_in_at_most_one_campaign_of_a_hundred() -> None:
    """Five hypotheses about places that vary by chance alone, 2,000 campaigns, at several shares of rows that vary."""
    campaigns, wrong = 2000, 0
    table = Table()
    for i in range(5):
        table.feature(Deviation(place=f"place {i}", label="other", shown=Shown.FORM), RunId("r"), Digest(""), {})
    found = hypotheses(table, {frozenset({(f.name, f.levels[0].name)}): [(i,)] for i, f in enumerate(FACTORS[:5])})
    for campaign in range(campaigns):
        chance = random.Random(campaign)
        share = (0.03, 0.2, 0.5, 0.9)[campaign % 4]

        async def run(
            cells: Sequence[Mapping[str, str]], chance: random.Random = chance, share: float = share
        ) -> list[SeenRow]:
            return [
                SeenRow(
                    run=RunId("r"), phase="confirm", session=1, levels=BASE, trace=Digest(""), usable=True,
                    shows=frozenset(i for i in range(5) if chance.random() < share),
                )
                for _ in cells
            ]  # fmt: skip

        wrong += any(t.confirmed for t in drive(confirm(found, run, BASE)))
    # At an error of 1 % more than 32 of 2,000 have a probability below one in four hundred.
    assert wrong <= 32


def test_triggers_that_show_the_same_place_are_never_staged_together() -> None:
    """Each would be seen in the other's controls."""
    table = Table()
    for i in range(3):
        table.feature(Deviation(place=f"place {i}", label="other", shown=Shown.FORM), RunId("r"), Digest(""), {})
    one, other, apart = (frozenset({(f.name, f.levels[0].name)}) for f in FACTORS[:3])
    found = hypotheses(table, {one: [(0,)], other: [(0, 1)], apart: [(2,)]})
    cells = list(zip(*confirmation.designs(found, 0.006, together=True), strict=True))
    staged = [frozenset().union(*cell) for cell in cells]
    assert not any(one | other <= levels for levels in staged)
    assert any(one | apart <= levels or other | apart <= levels for levels in staged)


def drive(work: Coroutine[object, None, tuple[confirmation.Tested, ...]]) -> tuple[confirmation.Tested, ...]:
    """Run a coroutine that waits for nothing, without the cost of a loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits for something")


def test_a_place_that_nearly_always_shows_it_is_decided_by_a_second_look() -> None:
    def says(levels: Mapping[str, str], chance: random.Random) -> list[str]:
        return ["place"] if levels["hostname"] == "build-77" and chance.random() < 0.97 else []

    confirmed = 0
    for seed in range(20):
        world = World(says, seed=seed)
        tested = world.confirmed(world.search(rows=20))
        confirmed += any(t.confirmed for t in tested)
    assert confirmed >= 17


def test_a_statement_is_tested_on_rows_that_did_not_suggest_it() -> None:
    table = Table()

    def add(level: str, *, says: bool) -> SeenRow:
        number = len(table.rows)
        found = [Deviation(place="p", label="l", shown=Shown.STATED, states=("timezone",))] if says else []
        return table.add(
            found, run=RunId(f"r{number}"), phase="screen", session=1, levels={**BASE, "timezone": level},
            trace=Digest(f"{number:064}"), usable=True,
        )  # fmt: skip

    usual = BASE["timezone"]
    suggest = [add("Asia/Tokyo", says=True), add(usual, says=False)]
    fresh = [add("Asia/Tokyo", says=True) for _ in range(6)] + [add(usual, says=False) for _ in range(6)]
    (stated,) = confirmation.statement_tests(table, suggest, fresh, FACTORS)
    assert (stated.factor, stated.with_rows, stated.without_rows) == ("timezone", 6, 6)
    assert stated.p_value == pytest.approx(1 / 924)
    assert confirmation.statement_tests(table, suggest[1:], fresh, FACTORS) == ()
    assert confirmation.statement_tests(table, suggest, [], FACTORS) == ()


def test_a_statement_of_one_level_only_is_tested_at_that_level() -> None:
    table = Table()

    def add(level: str) -> SeenRow:
        number = len(table.rows)
        says = (
            [Deviation(place="p", label="l", shown=Shown.STATED, states=("timezone",))] if level == "Asia/Tokyo" else []
        )
        return table.add(
            says, run=RunId(f"r{number}"), phase="screen", session=1, levels={**BASE, "timezone": level},
            trace=Digest(f"{number:064}"), usable=True,
        )  # fmt: skip

    usual = BASE["timezone"]
    suggest = [add(level) for level in ("Asia/Tokyo", "Europe/Paris", "Asia/Seoul", "Asia/Kolkata", usual)]
    fresh = [add(level) for level in ["Asia/Tokyo"] * 4 + ["Europe/Paris", "Asia/Seoul", usual, usual] * 4]
    (stated,) = confirmation.statement_tests(table, suggest, fresh, FACTORS)
    assert (stated.with_rows, stated.without_rows) == (4, 16)
    assert stated.p_value == pytest.approx(1 / 4845)

"""A clock that was staged and not heeded is told by the dates that left."""

import pytest

from clearance.model.cell import Cell
from clearance.model.ids import RunId
from clearance.observe.behaviour.row import Row
from clearance.observe.behaviour.staged_clock import ClockWitness, any_near

REAL = 1763820000.0
"""2025-11-22."""
AHEAD = 1784815200.0
"""2026-07-23."""


def row(wall_clock: float, *texts: str) -> Row:
    cell = Cell(run=RunId("r"), phase="screen", levels={})
    places = {f"place {i}": text for i, text in enumerate(texts)}
    return Row(cell=cell, session=1, wall_clock=wall_clock, api_hosts=(), places=places)


def witness(*staged: str) -> ClockWitness:
    """One that saw a run in real time, then a staged run for each text."""
    seen = ClockWitness()
    seen.take((row(REAL, "Today is 2025-11-22."),), staged=False)
    for text in staged:
        seen.take((row(AHEAD, text),), staged=True)
    return seen


def test_real_dates_and_no_staged_ones_are_a_clock_that_was_ignored() -> None:
    assert witness("Today is 2025-11-22.", "2025/11/22").ignored == 2


def test_one_staged_date_shows_that_the_clock_is_heeded() -> None:
    assert witness("Today is 2025-11-22.", "Today is July 23, 2026", "2025-11-22").ignored == 0


def test_a_program_that_sends_no_dates_is_not_said_to_ignore_the_clock() -> None:
    assert witness("hello", "version 2.1.112").ignored == 0


def test_a_staged_time_close_to_the_real_one_tells_nothing() -> None:
    seen = witness()
    seen.take((row(REAL + 86400, "2025-11-22"),), staged=True)
    assert seen.ignored == 0


def test_without_a_run_in_real_time_nothing_is_told() -> None:
    seen = ClockWitness()
    seen.take((row(AHEAD, "2025-11-22"),), staged=True)
    seen.take((), staged=True)
    assert seen.ignored == 0


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-22T14:00:00Z",
        "Sat, 22 Nov 2025 14:00:00 GMT",
        '"ts":1763820000123,',
        "1763820000",
        "019aabe4-9d00-7c3a-9f00-0123456789ab",
    ],
)
def test_dates_epochs_and_timed_ids_are_found(text: str) -> None:
    assert any_near(("nothing here", text), REAL)
    assert not any_near((text,), AHEAD)

"""The date that the machine believes in: today, or months ahead and across year ends."""

import calendar
import dataclasses
from collections.abc import Callable
from datetime import datetime

from clearance.lab.factors.context import FactorContext
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName, LevelName

_HOUR, _MINUTE = 10, 30
# Seconds are fixed too: two runs of one level then differ by themselves only, not by when they were begun.


def build(context: FactorContext) -> Factor:
    """The factor. Levels are local wall-clock times, counted from the campaign's start."""
    now = context.now
    new_year = datetime(now.year + 1, 1, 1, tzinfo=now.tzinfo)
    december = datetime(now.year + (now.month == 12 and now.day >= 29), 12, 29, tzinfo=now.tzinfo)
    dates = (
        ("2 months ahead", _ahead(now, 2)),
        ("1 January next", new_year),
        ("7 months ahead", _ahead(now, 7)),
        ("29 December next", december),
        ("1 month ahead", _ahead(now, 1)),
        ("13 months ahead", _ahead(now, 13)),
        ("4 months ahead", _ahead(now, 4)),
        ("29 months ahead", _ahead(now, 29)),
    )
    return Factor(
        name=FactorName("clock"),
        why="Software that waits for a date behaves in the test and not afterwards.",
        baseline=Level(name=LevelName("real time"), stage=lambda staging: staging),
        levels=tuple(Level(name=LevelName(label), stage=_stage(date)) for label, date in dates),
    )


def _ahead(now: datetime, months: int) -> datetime:
    """The same day so many months on, or that month's last day."""
    years, month = divmod(now.month - 1 + months, 12)
    year = now.year + years
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))


def _stage(date: datetime) -> Callable[[Staging], Staging]:
    text = f"{date:%Y-%m-%d} {_HOUR:02}:{_MINUTE:02}:00"
    return lambda staging: dataclasses.replace(staging, clock=text)

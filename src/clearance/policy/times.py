"""Dates and times of records as instants, whole seconds since 1970.

1. A day begins with its first second in its zone, also where the clock jumps over midnight; ``until`` a day is up to
   the first second of the next one.
2. A time that the clock jumps over stands for the jump.
3. A time that comes twice is taken strictly: what tightens begins with the first and ends with the second, what loosens
   begins with the second and ends with the first.
4. A time with an offset is that instant. A time without an offset and without a zone is refused.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from clearance.policy.errors import PolicyError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NEVER = 253402300800
"""The first second of the year 10000: no boundary lies behind it."""
ALWAYS = -62135596800
"""The first second of the year 1."""


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises PolicyError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise PolicyError(
            f"There is no time zone {name!r}.", advice="Use an IANA name such as Asia/Shanghai or UTC."
        ) from error


def begins(text: str, zone: str, *, tightens: bool) -> int:
    """The instant at which ``from`` = text begins; ``ALWAYS`` for an empty text. Raises PolicyError."""
    return _instant(text, zone, early=tightens, days=0) if text else ALWAYS


def ends(text: str, zone: str, *, tightens: bool) -> int:
    """The first instant after ``until`` = text; ``NEVER`` for an empty text. Raises PolicyError."""
    return _instant(text, zone, early=not tightens, days=1) if text else NEVER


def as_datetime(instant: int) -> datetime:
    """The instant in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)


def shown(instant: int, zone: str) -> str:
    """The instant as a person in that zone reads it: ``2026-07-10 00:00:00 +08:00``."""
    try:
        return as_datetime(instant).astimezone(zone_named(zone or "UTC")).isoformat(sep=" ").replace("+00:00", " UTC")
    except (PolicyError, OverflowError):
        return as_datetime(instant).isoformat(sep=" ")


def _instant(text: str, zone: str, *, early: bool, days: int) -> int:
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=days)
            return _first(datetime(day.year, day.month, day.day), _needed(zone, text), early=True)  # noqa: DTZ001 - local
        moment = datetime.fromisoformat(text)
        if moment.microsecond:
            raise PolicyError(f"{text!r} has parts of a second.", advice="Use whole seconds.")
        if moment.tzinfo is not None:
            return round(moment.timestamp())
        return _first(moment, _needed(zone, text), early=early)
    except (ValueError, OverflowError) as error:
        raise PolicyError(
            f"{text!r} is no date and no time.",
            advice="Write 2026-07-10, 2026-07-10T18:00:00 or 2026-07-10T18:00:00+08:00.",
        ) from error


def _needed(zone: str, text: str) -> ZoneInfo:
    if not zone:
        raise PolicyError(
            f"{text!r} has no time zone.",
            advice="Add --zone Asia/Shanghai, or the zone of the scope's entity to the organisation file.",
        )
    return zone_named(zone)


def _first(local: datetime, zone: tzinfo, *, early: bool) -> int:
    before, after = (round(local.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if before <= after:  # the usual, or a time that comes twice
        return before if early else after
    low, high = after, before  # a time that never comes: the clock jumps somewhere in (low, high]
    shift = as_datetime(high).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if as_datetime(middle).astimezone(zone).utcoffset() == shift:
            high = middle
        else:
            low = middle
    return high

"""The time zone of the machine: ``TZ``, ``/etc/localtime`` and nothing else."""

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clearance.lab.factors.context import FactorContext, name, with_extra
from clearance.lab.staging import Factor, Level, Staging
from clearance.model.ids import FactorName, LevelName

_BASELINE = "America/New_York"
# A developer's laptop. UTC would be what containers and sandboxes have, and some software behaves there.

_LEVELS = (
    # Three lists in turn: zones of Asia by the people who live in them, zones of the other continents likewise, and
    # places whose law or standing differs from their neighbours', because services tell those apart.
    ("Asia/Kolkata", "Africa/Lagos", "Asia/Hong_Kong"),
    ("Asia/Shanghai", "America/Sao_Paulo", "Asia/Tehran"),
    ("Asia/Jakarta", "Europe/Moscow", "Asia/Taipei"),
    ("Asia/Tokyo", "Europe/Berlin", "Asia/Urumqi"),
    ("Asia/Karachi", "America/Los_Angeles", "Asia/Pyongyang"),
    ("Asia/Dhaka", "Africa/Cairo", "Asia/Singapore"),
    ("Asia/Seoul", "Europe/London", "America/Havana"),
    ("Asia/Manila", "America/Mexico_City", "Europe/Kyiv"),
    ("Asia/Ho_Chi_Minh", "Europe/Paris", "Asia/Jerusalem"),
    ("Asia/Bangkok", "Australia/Sydney", "Asia/Dubai"),
    ("Asia/Riyadh", "Africa/Johannesburg", "Asia/Macau"),
    ("Asia/Kathmandu", "America/Bogota", "UTC"),
)


def build(context: FactorContext) -> Factor:
    """The factor; extra levels are IANA names."""
    zones = [zone for row in _LEVELS for zone in row]
    levels = [level for zone in zones if (level := _level(zone, context.now)) is not None]
    factor = Factor(
        name=FactorName("timezone"),
        why="Where on Earth a machine stands changes neither the code nor the question.",
        baseline=Level(
            name=LevelName(_BASELINE), stage=_staged(_BASELINE), renderings=_renderings(_BASELINE, context.now)
        ),
        levels=tuple(levels),
        gap="" if levels else "this machine has no time zone data (install tzdata)",
    )
    return with_extra(context, factor, lambda zone: _level(zone, context.now))


def _level(zone: str, now: datetime) -> Level | None:
    """None for a zone that this machine does not know."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return Level(name=name(zone), stage=_staged(zone), renderings=_renderings(zone, now))


def _staged(zone: str) -> "_Stage":
    return _Stage(zone=zone)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    zone: str

    def __call__(self, staging: Staging) -> Staging:
        return dataclasses.replace(staging.with_env(TZ=self.zone), timezone=self.zone)


def _renderings(zone: str, now: datetime) -> tuple[str, ...]:
    """Name, city, and both of the year's offsets and abbreviations."""
    city = zone.rpartition("/")[2]
    found = [zone, city, city.replace("_", " ")]
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return tuple(dict.fromkeys(found))
    for moment in (now, now + timedelta(days=182)):
        local = moment.astimezone(there)
        abbreviation = local.tzname() or ""
        if abbreviation.isalpha():
            found.append(abbreviation)  # "-03" would be met inside every date
        found += _offsets(local.utcoffset() or timedelta())
    return tuple(dict.fromkeys(found))


def _offsets(offset: timedelta) -> tuple[str, ...]:
    """``+08:00``, ``+0800``, ``GMT+8``, ``UTC+8`` and their mixtures."""
    minutes = int(offset.total_seconds()) // 60
    sign, hours, rest = "-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60
    full = (f"{sign}{hours:02}:{rest:02}", f"{sign}{hours:02}{rest:02}")
    short = f"{sign}{hours}" + (f":{rest:02}" if rest else "")
    return (*full, *(prefix + form for prefix in ("GMT", "UTC") for form in (*full, short)))

"""Dates and clock times as people and programs write them: the day meant, and the form it is written in.

A text may be read in several ways (``01/02/2026``); every reading is kept and the comparison takes the one that
explains most. Weekday names and zone designators are values, not form.
"""

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PIECES = re.compile(r"[+-]\d{2}:?\d{2}$|\d+|[^\W\d_]+|.", re.DOTALL)
_DAY_PIECES = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)
_DIRECTIVES = {"year": "%Y", "year2": "%y", "month": "%m", "day": "%d", "hour": "%H", "minute": "%M", "second": "%S"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of a written date."""

    role: str
    """``year``, ``year2``, ``month``, ``month-name``, ``day``, ``weekday``, ``hour``, ``minute``, ``second``,
    ``fraction``, ``half`` (AM, PM), ``zone`` or ``literal``."""
    text: str

    @property
    def style(self) -> str:
        """How it is written, without its value; ``?`` where the value does not tell whether it is padded."""
        if self.role == "literal":
            return self.text
        if self.role in {"month", "day", "hour"}:
            padded = "padded" if self.text[0] == "0" else "bare" if len(self.text) == 1 else "?"
            return f"{self.role}:{padded}"
        if self.role in {"month-name", "weekday", "half"}:
            case = "upper" if self.text.isupper() else "lower" if self.text.islower() else "title"
            length = "short" if len(self.text) <= 3 else "long"
            return f"{self.role}:{case}:{'?' if self.text.lower() == 'may' else length}"
        return f"{self.role}:{len(self.text)}"

    @property
    def directive(self) -> str:
        """As in ``strftime``, with ``%-d`` for a day without padding."""
        if self.role == "month-name":
            return "%b" if len(self.text) <= 3 else "%B"
        if self.role == "weekday":
            return "%a" if len(self.text) <= 3 else "%A"
        special = {"literal": self.text, "fraction": "%f", "half": "%p", "zone": "%z"}
        if self.role in special:
            return special[self.role]
        directive = _DIRECTIVES[self.role]
        return directive.replace("%", "%-") if len(self.text) == 1 else directive


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One way to read a written date or time."""

    parts: tuple[Part, ...]
    day: dt.date | None
    clock: tuple[int, int, int, str] | None
    """Hour of 24, minute, second, fraction."""
    zone: str

    @property
    def pattern(self) -> str:
        """Like ``%Y-%m-%d``."""
        return "".join(part.directive for part in self.parts)


@functools.lru_cache(maxsize=4096)
def readings(text: str) -> tuple[Written, ...]:
    """Every way to read ``text`` as one date, clock time or both; empty when it is none."""
    if not 4 <= len(text) <= 48 or not any(char.isdigit() for char in text):
        return ()
    compact = re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", text)
    # Without a clock time there is no zone: the end of 22-11-2001 is a year.
    pieces = list(compact.groups()) if compact else (_PIECES if ":" in text else _DAY_PIECES).findall(text)
    options = [_roles(pieces, index) for index in range(len(pieces))]
    if not all(options):
        return ()
    found: list[Written] = []
    for roles in itertools.product(*options):
        parts = tuple(Part(role=role, text=piece) for role, piece in zip(roles, pieces, strict=True))
        found.extend(_meant(parts))
    return tuple(sorted(found, key=lambda written: _ORDERS.index(_order(written.parts))))


def pattern(text: str) -> str:
    """The most likely pattern of a written date (``%Y-%m-%d``); ``?`` when it is none."""
    found = readings(text)
    return found[0].pattern if found else "?"


_LITERALS = frozenset({"-", "/", ".", ",", " ", ":", "T", "年", "月", "日", "st", "nd", "rd", "th", "\u00a0", "\u202f"})


def _roles(pieces: list[str], index: int) -> tuple[str, ...]:
    """What the piece at ``index`` can be."""
    piece = pieces[index]
    before = pieces[index - 1] if index else ""
    after = pieces[index + 1] if index + 1 < len(pieces) else ""
    if piece[0] in "+-" and len(piece) > 3:
        return ("zone",)
    if piece.isdecimal():
        return _digit_roles(pieces, index, before, after)
    if piece in _LITERALS:
        return ("literal",)
    return _name_roles(piece)


def _digit_roles(pieces: list[str], index: int, before: str, after: str) -> tuple[str, ...]:
    if before == ":":
        return ("minute",) if index < 4 or pieces[index - 3] != ":" else ("second",)
    if after == ":":
        return ("hour",)
    if before in {".", ","} and index > 1 and ":" in pieces[:index]:
        return ("fraction",)
    size = len(pieces[index])
    if size == 4:
        return ("year",)
    return ("day", "month", "year2") if size == 2 else ("day", "month") if size == 1 else ()


def _name_roles(piece: str) -> tuple[str, ...]:
    low = piece.lower()
    if len(low) >= 3 and any(month.startswith(low) for month in _MONTHS):
        return ("month-name",)
    if len(low) >= 3 and any(day.startswith(low) for day in _WEEKDAYS):
        return ("weekday",)
    if low in {"am", "pm"}:
        return ("half",)
    return ("zone",) if piece in {"Z", "GMT", "UTC"} else ()


def _meant(parts: tuple[Part, ...]) -> Iterator[Written]:
    """The reading, if its parts are one whole date, one whole clock time, or both, and nothing twice."""
    values = {part.role: part.text for part in parts if part.role != "literal"}
    if len(values) != sum(part.role != "literal" for part in parts):
        return
    months, years = {"month", "month-name"} & values.keys(), {"year", "year2"} & values.keys()
    dated = bool(months or years or "day" in values)
    timed = "hour" in values
    if (dated and not (len(months) == len(years) == 1 and "day" in values)) or not (dated or timed):
        return
    if _order(parts) not in _ORDERS:
        return
    try:
        day = _day(values) if dated else None
        clock = _clock(values) if timed else None
    except ValueError:
        return
    yield Written(parts=parts, day=day, clock=clock, zone=values.get("zone", ""))


def _order(parts: tuple[Part, ...]) -> tuple[str, ...]:
    """The order of year, month and day when all are digits; empty when a name says which is the month."""
    order = tuple(part.role for part in parts if part.role in {"year", "year2", "month", "day"})
    return order if "month" in order else ()


_ORDERS = (
    (),
    ("year", "month", "day"),
    ("day", "month", "year"),
    ("month", "day", "year"),
    ("year", "day", "month"),
    ("day", "month", "year2"),
    ("month", "day", "year2"),
    ("year2", "month", "day"),
)
"""The usual orders, the likeliest first."""


def _day(values: dict[str, str]) -> dt.date:
    year = int(values.get("year") or "20" + values["year2"])
    name = values.get("month-name", "").lower()
    month = 1 + next(i for i, each in enumerate(_MONTHS) if each.startswith(name)) if name else int(values["month"])
    return dt.date(year, month, int(values["day"]))


def _clock(values: dict[str, str]) -> tuple[int, int, int, str]:
    hour, minute, second = (int(values.get(role, 0)) for role in ("hour", "minute", "second"))
    half = values.get("half", "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour")
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    dt.time(hour, minute, second)
    return hour, minute, second, values.get("fraction", "").rstrip("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two written dates side by side."""

    form: tuple[str, ...]
    """How the form differs: ``date separator '-' → '/'``; empty when the form is the same."""
    same_moment: bool
    """The same day and clock time, as far as both say one."""


def compare_written(before: str, after: str) -> Comparison | None:
    """How two written dates differ, by the readings that explain it best; None when one of them is no date.

    Same form with a day or less between goes before same day in another form, that before any other day: a day and a
    month that change places are taken for another order, not for a jump of months.
    """
    pairs = [(a, b) for a in readings(before) for b in readings(after) if (a.day is None) == (b.day is None)]
    if not pairs:
        return None
    best = min(pairs, key=_strain)
    return Comparison(form=_form_changes(*best), same_moment=_same_moment(*best))


def _strain(pair: tuple[Written, Written]) -> tuple[int, int]:
    a, b = pair
    apart = abs((a.day - b.day).days) if a.day and b.day else 0
    differs = bool(_form_changes(a, b))
    return (apart + (2 if differs else 0) if apart <= 1 else 10 + differs, apart)


def _same_moment(a: Written, b: Written) -> bool:
    both = a.clock is not None and b.clock is not None
    return a.day == b.day and (not both or (a.clock == b.clock and a.zone == b.zone))


def _form_changes(a: Written, b: Written) -> tuple[str, ...]:
    """In what the forms differ, in words."""
    left, right = _skeleton_roles(a), _skeleton_roles(b)
    if left != right:
        return (f"date format {a.pattern!r} → {b.pattern!r}",)
    changes: dict[str, None] = {}
    for one, other in zip(_formed(a), _formed(b), strict=True):
        if one.role == "literal" and one.text != other.text:
            changes[f"date separator {one.text!r} → {other.text!r}"] = None
        elif one.style != other.style and "?" not in one.style + other.style:
            changes[f"date part {one.directive} → {other.directive} ({one.text!r} → {other.text!r})"] = None
    return tuple(changes)


def _formed(written: Written) -> tuple[Part, ...]:
    """The parts that make the form; ordinals (``1st``, ``2nd``) count as one."""
    ordinal = {"nd": "st", "rd": "st", "th": "st"}
    parts = (Part(role=p.role, text=ordinal.get(p.text, p.text)) for p in written.parts)
    return tuple(part for part in parts if part.role != "zone")


def _skeleton_roles(written: Written) -> tuple[str, ...]:
    return tuple(part.role for part in _formed(written))

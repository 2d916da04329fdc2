"""Texts without what they state openly: staged values and the date become tokens, form kept.

A day that the tool was meant to believe (give or take two) becomes 22 November 2001, written the same way: its value is
stated, and a change of separator or order still shows. Staged values become ``⟨factor⟩``.
"""

import datetime
import functools
import re
from collections.abc import Mapping

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FULL_MONTHS = "January February March April May June July August September October November December".split()
_MONTH_NUMBER = {name.lower(): i + 1 for i, name in enumerate(_MONTHS)} | {
    name.lower(): i + 1 for i, name in enumerate(_FULL_MONTHS)
}
_MONTH = "|".join([*_FULL_MONTHS, *_MONTHS])
_DAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
_TIME = r"(?:[T _]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm])?)?"
_ZONE = r"(?:Z|[ ]?(?:UTC|GMT)?[+-]\d{2}:?\d{2}|[ ](?:UTC|GMT))?"
_DATE = re.compile(
    rf"(?P<num>(?<![\d.])(?P<a>\d{{4}})(?P<s1>[-/.年 ])(?P<b>\d{{1,2}})(?P<s2>[-/.月 ])(?P<c>\d{{1,2}})(?P<t1>{_TIME}{_ZONE})(?!\d))"
    rf"|(?P<rev>(?<![\d.])(?P<d>\d{{1,2}})(?P<s3>[-/. ])(?P<e>\d{{1,2}})(?P<s4>[-/. ])(?P<f>\d{{4}})(?P<t2>{_TIME}{_ZONE})(?!\d))"
    rf"|(?P<dmy>{_DAY}(?P<g>\d{{1,2}})(?P<s5>[ -])(?P<h>{_MONTH})(?P<s6>,?[ -])(?P<i>\d{{4}})(?P<t3>{_TIME}{_ZONE}))"
    rf"|(?P<mdy>{_DAY}(?P<j>{_MONTH}) (?P<k>\d{{1,2}})(?P<s7>,? )(?P<l>\d{{4}})(?P<t4>{_TIME}{_ZONE}))"
    r"|(?P<compact>(?<!\d)(?P<m>20\d{6})(?P<t5>T?\d{6}Z?)?(?!\d))"
    r"|(?P<epoch>(?<![\w.])1[0-9]{9}(?:\d{3}|\d{6}|\d{9})?(?:\.\d{1,9})?(?![\w.]))"
)
_TWO_DAYS = 2.2 * 86400


def without_dates(text: str, wall_clock: float, *, padding: bool = True) -> str:
    """Dates and times within two days of ``wall_clock`` (Unix seconds) become one fixed day in the same format.

    ``padding=False`` forgets whether a single digit was padded: between two different days that cannot be compared.
    """
    if not any(c.isdigit() for c in text):
        return text
    return _DATE.sub(lambda m: _fixed(m, wall_clock, padding=padding) or m.group(), text)


def _fixed(match: re.Match[str], wall_clock: float, *, padding: bool) -> str | None:
    if match["epoch"]:
        return _fixed_epoch(match["epoch"], wall_clock)
    try:
        moment, text = _read_date(match, padding=padding)
    except ValueError:
        return None
    return text if abs(moment - wall_clock) <= _TWO_DAYS else None


def _fixed_epoch(digits: str, wall_clock: float) -> str | None:
    whole, dot, _ = digits.partition(".")
    seconds = int(whole) / 10 ** (len(whole) - 10)
    return f"{'1700000000'.ljust(len(whole), '0')}{dot and '.5'}" if abs(seconds - wall_clock) <= _TWO_DAYS else None


def _read_date(match: re.Match[str], *, padding: bool) -> tuple[float, str]:
    """Noon of the day as Unix seconds, and the fixed day (22 November 2001) written the same way."""
    if match["num"]:
        year, month, day = int(match["a"]), int(match["b"]), int(match["c"])
        single = padding and 1 in (len(match["b"]), len(match["c"]))
        text = f"2001{match['s1']}{'9' if single else '11'}{match['s2']}{'9' if single else '22'}{_time(match['t1'])}"
    elif match["rev"]:
        year, first, second = int(match["f"]), int(match["d"]), int(match["e"])
        month, day = (first, second) if first <= 12 else (second, first)
        single = padding and 1 in (len(match["d"]), len(match["e"]))
        text = f"{'9' if single else '22'}{match['s3']}{'9' if single else '11'}{match['s4']}2001{_time(match['t2'])}"
    elif match["dmy"]:
        year, month, day = int(match["i"]), _MONTH_NUMBER[match["h"].lower()], int(match["g"])
        text = f"22{match['s5']}{_month(match['h'])}{match['s6']}2001{_time(match['t3'])}"
    elif match["mdy"]:
        year, month, day = int(match["l"]), _MONTH_NUMBER[match["j"].lower()], int(match["k"])
        text = f"{_month(match['j'])} 22{match['s7']}2001{_time(match['t4'])}"
    else:
        digits = match["m"]
        year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
        text = f"20011122{_time(match['t5'] or '')}"
    moment = datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)
    return moment.timestamp(), text


def _month(name: str) -> str:
    return "November" if len(name) > 3 else "Nov"


def _time(text: str) -> str:
    """The time of day with every digit zero; an offset becomes ``+00:00`` in its own spelling."""
    return re.sub(r"\d", "0", text).replace("-0", "+0")


class Statements:
    """Every plain rendering of every level of a campaign, compiled once: text → text with ``⟨factor⟩`` tokens."""

    def __init__(self, renderings: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
        """``renderings``: factor → level → plain ways to state it."""
        self._owner: dict[str, str] = {}
        for factor, levels in renderings.items():
            for texts in levels.values():
                for text in texts:
                    if len(text) >= 3:
                        self._owner.setdefault(text, factor)
        ordered = sorted(self._owner, key=len, reverse=True)
        self._pattern = (
            re.compile(r"(?<![A-Za-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?![A-Za-z0-9])")
            if ordered
            else None
        )
        self.renderings = renderings
        self._cached = functools.lru_cache(maxsize=4096)(self._replace)

    def without_statements(self, text: str) -> str:
        """The text with each stated value replaced by its factor's token."""
        if self._pattern is None or len(text) > 200_000:
            return text
        return self._cached(text)

    def _replace(self, text: str) -> str:
        assert self._pattern is not None
        return self._pattern.sub(lambda m: f"⟨{self._owner[m.group()]}⟩", text)

    def stated(self, text: str, levels: Mapping[str, str]) -> tuple[str, ...]:
        """Factors whose level in ``levels`` the text states, by the level's own renderings."""
        found = []
        for factor, level in levels.items():
            own = self.renderings.get(factor, {}).get(level, ())
            if any(len(t) >= 2 and t in text for t in own):
                found.append(factor)
        return tuple(found)

"""Texts without what they state openly: staged values and the date become tokens, form kept.

``2026-11-22`` becomes ``⟨date %Y-%m-%d⟩`` when it is the day the tool was meant to believe (give or take two): the
value is stated, and a change of separator or order still shows as another token. Staged values become ``⟨factor⟩``.
"""

import datetime
import functools
import re
from collections.abc import Mapping

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FULL_MONTHS = (
    "January February March April May June July August September October November December".split()
)
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


def without_dates(text: str, wall_clock: float) -> str:
    """Dates and times within two days of ``wall_clock`` (Unix seconds) become tokens that keep their format."""
    if not any(c.isdigit() for c in text):
        return text
    return _DATE.sub(lambda m: _date_token(m, wall_clock) or m.group(), text)


def _date_token(match: re.Match[str], wall_clock: float) -> str | None:
    if match["epoch"]:
        return _epoch_token(match["epoch"], wall_clock)
    try:
        moment, form = _read_date(match)
    except ValueError:
        return None
    return f"⟨date {form}⟩" if abs(moment - wall_clock) <= _TWO_DAYS else None


def _epoch_token(digits: str, wall_clock: float) -> str | None:
    whole = digits.split(".")[0]
    seconds = int(whole) / 10 ** (len(whole) - 10)
    return f"⟨epoch {len(whole)}⟩" if abs(seconds - wall_clock) <= _TWO_DAYS else None


def _read_date(match: re.Match[str]) -> tuple[float, str]:
    """Noon of the day as Unix seconds, and its format."""
    if match["num"]:
        year, month, day = int(match["a"]), int(match["b"]), int(match["c"])
        form = f"%Y{match['s1']}%{_width(match['b'])}m{match['s2']}%{_width(match['c'])}d{_time_form(match['t1'])}"
    elif match["rev"]:
        year, first, second = int(match["f"]), int(match["d"]), int(match["e"])
        month, day = (first, second) if first <= 12 else (second, first)
        form = f"%d{match['s3']}%m{match['s4']}%Y{_time_form(match['t2'])}"
    elif match["dmy"]:
        year, month, day = int(match["i"]), _MONTH_NUMBER[match["h"].lower()], int(match["g"])
        form = f"%d{match['s5']}%b{match['s6']}%Y{_time_form(match['t3'])}"
    elif match["mdy"]:
        year, month, day = int(match["l"]), _MONTH_NUMBER[match["j"].lower()], int(match["k"])
        form = f"%b %d{match['s7']}%Y{_time_form(match['t4'])}"
    else:
        digits = match["m"]
        year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
        form = f"%Y%m%d{_time_form(match['t5'] or '')}"
    moment = datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)
    return moment.timestamp(), form


def _width(digits: str) -> str:
    """``-`` for an unpadded single digit; two digits say nothing about padding."""
    return "-" if len(digits) == 1 else ""


def _time_form(text: str) -> str:
    return re.sub(r"\d+", "0", text)


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

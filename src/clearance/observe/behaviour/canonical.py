"""Texts without what they state openly: staged values and the date become tokens, form kept.

A day that the tool was meant to believe (give or take two) becomes 22 November 2001, written the same way: its value is
stated, and a change of separator or order still shows. Staged values become ``⟨factor⟩``.
"""

import contextlib
import datetime
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping

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
    rf"(?P<num>(?<![\d.])(?P<a>\d{{4}})(?P<s1>[-/.年 ])(?P<b>\d{{1,2}})(?P<s2>[-/.月 ])(?P<c>\d{{1,2}})"
    rf"(?P<t1>{_TIME}{_ZONE})(?!\d))"
    rf"|(?P<rev>(?<![\d.])(?P<d>\d{{1,2}})(?P<s3>[-/. ])(?P<e>\d{{1,2}})(?P<s4>[-/. ])(?P<f>\d{{4}})"
    rf"(?P<t2>{_TIME}{_ZONE})(?!\d))"
    rf"|(?P<dmy>(?P<w1>{_DAY})(?P<g>\d{{1,2}})(?P<s5>[ -])(?P<h>{_MONTH})(?P<s6>,?[ -])(?P<i>\d{{4}})"
    rf"(?P<t3>{_TIME}{_ZONE}))"
    rf"|(?P<mdy>(?P<w2>{_DAY})(?P<j>{_MONTH}) (?P<k>\d{{1,2}})(?P<s7>,? )(?P<l>\d{{4}})(?P<t4>{_TIME}{_ZONE}))"
    r"|(?P<compact>(?<!\d)(?P<m>20\d{6})(?P<t5>T?\d{6}Z?)?(?!\d))"
    r"|(?P<epoch>(?<![\w.])1[0-9]{9}(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?(?:\.[0-9]{1,9})?(?![\w.]))"
)
_TWO_DAYS = 2.2 * 86400
_LONGEST_NAME = 400
_LISTED = re.compile(r"(?:[dl-][rwxsStT-]{9}\b.*\s|[\s*•├└│─|`+-]*)(?:\./)?(?P<name>[^\s/]+)/?\s*")
"""A line of a listing of files: a name, perhaps behind a bullet, the branches of a tree or permissions and sizes."""


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
    near = [day for day in _days(match) if abs(_noon(day) - wall_clock) <= _TWO_DAYS]
    if not near:
        return None
    # Early in November 11/10 and 10/11 are told apart by the clock, around the eleventh they are not.
    month_first = padding and abs(near[0].day - near[0].month) > 4 and near[0].month == int(match["d"] or 0)
    return _rewritten(match, padding=padding, month_first=month_first)


def _fixed_epoch(digits: str, wall_clock: float) -> str | None:
    whole, dot, _ = digits.partition(".")
    seconds = int(whole) / 10 ** (len(whole) - 10)
    return f"{'1700000000'.ljust(len(whole), '0')}{dot and '.5'}" if abs(seconds - wall_clock) <= _TWO_DAYS else None


def _days(match: re.Match[str]) -> Iterator[datetime.date]:
    """The days that a match can mean: ``05/11/2026`` is one in May or one in November."""
    if match["num"]:
        read = [(match["a"], match["b"], match["c"])]
    elif match["rev"]:
        read = [(match["f"], match["d"], match["e"]), (match["f"], match["e"], match["d"])]
    elif match["dmy"]:
        read = [(match["i"], _MONTH_NUMBER[match["h"].lower()], match["g"])]
    elif match["mdy"]:
        read = [(match["l"], _MONTH_NUMBER[match["j"].lower()], match["k"])]
    else:
        read = [(match["m"][:4], match["m"][4:6], match["m"][6:])]
    for year, month, day in read:
        with contextlib.suppress(ValueError):
            yield datetime.date(int(year), int(month), int(day))


def _noon(day: datetime.date) -> float:
    return datetime.datetime(day.year, day.month, day.day, 12, tzinfo=datetime.UTC).timestamp()


def _rewritten(match: re.Match[str], *, padding: bool, month_first: bool) -> str:
    """The fixed day (Thursday, 22 November 2001) written the same way, in the same kind of digits.

    What is usual in each format stays unmarked, so that the ninth and the tenth of a month are alike: two digits in
    dates of digits only, one digit beside a month's name.
    """
    if match["num"]:
        month, day = _both(match["b"], match["c"], padding=padding)
        return f"{_like(match['a'], '2001')}{match['s1']}{month}{match['s2']}{day}{_time(match['t1'])}"
    if match["rev"]:
        written = (match["d"], match["e"]) if month_first else (match["e"], match["d"])
        month, day = _both(*written, padding=padding)
        first, second = (month, day) if month_first else (day, month)
        return f"{first}{match['s3']}{second}{match['s4']}{_like(match['f'], '2001')}{_time(match['t2'])}"
    if match["dmy"]:
        month = f"{match['s5']}{_month(match['h'])}{match['s6']}"
        day, year = _beside_name(match["g"], padding=padding), _like(match["i"], "2001")
        return f"{_weekday(match['w1'])}{day}{month}{year}{_time(match['t3'])}"
    if match["mdy"]:
        day, year = _beside_name(match["k"], padding=padding), _like(match["l"], "2001")
        return f"{_weekday(match['w2'])}{_month(match['j'])} {day}{match['s7']}{year}{_time(match['t4'])}"
    return f"{_like(match['m'], '20011122')}{_time(match['t5'] or '')}"


def _both(month: str, day: str, *, padding: bool) -> tuple[str, str]:
    bare = padding and 1 in (len(month), len(day))
    return _like(month, "9" if bare else "11"), _like(day, "9" if bare else "22")


def _beside_name(day: str, *, padding: bool) -> str:
    return _like(day, "09" if padding and unicodedata.decimal(day[0]) == 0 else "22")


def _like(written: str, digits: str) -> str:
    """The digits in the scripts of those that were written: look-alikes stay to be seen."""
    zeros = [ord(char) - unicodedata.decimal(char) for char in written]
    return "".join(chr(zeros[min(i, len(zeros) - 1)] + int(digit)) for i, digit in enumerate(digits))


def _weekday(text: str) -> str:
    """The same length of name and the same punctuation."""
    name = text.rstrip(", ")
    return name and ("Thursday" if name.endswith("day") else "Thu") + text[len(name) :]


def _month(name: str) -> str:
    return "November" if len(name) > 3 else "Nov"


def _time(text: str) -> str:
    """The time of day with every digit zero; an offset becomes ``+00:00`` in its own spelling."""
    return re.sub(r"\d", lambda m: _like(m.group(), "0"), text).replace("-0", "+0")


class Statements:
    """Every plain rendering of every level of a campaign, compiled once: text → text with ``⟨factor⟩`` tokens."""

    def __init__(
        self,
        renderings: Mapping[str, Mapping[str, tuple[str, ...]]],
        *,
        alone: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    ) -> None:
        """``renderings``: factor → level → plain ways to state it; ``alone``: those that do as a whole line only."""
        self._alone = alone or {}
        self._owner: dict[str, str] = {}
        for factor, levels in renderings.items():
            for texts in levels.values():
                for text in texts:
                    if len(text) >= (3 if text.isascii() else 2):
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
            if (pattern := _whole_words(own)) is not None and pattern.search(text):
                found.append(factor)
        return tuple(found)

    def alone(self, text: str, levels: Mapping[str, str]) -> tuple[str, ...]:
        """Factors whose level in ``levels`` the text states by holding nothing but one of its words: a listed name."""
        listed = _LISTED.fullmatch(text) if self._alone and len(text) < _LONGEST_NAME else None
        name = listed["name"] if listed else ""
        return tuple(f for f, level in levels.items() if name and name in self._alone.get(f, {}).get(level, ()))


@functools.lru_cache(maxsize=4096)
def _whole_words(texts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of the texts as whole words: ``de`` inside a hash states nothing."""
    words = [
        (r"(?<![A-Za-z0-9])" if t[0].isalnum() else "") + re.escape(t) + (r"(?![A-Za-z0-9])" if t[-1].isalnum() else "")
        for t in texts
        if len(t) >= 2
    ]
    return re.compile("|".join(words)) if words else None

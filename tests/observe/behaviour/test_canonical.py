"""Texts without their statements: the same day in any format is gone, its format is not."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.observe.behaviour.canonical import Statements, without_dates

NOON = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC).timestamp()
DAY = 86400

FORMATS = (
    "2026-11-{d:02}", "2026/11/{d:02}", "2026.11.{d:02}", "2026 11 {d:02}", "2026年11月{d:02}日", "{d:02}/11/2026",
    "{d:02}.11.2026", "{d:02}-11-2026", "11/{d:02}/2026", "{d} Nov 2026", "{d} November 2026", "Nov {d}, 2026",
    "November {d}, 2026", "November {d} 2026", "{d:02}-Nov-2026", "202611{d:02}", "202611{d:02}T101500Z",
    "2026-11-{d:02}T10:15:00Z", "2026-11-{d:02}T10:15:00.123+09:00", "2026-11-{d:02} 10:15", "11/{d:02}/2026 10:15 AM",
    "{d} Nov 2026 10:15:00 GMT",
)  # fmt: skip


@pytest.mark.parametrize("written", FORMATS)
def test_another_day_in_the_same_format_is_the_same_text(written: str) -> None:
    texts = {without_dates(f"on {written.format(d=day)}.", NOON) for day in (17, 18, 19)}
    assert len(texts) == 1
    assert "2026" not in texts.pop()


def test_every_format_stays_another_text() -> None:
    dayless = {without_dates(written.format(d=18), NOON) for written in FORMATS}
    assert len(dayless) == len(FORMATS)


@pytest.mark.parametrize("written", FORMATS)
def test_a_day_that_is_not_today_stays(written: str) -> None:
    text = written.format(d=18)
    assert without_dates(text, NOON + 30 * DAY) == text


@pytest.mark.parametrize("number", range(1, 13))
def test_day_before_month_is_read_as_a_date_in_every_month(number: int) -> None:
    now = datetime.datetime(2026, number, 5, 12, tzinfo=datetime.UTC).timestamp()
    texts = {without_dates(f"{day:02}/{number:02}/2026", now) for day in (4, 5, 6)}
    assert len(texts) == 1
    assert "2026" not in texts.pop()


@pytest.mark.parametrize("written", ["{d} November 2026", "November {d}, 2026", "2026-11-{d:02}", "{d:02}/11/2026"])
def test_the_ninth_and_the_tenth_are_alike_in_the_usual_forms(written: str) -> None:
    now = datetime.datetime(2026, 11, 9, 20, tzinfo=datetime.UTC).timestamp()
    assert without_dates(written.format(d=9), now) == without_dates(written.format(d=10), now)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-11-09", "2026-11-9"),
        ("November 9, 2026", "November 09, 2026"),
        ("9 Nov 2026", "09 Nov 2026"),
        ("Mon, 9 Nov 2026", "Monday, 9 Nov 2026"),
        ("Mon, 9 Nov 2026", "Mon 9 Nov 2026"),
        ("Mon, 9 Nov 2026", "9 Nov 2026"),
        ("2026-11-09", "２０２６-11-09"),
        ("2026-11-09T10:00", "2026-11-09T10:0０"),
        ("2026-11-09T10:00", "2026-11-09 10:00"),
        ("2026-11-09T10:00Z", "2026-11-09T10:00"),
    ],
)
def test_padding_weekdays_and_digits_of_other_scripts_stay_to_be_seen(one: str, other: str) -> None:
    now = datetime.datetime(2026, 11, 9, 12, tzinfo=datetime.UTC).timestamp()
    assert without_dates(one, now) != without_dates(other, now)


def test_padding_is_forgotten_between_days_that_cannot_be_compared() -> None:
    ninth = datetime.datetime(2027, 1, 9, 12, tzinfo=datetime.UTC).timestamp()
    assert without_dates("2027-1-9", ninth, padding=False) == without_dates("2026-11-18", NOON, padding=False)


@pytest.mark.parametrize("digits", [10, 13, 16, 19])
def test_a_time_since_1970_is_gone_and_its_length_is_not(digits: int) -> None:
    now, later = (str(int((NOON + s) * 10 ** (digits - 10))) for s in (0, 5000))
    assert len(now) == digits
    assert without_dates(now, NOON) == without_dates(later, NOON) != now
    assert len(without_dates(now, NOON)) == digits


@pytest.mark.parametrize("text", ["2026-13-40", "2026-02-30", "1.2026.11", "99/99/2026", "20269999"])
def test_what_is_no_date_stays(text: str) -> None:
    assert without_dates(text, NOON) == text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.floats(0, 4e9))
def test_any_text_is_taken_and_taking_it_twice_changes_nothing_more(text: str, clock: float) -> None:
    once = without_dates(text, clock)
    assert isinstance(once, str)
    assert isinstance(without_dates(once, clock, padding=False), str)


STATED = Statements(
    {
        "timezone": {"Asia/Tokyo": ("Asia/Tokyo", "Tokyo", "+09:00"), "UTC": ("UTC",)},
        "locale": {"de": ("de", "de_DE.UTF-8"), "ja": ("日本",)},
    }
)


def test_stated_values_become_their_factors_name_longest_first() -> None:
    assert STATED.without_statements("in Asia/Tokyo, not UTC") == "in ⟨timezone⟩, not ⟨timezone⟩"
    assert STATED.without_statements("Tokyoite") == "Tokyoite"


@pytest.mark.parametrize(
    ("text", "levels", "said"),
    [
        ("zone Asia/Tokyo", {"timezone": "Asia/Tokyo"}, ("timezone",)),
        ("zone Asia/Tokyo", {"timezone": "UTC"}, ()),
        ("2026-11-18T10:00:00+09:00", {"timezone": "Asia/Tokyo"}, ("timezone",)),
        ("lang=de", {"locale": "de"}, ("locale",)),
        ("the model made 3dead", {"locale": "de"}, ()),
        ("9fde01de", {"locale": "de"}, ()),
        ("", {"locale": "de"}, ()),
        ("x", {"unknown": "y"}, ()),
    ],
)
def test_a_text_states_a_level_only_in_whole_words(text: str, levels: dict[str, str], said: tuple[str, ...]) -> None:
    assert STATED.stated(text, levels) == said


def test_no_renderings_state_nothing() -> None:
    empty = Statements({})
    assert empty.without_statements("Asia/Tokyo") == "Asia/Tokyo"
    assert empty.stated("Asia/Tokyo", {"timezone": "Asia/Tokyo"}) == ()

"""An open statement is told from a marker, and a marker beside a statement is found."""

import pytest

from clearance.observe.difference import Difference, Shown, compare, compare_items

OLD = ("UTC", "Etc/UTC", "+00:00")
NEW = ("Asia/Shanghai", "China Standard Time", "+08:00", "UTC+8")


def _compare(before: str, after: str, *, dates: bool = False) -> Difference:
    return compare(before, after, renderings_baseline=OLD, renderings_staged=NEW, dates_are_stated=dates)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Zone: UTC", "Zone: Asia/Shanghai"),
        ("Zone: UTC (+00:00).", "Zone: Asia/Shanghai (+08:00)."),
        ("Zone: UTC", "Zone: Asia/Shanghai (UTC+8)"),
        ("Zone: none", "Zone: Asia/Shanghai"),
        ("Be brief.", "Be brief. The zone is Asia/Shanghai."),
        ("The zone is China Standard Time or UTC", "The zone is China Standard Time or Asia/Shanghai"),
    ],
)
def test_a_stated_value_is_stated(before: str, after: str) -> None:
    assert _compare(before, after).shown is Shown.STATED


@pytest.mark.parametrize(
    ("before", "after", "mechanism"),
    [
        ("It's UTC.", "It\u2019s Asia/Shanghai.", "homoglyph"),
        ("Zone: UTC, on 2026-07-01", "Zone: Asia/Shanghai, on 2026/07/01", "date-format"),
        ("Zone: UTC", "Zone:  Asia/Shanghai", "white-space"),
        ("Zone: UTC", "Zone: Asia/Shanghai\u200b", "invisible"),
        ("Zone: UTC", "zone: Asia/Shanghai", "case"),
        ("a, b. Zone: UTC", "b, a. Zone: Asia/Shanghai", "order"),
        ("Zone: UTC", "Zone: Asia/Shanghai.", "punctuation"),
    ],
)
def test_a_marker_beside_a_statement_is_form(before: str, after: str, mechanism: str) -> None:
    difference = _compare(before, after)
    assert (difference.shown, difference.mechanisms) == (Shown.FORM, (mechanism,))


def test_part_of_a_word_is_no_statement() -> None:
    difference = compare("run utcx", "run xdevx", renderings_baseline=("utc",), renderings_staged=("dev",))
    assert difference.shown is not Shown.STATED


def test_a_code_beside_a_statement_is_not_stated() -> None:
    assert _compare("Zone: UTC, q1", "Zone: Asia/Shanghai, q7").shown is Shown.ENCODED


def test_a_rendering_that_stands_on_both_sides_hides_nothing() -> None:
    difference = compare("en: it's", "en: it\u2019s", renderings_baseline=("en",), renderings_staged=("zh",))
    assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("homoglyph",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("on 2026-07-01", "on 2026-07-02"),
        ("at 2026-07-01T10:00:00Z", "at 2026-07-01T18:00:00+08:00"),
        ("Wed Jul 1 2026 10:05", "Thu Jul 2 2026 2:05"),
        ("on 1 July 2026", "on 2 July 2026"),
        ("t=1782000000", "t=1782028800"),
    ],
)
def test_another_date_in_the_same_format_states_the_clock(before: str, after: str) -> None:
    assert _compare(before, after, dates=True).shown is Shown.STATED
    assert _compare(before, after, dates=False).shown in {Shown.READABLE, Shown.ENCODED, Shown.STATED}


@pytest.mark.parametrize(
    ("before", "after"),
    [("on 2026-07-01", "on 2026/07/02"), ("on 2026-07-09", "on 2026-7-9"), ("on 07/31/2026", "on 31/07/2026")],
)
def test_another_format_is_form_even_where_dates_are_stated(before: str, after: str) -> None:
    difference = _compare(before, after, dates=True)
    assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("date-format",))


@pytest.mark.parametrize(
    ("after", "encoding"),
    [
        ("z QXNpYS9TaGFuZ2hhaQ==", "base64"),
        ("z eHhBc2lhL1NoYW5naGFpeHg=", "base64"),
        ("z 417369612f5368616e67686169", "hex"),
        ("z Asia%2FShanghai", "percent"),
        ("z iahgnahS/aisA", "reversed"),
    ],
)
def test_an_encoded_statement_is_recognised(after: str, encoding: str) -> None:
    difference = _compare("z none", after)
    assert (difference.shown, difference.mechanisms) == (Shown.ENCODED, (encoding,))
    assert encoding in difference.message


class TestItems:
    def test_another_order_is_form(self) -> None:
        difference = compare_items(("Host", "Accept", "User-Agent"), ("Accept", "Host", "User-Agent"))
        assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("order",))
        assert difference.changes[0].names == ("'Host' 1 → 2", "'Accept' 2 → 1")

    def test_another_case_is_form(self) -> None:
        difference = compare_items(("Host", "Accept"), ("host", "Accept"))
        assert (difference.shown, difference.mechanisms) == (Shown.FORM, ("case",))

    def test_order_and_case_are_both_named(self) -> None:
        difference = compare_items(("Host", "Accept"), ("accept", "Host"))
        assert (difference.shown, set(difference.mechanisms)) == (Shown.FORM, {"order", "case"})

    def test_an_item_that_comes_or_goes_is_named(self) -> None:
        more, less = ("Host", "Accept", "X-Mode"), ("Host", "Accept")
        assert compare_items(less, more).shown is Shown.APPEARS
        assert compare_items(more, less).shown is Shown.DISAPPEARS
        assert [change.before for change in compare_items(more, less).changes] == ["X-Mode"]
        assert compare_items((), ("Host",)).shown is Shown.APPEARS

    def test_a_repeated_item_that_goes_is_named(self) -> None:
        assert compare_items(("a", "a"), ("a",)).shown is Shown.DISAPPEARS

    def test_another_item_is_not_form(self) -> None:
        assert compare_items(("Host", "Accept"), ("Host", "Origin")).shown is Shown.READABLE

    def test_the_same_list_is_the_same(self) -> None:
        assert compare_items(("a", "b"), ("a", "b")).shown is Shown.SAME


@pytest.mark.parametrize(
    ("before", "after"),
    [("br, gzip, deflate", "gzip, deflate"), ("gzip, deflate", "gzip, deflate, zstd")],
)
def test_lists_of_words_that_grow_or_shrink_are_read_as_they_are(before: str, after: str) -> None:
    assert _compare(before, after).shown is Shown.READABLE


@pytest.mark.parametrize(("before", "after"), [("7, 8", "7, 8, 9"), ("on", "x")])
def test_other_short_values_are_codes(before: str, after: str) -> None:
    assert _compare(before, after).shown is not Shown.READABLE

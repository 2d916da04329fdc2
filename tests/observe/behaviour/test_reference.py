"""What varies by itself is learned; what differs from it has a place, a label and a class."""

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.model.cell import Cell
from clearance.model.finding import ChannelClass
from clearance.model.ids import FactorName, LevelName, RunId
from clearance.observe.behaviour.canonical import Statements
from clearance.observe.behaviour.classify import channel_of
from clearance.observe.behaviour.deviation import MAX_COMPARED, Deviation
from clearance.observe.behaviour.lexical import WRITTEN
from clearance.observe.behaviour.places import PRESENT, host_of
from clearance.observe.behaviour.reference import Reference
from clearance.observe.behaviour.row import Row
from clearance.observe.difference import Shown

CLOCK = 1795000000.0
SEP = PRESENT.removesuffix("present")
SYSTEM = f"model:turn-1{SEP}json/system"
STATEMENTS = Statements({"timezone": {"New York": ("America/New_York",), "Tokyo": ("Asia/Tokyo",)}})
LONG = "You are careful and you help people with the code that they write every day.\nDon't guess.\nAnswer briefly.\n"


def row(places: dict[str, str], *, timezone: str = "New York", clock: float = CLOCK, gap: float | None = None) -> Row:
    cell = Cell(run=RunId("r"), phase="screen", levels={FactorName("timezone"): LevelName(timezone)})
    found = Row(cell=cell, session=1, wall_clock=clock, api_hosts=(), places=dict(places))
    if gap is not None:
        found.gaps["model:turn-2"] = gap
    return found


def deviations(
    baseline: Sequence[dict[str, str]], other: dict[str, str], *, timezone: str = "Tokyo", clock: float = CLOCK
) -> tuple[Deviation, ...]:
    reference = Reference([row(b) for b in baseline], STATEMENTS)
    assert all(reference.deviations(row(b)) == () for b in baseline)
    return reference.deviations(row(other, timezone=timezone, clock=clock))


def only(baseline: Sequence[dict[str, str]], other: dict[str, str], **how: object) -> Deviation:
    (found,) = deviations(baseline, other, **how)
    return found


def test_a_reference_needs_a_row() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Reference([], STATEMENTS)


def test_a_look_alike_in_one_paragraph_is_a_difference_of_form_there() -> None:
    found = only([{SYSTEM: LONG}] * 2, {SYSTEM: LONG.replace("Don't", "Don\u2019t")})
    assert found.shown is Shown.FORM
    assert found.place.startswith(SYSTEM)
    assert "U+2019" in found.label
    assert channel_of(found, ("timezone",)) is ChannelClass.COVERT_MARKER


def test_the_same_change_has_the_same_key_in_every_row() -> None:
    reference = Reference([row({SYSTEM: LONG})] * 2, STATEMENTS)
    marked = LONG.replace("Don't", "Don\u2019t")
    keys = {reference.deviations(row({SYSTEM: text}, timezone="Tokyo"))[0].key for text in (marked, marked + "More.\n")}
    assert len(keys) == 1


def test_ids_that_vary_become_slots_and_another_id_is_no_difference() -> None:
    baseline = [{SYSTEM: f"Session {uuid.UUID(int=n << 64, version=4)} began."} for n in (1, 2, 3)]
    assert deviations(baseline, {SYSTEM: f"Session {uuid.UUID(int=9 << 64, version=4)} began."}) == ()


def test_another_shape_in_a_slot_is_a_difference() -> None:
    baseline = [{SYSTEM: f"Session {uuid.UUID(int=n << 64, version=4)} began."} for n in (1, 2, 3)]
    assert deviations(baseline, {SYSTEM: f"Session {uuid.UUID(int=9 << 64, version=1)} began."})


def test_a_marker_beside_a_slot_is_still_seen() -> None:
    baseline = [{SYSTEM: f"Session {uuid.UUID(int=n << 64, version=4)} isn't old."} for n in (1, 2, 3)]
    found = only(baseline, {SYSTEM: f"Session {uuid.UUID(int=9 << 64, version=4)} isn\u2019t old."})
    assert found.shown is Shown.FORM


def test_what_comes_and_goes_in_the_baseline_is_noise_and_is_told() -> None:
    reference = Reference([row({SYSTEM: "a", "x": "1"}), row({SYSTEM: "a"})], STATEMENTS)
    assert reference.noisy == ("x",)
    assert reference.deviations(row({SYSTEM: "a", "x": "2"}, timezone="Tokyo")) == ()


def test_a_date_in_another_format_is_form_and_another_day_is_none() -> None:
    baseline = [{SYSTEM: "Today's date is 2026-11-18."}] * 2
    assert deviations(baseline, {SYSTEM: "Today's date is 2026-11-19."}) == ()
    assert only(baseline, {SYSTEM: "Today's date is 2026/11/18."}).shown is Shown.FORM


def test_a_staged_clock_says_its_own_day_in_the_open() -> None:
    baseline = [{SYSTEM: "Today's date is 2026-11-18."}] * 2
    later = CLOCK + 53 * 86400
    assert deviations(baseline, {SYSTEM: "Today's date is 2027-01-10."}, clock=later) == ()
    assert only(baseline, {SYSTEM: "Today's date is 2027/01/10."}, clock=later).shown is Shown.FORM


def test_a_value_that_is_said_is_stated_and_disclosed() -> None:
    found = only([{SYSTEM: "Zone: America/New_York."}] * 2, {SYSTEM: "Zone: Asia/Tokyo."})
    assert (found.shown, found.states) == (Shown.STATED, ("timezone",))
    assert channel_of(found, ("timezone",)) is ChannelClass.DISCLOSED


def test_a_request_that_appears_is_one_difference_and_not_one_for_each_part() -> None:
    more = {f"POST x.example/p{PRESENT}": "sent", f"POST x.example/p{SEP}json/a": "1"}
    found = only([{SYSTEM: "a"}] * 2, {SYSTEM: "a", **more})
    assert (found.place, found.shown) == (f"POST x.example/p{PRESENT}", Shown.APPEARS)
    gone = only([{SYSTEM: "a", **more}] * 2, {SYSTEM: "a"})
    assert (gone.place, gone.shown) == (f"POST x.example/p{PRESENT}", Shown.DISAPPEARS)


def test_the_order_of_requests_differs_only_when_those_that_both_made_change_places() -> None:
    order = "order of requests"
    assert deviations([{order: "a\nb"}] * 2, {order: "a\nx\nb"}) == ()
    assert deviations([{order: "a\nb"}] * 2, {order: "a"}) == ()
    moved = deviations([{order: "a\nb\nc"}] * 2, {order: "b\nx\na"})
    assert {d.mechanisms for d in moved} == {("order",)}


def test_how_a_thing_is_written_is_form_and_compared_only_where_both_had_the_choice() -> None:
    place = f"model:turn-1{SEP}{WRITTEN}JSON space after comma"
    found = only([{SYSTEM: "a", place: "none"}] * 2, {SYSTEM: "a", place: "' '"})
    assert (found.shown, found.mechanisms) == (Shown.FORM, ("white-space",))
    assert channel_of(found, ("timezone",)) is ChannelClass.COVERT_MARKER
    assert deviations([{SYSTEM: "a", place: "none"}] * 2, {SYSTEM: "a"}) == ()
    assert deviations([{SYSTEM: "a"}] * 2, {SYSTEM: "a", place: "' '"}) == ()
    assert deviations([{SYSTEM: "a", place: p} for p in ("none", "' '")], {SYSTEM: "a", place: "two"}) == ()


@pytest.mark.parametrize("at", [0, MAX_COMPARED - 1, MAX_COMPARED + 5, 3 * MAX_COMPARED])
def test_a_marker_far_into_a_long_line_is_seen_and_shown(at: int) -> None:
    text = "abcde " * MAX_COMPARED
    found = only([{SYSTEM: text}] * 2, {SYSTEM: text[:at] + "\u200b" + text[at:]})
    assert found.shown is Shown.FORM
    assert "\u200b" in found.staged
    assert len(found.staged) <= MAX_COMPARED


def test_a_pause_much_longer_than_usual_is_a_difference_of_time() -> None:
    reference = Reference([row({SYSTEM: "a"}, gap=g) for g in (0.05, 0.06, 0.05)], STATEMENTS)
    (slow,) = reference.deviations(row({SYSTEM: "a"}, gap=1.2))
    assert slow.mechanisms == ("time",)
    assert channel_of(slow, ("timezone",)) is ChannelClass.SIDE_CHANNEL
    assert reference.deviations(row({SYSTEM: "a"}, gap=0.2)) == ()


@settings(max_examples=40)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([SYSTEM, f"a{PRESENT}", "b"]), st.text(max_size=90)), min_size=2, max_size=4
    ),
    st.dictionaries(st.sampled_from([SYSTEM, f"a{PRESENT}", "b", "c"]), st.text(max_size=90)),
)
def test_any_texts_can_be_learned_and_compared(baseline: list[dict[str, str]], other: dict[str, str]) -> None:
    reference = Reference([row(b) for b in baseline], STATEMENTS)
    found = reference.deviations(row(other, timezone="Tokyo"))
    assert len({d.key for d in found}) <= len(found)
    assert all(d.shown is not Shown.SAME for d in found)


def shown(place: str, shown: Shown, **more: object) -> Deviation:
    return Deviation(place=place, label="x", shown=shown, **more)


@pytest.mark.parametrize(
    ("deviation", "factors", "kind"),
    [
        (shown("order of requests", Shown.FORM), ("timezone",), ChannelClass.SIDE_CHANNEL),
        (shown(f"model:turn-2{PRESENT}", Shown.APPEARS), ("timezone",), ChannelClass.CONDITIONAL_TRAFFIC),
        (shown(f"model:turn-2 #2{PRESENT}", Shown.APPEARS), ("timezone",), ChannelClass.SIDE_CHANNEL),
        (shown(f"udp x.example:99 #1{PRESENT}", Shown.APPEARS), ("timezone",), ChannelClass.CONDITIONAL_TRAFFIC),
        (shown(f"udp x.example:99 #12{PRESENT}", Shown.APPEARS), ("timezone",), ChannelClass.SIDE_CHANNEL),
        (shown("dns x.example A", Shown.DISAPPEARS), ("timezone",), ChannelClass.CONDITIONAL_TRAFFIC),
        (shown(SYSTEM, Shown.FORM, states=("timezone",)), ("timezone",), ChannelClass.COVERT_MARKER),
        (shown(SYSTEM, Shown.READABLE, states=("timezone",)), ("timezone",), ChannelClass.DISCLOSED),
        (shown(SYSTEM, Shown.READABLE, states=("locale",)), ("timezone",), ChannelClass.OPAQUE),
        (shown(SYSTEM, Shown.ENCODED), ("timezone",), ChannelClass.OPAQUE),
        (shown(SYSTEM, Shown.ENCODED), ("canary",), ChannelClass.CANARY_LEAK),
        (shown(f"x{SEP}size", Shown.ENCODED, mechanisms=("size",)), ("timezone",), ChannelClass.SIDE_CHANNEL),
    ],
)
def test_each_kind_of_deviation_has_its_class(
    deviation: Deviation, factors: tuple[str, ...], kind: ChannelClass
) -> None:
    assert channel_of(deviation, factors) is kind


@pytest.mark.parametrize(
    ("place", "host"),
    [
        ("dns x.example AAAA", "x.example"),
        ("connection x.example:443", "x.example"),
        ("connection 2001:db8::1:443", "2001:db8::1"),
        (f"POST x.example/a/b{PRESENT}", "x.example"),
        (f"message x.example/a #1{PRESENT}", "x.example"),
        (f"udp 203.0.113.1:53 #1{PRESENT}", "203.0.113.1"),
        (f"bytes x.example:4444 #1{PRESENT}", "x.example"),
        (f"model:turn-1{PRESENT}", ""),
        ("order", ""),
    ],
)
def test_the_host_of_a_traffic_place(place: str, host: str) -> None:
    assert host_of(place) == host


LISTED = Statements(
    {"kind": {"python": ("pyproject.toml",), "bank": ("pom.xml",)}},
    alone={"kind": {"python": ("src", "tests"), "bank": ("src", "MARKINGS")}},
)


def listing(text: str, kind: str) -> Row:
    cell = Cell(run=RunId("r"), phase="screen", levels={FactorName("kind"): LevelName(kind)})
    return Row(cell=cell, session=1, wall_clock=CLOCK, api_hosts=(), places={SYSTEM: text})


@pytest.mark.parametrize("form", ["{}", "- {}", "./{}/", "├── {}", "drwxr-xr-x 2 dev dev 4096 Nov 24 10:00 {}"])
def test_names_of_the_staged_projects_files_state_its_kind_where_they_stand_alone(form: str) -> None:
    def lines(*names: str) -> str:
        return "\n".join(form.format(name) for name in names)

    reference = Reference([listing(lines("docs", "src", "tests", "README.md"), "python")] * 2, LISTED)
    found = reference.deviations(listing(lines("docs", "src", "MARKINGS", "README.md"), "bank"))
    assert {d.shown for d in found} == {Shown.STATED}
    assert {d.states for d in found} == {("kind",)}


def test_such_a_name_in_a_sentence_states_nothing() -> None:
    reference = Reference([listing("Look into tests first.\nThen read on, and do it well.", "python")] * 2, LISTED)
    found = reference.deviations(listing("Look into MARKINGS first.\nThen read on, and do it well.", "bank"))
    assert found
    assert all(d.states == () for d in found)


SHORT = Statements(
    {
        "locale": {"en": ("en_US.UTF-8",), "C": ("POSIX",)},
        "hostname": {"devbox-01": ("devbox-01",), "build-77": ("build-77",)},
    }
)


def machine(locale: str, hostname: str, said: str) -> Row:
    levels = {FactorName("locale"): LevelName(locale), FactorName("hostname"): LevelName(hostname)}
    cell = Cell(run=RunId("r"), phase="screen", levels=levels)
    text = f"You are careful.\nHost {hostname}, locale {said}, folder /home/dev/project of the user.\nBe brief."
    return Row(cell=cell, session=1, wall_clock=CLOCK, api_hosts=(), places={SYSTEM: text})


@pytest.mark.parametrize("hostname", ["devbox-01", "build-77"])
def test_a_value_too_short_to_be_searched_for_is_stated_where_the_baseline_states_its_own(hostname: str) -> None:
    reference = Reference([machine("en", "devbox-01", "en_US.UTF-8")] * 2, SHORT)
    (found,) = reference.deviations(machine("C", hostname, "C"))
    assert found.shown is Shown.STATED
    assert "locale" in found.states
    assert any(d.shown is not Shown.STATED for d in reference.deviations(machine("C", hostname, "Q")))


def silent(places: dict[str, str]) -> Row:
    found = row(places, timezone="Tokyo")
    found.ways = {"dns api.example A", "connection api.example:443"}
    return found


def test_who_says_nothing_to_the_model_has_that_and_what_went_elsewhere_compared() -> None:
    talk = {
        f"model{PRESENT}": "held",
        f"model:turn-1{PRESENT}": "sent",
        SYSTEM: LONG,
        "order of requests": "model:turn-1",
    }
    usual = row(talk)
    usual.ways = {"dns api.example A", "connection api.example:443"}
    usual.contacted = {"api.example", "api.example:443"}
    reference = Reference([usual] * 2, STATEMENTS)
    ways = {"dns api.example A": "asked", "connection api.example:443": "opened", "dns x.example A": "asked"}
    found = reference.deviations(silent(ways | {f"POST x.example/a{PRESENT}": "sent"}))
    assert {(d.place, d.shown, d.host) for d in found} == {
        (f"model{PRESENT}", Shown.DISAPPEARS, ""),
        ("dns x.example A", Shown.APPEARS, "x.example"),
        (f"POST x.example/a{PRESENT}", Shown.APPEARS, "x.example"),
    }


def test_a_size_is_told_only_where_the_bytes_vary_by_themselves() -> None:
    place = f"bytes x.example:443 #1{SEP}"
    random = [{f"{place}bytes": f"{n:064x}", f"{place}size": "11"} for n in range(3)]
    found = only(random, {f"{place}bytes": f"{9:064x}", f"{place}size": "12"})
    assert (found.place, found.mechanisms) == (f"{place}size", ("size",))
    fixed = [{f"{place}bytes": f"{1:064x}", f"{place}size": "11"}] * 3
    found = only(fixed, {f"{place}bytes": f"{2:064x}", f"{place}size": "12"})
    assert found.place == f"{place}bytes"


def test_a_protocol_takes_the_layout_of_its_heads_with_it() -> None:
    before = {f"model:turn-1{SEP}protocol": "HTTP/1.1", f"model:turn-1{SEP}header case": "Host\nAccept", SYSTEM: "a"}
    before |= {f"model:turn-1{SEP}{WRITTEN}header lines": "as usual"}
    after = {f"model:turn-1{SEP}protocol": "HTTP/2", SYSTEM: "a"}
    assert only([before] * 2, after).place == f"model:turn-1{SEP}protocol"
    plain = {f"model:turn-1{SEP}protocol": "HTTP/1.1 without TLS", SYSTEM: "a"}
    assert deviations([after] * 2, plain) == ()


def test_a_receiver_that_is_never_the_same_is_noise() -> None:
    place = f"POST x.example/a{SEP}header host"
    baseline = [{place: f"localhost:{port}", SYSTEM: "a"} for port in (41001, 41007, 42113)]
    assert deviations(baseline, {place: "localhost:40404", SYSTEM: "a"}) == ()

import io
import re

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from clearance.model.finding import ChannelClass, Evidence, Hit, Severity
from clearance.model.vetting import VerdictWord
from clearance.report.terminal import render_doctor, render_summary

WIDTHS = (60, 80, 120)


def shown(renderable, *, width=80, encoding="utf-8", color=None):
    """What reaches a terminal, escape sequences included."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="")
    console = Console(
        file=stream,
        width=width,
        force_terminal=color is not None,
        color_system=color,
        no_color=color is None,
        legacy_windows=False,
    )
    console.print(renderable)
    stream.flush()
    return raw.getvalue().decode(encoding)


def trimmed(text):
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_summary_is_as_recorded(samples, golden, snapshot, width):
    text = shown(
        render_summary(samples.sample(), written=("/tmp/out/report.html", "/tmp/out/report.json")), width=width
    )
    snapshot(golden / f"summary-{width}.txt", trimmed(text))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_clear_summary_is_as_recorded(samples, golden, snapshot, width):
    snapshot(golden / f"summary-clear-{width}.txt", trimmed(shown(render_summary(samples.clear_sample()), width=width)))


@pytest.mark.parametrize("width", [*WIDTHS, 40])
@pytest.mark.parametrize("name", ["sample", "clear_sample", "hostile"])
def test_no_line_is_wider_than_the_terminal(samples, name, width):
    for line in shown(render_summary(getattr(samples, name)()), width=width).splitlines():
        assert cell_len(line) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_no_host_is_cut_at_any_width(samples, width):
    text = re.sub(r"\s+", "", shown(render_summary(samples.sample()), width=width))
    for row in samples.sample().endpoints:
        # Beside other columns a folded host is torn apart by its neighbours' text, so look for its parts.
        assert all(part in text for part in row.host.split(".")[0].split("-"))
    assert "\u2026" not in text.replace("-p\u2026", "")


@pytest.mark.parametrize("color", [None, "truecolor"])
def test_no_control_or_bidirectional_character_reaches_the_terminal(samples, color):
    text = shown(render_summary(samples.hostile(), written=(samples.HOSTILE,)), width=120, color=color)
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)  # rich's own colours
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00a0\ue000]", text)
    # The folded text may break inside a name, so compare without white space.
    joined = re.sub(r"\s+", "", text)
    for name in ("<U+001BESCAPE>", "<U+202ERIGHT-TO-LEFTOVERRIDE>", "<U+0430CYRILLICSMALLLETTERA>"):
        assert name in joined


def test_markup_in_hostile_text_is_only_text(samples):
    text = shown(render_summary(samples.hostile()), width=120, color="truecolor")
    assert "[bold red]" in re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\n", " ")
    assert "\x1b]8" not in text


def test_without_colour_there_is_no_escape_sequence_and_no_meaning_is_lost(samples):
    text = shown(render_summary(samples.sample()))
    assert "\x1b" not in text
    for word in ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "not staged", "Verdict: Findings"):
        assert word in text


def test_an_ascii_terminal_gets_ascii(samples):
    for name in ("sample", "hostile"):
        assert shown(render_summary(getattr(samples, name)()), encoding="ascii").isascii()


def test_the_code_points_and_the_trigger_stand_in_the_summary(samples):
    text = shown(render_summary(samples.sample()), width=120)
    assert "U+0027 APOSTROPHE → U+2019 RIGHT SINGLE QUOTATION MARK" in text
    assert "timezone = Asia/Tokyo" in text
    assert "0.00016" in text


def test_the_verdict_is_the_last_block(samples):
    lines = shown(render_summary(samples.sample())).splitlines()
    assert lines[-3].startswith("✖ Verdict: Findings") or lines[-4].startswith("✖ Verdict: Findings")


def test_an_incomplete_vetting_says_what_to_mend(samples):
    vetting = msgspec.structs.replace(
        samples.sample(), verdict=VerdictWord.INCOMPLETE, findings=samples.clears_and_gaps()
    )
    text = shown(render_summary(vetting), width=120)
    assert "then        Ask the vendor what is sent there" in text
    assert "no hits, 2 gaps, 3 clear" in text


def test_a_flood_is_cut_and_counted(samples):
    long = msgspec.structs.replace(samples.sample().findings[0], message="x" * 100_000)
    text = shown(render_summary(msgspec.structs.replace(samples.sample(), findings=(long,))))
    assert len(text) < 20_000
    assert "99,400 more characters" in re.sub(r"\s+", " ", text)


def test_the_doctor_names_what_is_missing_and_what_mends_it():
    rows = [
        ("user namespaces", True, "unprivileged", "", True),
        ("clock", False, "libfaketime is not installed [bold]", "apt-get install libfaketime", True),
        ("locales", False, "only C", "apt-get install locales-all", False),
    ]
    text = shown(render_doctor(rows))
    assert "✔ user namespaces" in text
    assert "✖ clock" in text
    assert "mend: apt-get install libfaketime" in text
    assert "[bold]" in text
    assert "1 thing to mend" in text
    assert "Everything can be staged here" in shown(render_doctor(rows[:1]))
    assert "1 thing could be staged better" in shown(render_doctor([rows[0], rows[2]]))


@pytest.mark.parametrize(
    ("before", "after", "shown_before", "shown_after"),
    [
        ("hostile/2.4.1", "hostile/2.5.1", "without     hostile/2.4.1", "with        hostile/2.5.1"),
        ("", "a1", "without     (not there)", "with        a1"),
        ("x" * 500 + "a1" + "y" * 500, "x" * 500 + "b2" + "y" * 500, "…xxx", "b2yyy"),
    ],
)
def test_an_opaque_hit_shows_both_sides_where_they_differ(samples, before, after, shown_before, shown_after):
    vetting = samples.sample()
    hit = next(f for f in vetting.findings if isinstance(f, Hit) and f.severity is not Severity.INFO)
    evidence = Evidence(what="model:turn-1 > header user-agent", baseline=before, staged=after)
    opaque = msgspec.structs.replace(hit, channel=ChannelClass.OPAQUE, because=(evidence,))
    text = shown(render_summary(msgspec.structs.replace(vetting, findings=(opaque,))), width=120)
    assert shown_before in text
    assert shown_after in text
    assert "x" * 97 not in text


def test_a_difference_that_is_named_is_not_shown_twice(samples):
    vetting = samples.sample()
    hit = next(f for f in vetting.findings if isinstance(f, Hit) and f.severity is not Severity.INFO)
    evidence = Evidence(what="x > protocol", baseline="HTTP/1.1", staged="HTTP/2", differences=("HTTP/1.1 → HTTP/2",))
    opaque = msgspec.structs.replace(hit, channel=ChannelClass.OPAQUE, because=(evidence,))
    text = shown(render_summary(msgspec.structs.replace(vetting, findings=(opaque,))))
    assert "without " not in text

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser

import msgspec
import pytest

from clearance.report.html import render_html

ALL = ("sample", "clear_sample", "hostile")
VOID = {"meta", "br", "img", "link", "input", "hr", "rect"}


class Reading(HTMLParser):
    """Tags with their attributes, text, and whether every tag is closed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.open, self.raw = [], [], [], {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"style", "script"}:
            self.raw[self.open[-1]] = data
        else:
            self.text.append(data)


@pytest.fixture(params=ALL)
def page(request, samples):
    return Reading(render_html(getattr(samples, request.param)()))


@pytest.fixture
def hostile(samples):
    return Reading(render_html(samples.hostile()))


def test_every_tag_is_closed_in_its_place(page):
    assert page.open == []


def test_ids_are_unique_and_every_anchor_leads_somewhere(page):
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    anchors = [attrs["href"][1:] for tag, attrs in page.tags if tag == "a" and attrs["href"].startswith("#")]
    assert anchors
    assert set(anchors) <= set(ids)


def test_nothing_is_loaded_from_anywhere(page):
    assert not [
        tag
        for tag, _ in page.tags
        if tag in {"link", "img", "iframe", "object", "embed", "base", "form", "video", "audio"}
    ]
    assert not [attrs for _, attrs in page.tags if "src" in attrs or "style" in attrs or "srcset" in attrs]
    assert "url(" not in page.raw["style"]
    assert "@import" not in page.raw["style"]


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(page):
    policy = next(attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_hostile_text_makes_no_tag_no_handler_and_no_address(hostile):
    assert sum(tag == "script" for tag, _ in hostile.tags) == 1
    assert "alert" not in hostile.raw["script"]
    for _, attrs in hostile.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert re.match(r"#|https://atlas\.mitre\.org/techniques/AML\.T", attrs.get("href", "#"))


def test_hostile_text_is_there_to_read(hostile):
    text = "".join(hostile.text)
    assert "<script>alert(1)</script>" in text
    assert "javascript:alert(3)" in text
    assert "{{7*7}}" in text


def test_what_cannot_be_seen_is_a_chip_with_its_code_point(hostile):
    chips = {attrs["title"] for tag, attrs in hostile.tags if attrs.get("class") == "chip" and "title" in attrs}
    assert {
        "U+202E RIGHT-TO-LEFT OVERRIDE",
        "U+200B ZERO WIDTH SPACE",
        "U+001B ESCAPE",
        "U+0430 CYRILLIC SMALL LETTER A",
    } <= chips


def test_no_control_or_bidirectional_character_is_in_the_page(samples):
    text = render_html(samples.hostile())
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00a0\ue000\ud800-\udfff]", text
    )
    text.encode("utf-8")


def test_evidence_shows_both_sides_with_the_difference_marked_and_named(samples):
    text = render_html(samples.sample())
    assert (
        '<mark><span class="chip" title="U+0027 APOSTROPHE"><span class="glyph">&#39;</span>U+0027</span></mark>'
        in text
    )
    assert (
        '<mark><span class="chip" title="U+2019 RIGHT SINGLE QUOTATION MARK"><span class="glyph">\u2019</span>U+2019</span></mark>'
        in text
    )
    assert "U+0027 APOSTROPHE → U+2019 RIGHT SINGLE QUOTATION MARK" in text


def test_every_part_of_the_vetting_is_on_the_page(samples):
    vetting = samples.sample()
    text = "".join(Reading(render_html(vetting)).text)
    for finding in vetting.findings:
        assert finding.title in text
        assert finding.rule in text
    for wanted in (
        *(row.host for row in vetting.endpoints),
        *(factor.why for factor in vetting.staged),
        *(row.trace for row in vetting.runs),
        *(row.detail for row in vetting.timeline if "…" not in row.detail),
        *vetting.replay,
        vetting.release.sha256,
        "AML.T0024",
        "1.92 bits a run",
        "0.00016",
    ):
        assert wanted in text


def test_a_matrix_cell_leads_to_its_finding_and_says_its_state_in_words(samples):
    text = render_html(samples.sample())
    assert re.search(r'<a class="state hit" href="#finding-0">.*?differs: timezone, prompt text', text)
    assert re.search(r'class="state gap" href="#finding-9">.*?could not be looked at: clock', text)


def test_tables_have_captions_and_scopes(page):
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert tables
    assert sum(tag == "caption" for tag, _ in page.tags) == tables
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")


def test_headings_never_skip_a_level(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_an_empty_vetting_still_makes_a_page(samples):
    bare = msgspec.structs.replace(
        samples.sample(), findings=(), endpoints=(), staged=(), matrix=(), timeline=(), runs=(), replay=(), folder=""
    )
    text = "".join(Reading(render_html(bare)).text)
    assert "No endpoint was contacted." in text
    assert "Nothing was compared." in text


def test_the_same_vetting_gives_the_same_page(samples):
    assert render_html(samples.sample()) == render_html(samples.sample())


def test_no_report_guesses_motives(samples):
    text = render_html(samples.sample()).lower()
    assert not [word for word in ("backdoor", "spyware", "malicious", "steal") if word in text]

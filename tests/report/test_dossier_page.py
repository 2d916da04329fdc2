import re

import pytest
import sample_dossier
import sample_vetting
from test_html import Reading

from clearance.report.meanings import LIMITS
from clearance.report.pack_layout import MANIFEST, PAGE, STATEMENT, SUMS

ALL = ("sample", "clear_sample", "hostile")


def page_of(name):
    return sample_dossier.pack(getattr(sample_vetting, name)())[PAGE].decode()


@pytest.fixture(params=ALL)
def text(request):
    return page_of(request.param)


def test_every_tag_is_closed_and_every_anchor_leads_somewhere(text):
    page = Reading(text)
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"][1:] for tag, attrs in page.tags if tag == "a"} <= set(ids)


def test_there_is_no_script_and_nothing_is_loaded(text):
    page = Reading(text)
    assert not {t for t, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not [a for _, a in page.tags if {"src", "style", "srcset"} & set(a) or any(n.startswith("on") for n in a)]
    assert all(a["href"].startswith("#") for _, a in page.tags if "href" in a)
    assert "url(" not in page.raw["style"]
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in text


def test_no_unseen_character_is_on_the_page():
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page_of("hostile")
    )


def test_hostile_text_is_there_to_read_as_text():
    said = "".join(Reading(page_of("hostile")).text)
    assert "<script>alert(1)</script>" in said
    assert "{{7*7}}" in said


def test_the_page_tells_what_was_tested_found_decided_and_how_to_verify():
    vetting, said = sample_dossier.vetting(), "".join(Reading(sample_dossier.pack()[PAGE].decode()).text)
    for wanted in (
        vetting.release.sha256,
        *(f.title for f in vetting.findings),
        *(f.name for f in vetting.staged),
        *(f.gap for f in vetting.staged),
        "Do not approve this release",
        "Head of Engineering Platforms",
        "a.ng@bank.example, p.silva@bank.example",
        "until it is lifted",
        sample_dossier.ORIGIN,
        "6 of 7",
        "NIST SP 800-53 Rev. 5",
        "sc-31",
        "openssl pkeyutl -verify",
        LIMITS,
    ):
        assert wanted in said, wanted


def test_every_exhibit_is_listed_with_its_digest_but_the_page_itself():
    files = sample_dossier.pack()
    said = files[PAGE].decode()
    for path, text in files.items():
        if path not in {PAGE, MANIFEST, SUMS, STATEMENT}:
            assert path in said
            assert sample_dossier.sha256(text).hex() in said


def test_without_decisions_the_page_says_so():
    said = "".join(Reading(sample_dossier.pack(decisions=(), proofs=())[PAGE].decode()).text)
    assert "Findings alone allow and forbid nothing" in said


def test_decisions_without_proofs_are_said_to_have_none():
    said = "".join(Reading(sample_dossier.pack(proofs=())[PAGE].decode()).text)
    assert "No proof is in this dossier" in said

import json

import msgspec
import pytest
import sample_dossier
import sample_vetting

from clearance.model.finding import Hit
from clearance.report.attest import read_statement, statement, subjects
from clearance.report.dsse import opened
from clearance.report.pack_layout import STATEMENT
from clearance.report.statement_shapes import PAYLOAD_TYPE


@pytest.fixture
def said():
    return json.loads(opened(sample_dossier.pack()[STATEMENT]).payload)


def test_it_is_an_in_toto_statement(said):
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert said["predicateType"] == "https://clearance.dev/attestation/vetting/v1"
    assert opened(sample_dossier.pack()[STATEMENT]).payload_type == "application/vnd.in-toto+json" == PAYLOAD_TYPE


def test_its_subjects_are_the_artifacts_by_digest(said):
    (artifact,) = sample_vetting.release().artifacts
    assert said["subject"] == [{"name": "some-agent@2.4.1", "digest": {"sha256": artifact.sha256}}]


def test_a_folder_is_its_own_subject():
    release = msgspec.structs.replace(sample_vetting.release(), artifacts=())
    assert [s.digest for s in subjects(release)] == [{"sha256": release.sha256}]


def test_it_tells_verdict_findings_gaps_and_what_was_staged(said):
    vetting, told = sample_vetting.sample(), said["predicate"]
    assert told["verdict"] == vetting.verdict
    assert told["seed"] == vetting.seed
    assert sum(row["hits"] for row in told["findings"]) == sum(isinstance(f, Hit) for f in vetting.findings)
    assert [g["title"] for g in told["gaps"]] == ["One host was not readable", "The clock could not be staged"]
    assert [s["factor"] for s in told["staged"]] == [f.name for f in vetting.staged]
    assert told["replicates"]["runs"] == vetting.stats.runs
    assert told["replicates"]["byPhase"] == {"baseline": 2, "screen": 3, "confirm": 2, "reduce": 1}
    assert [d["id"] for d in told["decisions"]] == ["D-2026-014", "D-2026-015"]


def test_hostile_text_survives_the_way_there_and_back():
    text = statement(sample_vetting.hostile(), None, (), pack={}, created="now")
    assert text.isascii()
    assert read_statement(text).predicate.verdict == "incomplete"


@pytest.mark.parametrize("text", [b"", b"{}", b"[" * 50_000, b'{"_type":"https://in-toto.io/Statement/v0.1"}'])
def test_what_is_no_statement_of_ours_is_a_value_error(text):
    with pytest.raises(ValueError):
        read_statement(text)

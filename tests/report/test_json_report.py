import json

import jsonschema
import pytest

from clearance.report.json import render_json, render_json_schema

CONTRACT = {
    "kind", "rule", "severity", "confidence", "title", "message", "factors", "covert", "class", "where", "bits",
    "p_value", "replicates", "trigger", "evidence",
}  # fmt: skip


@pytest.mark.parametrize("name", ["sample", "clear_sample", "hostile"])
def test_every_report_is_valid_against_the_published_schema(samples, repository, name):
    schema = json.loads((repository / "docs/schema/clearance.vet-1.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(json.loads(render_json(getattr(samples, name)())))


def test_the_published_schema_is_current(repository, snapshot):
    snapshot(repository / "docs/schema/clearance.vet-1.schema.json", render_json_schema())


def test_the_schema_refuses_a_report_that_lacks_a_key(samples):
    validator = jsonschema.Draft202012Validator(json.loads(render_json_schema()))
    for key in ("covert", "class", "where"):
        report = json.loads(render_json(samples.sample()))
        del report["findings"][0][key]
        assert not validator.is_valid(report)


def test_readers_bear_keys_to_come(samples):
    report = json.loads(render_json(samples.sample()))
    report["later"] = 1
    report["findings"][0]["later"] = 1
    jsonschema.Draft202012Validator(json.loads(render_json_schema())).validate(report)


def test_the_whole_report_is_as_recorded(samples, golden, snapshot):
    snapshot(golden / "sample.json", render_json(samples.sample()))


def test_every_finding_has_every_key_of_the_contract(samples):
    report = json.loads(render_json(samples.sample()))
    assert {finding["kind"] for finding in report["findings"]} == {"hit", "clear", "gap"}
    assert all(set(finding) >= CONTRACT for finding in report["findings"])


def test_covert_is_true_exactly_for_covert_markers(samples):
    for finding in json.loads(render_json(samples.sample()))["findings"]:
        assert finding["covert"] is (finding["class"] == "covert-marker")


def test_a_gap_says_whether_it_blocks_and_what_to_do(samples):
    gaps = [row for row in json.loads(render_json(samples.sample()))["findings"] if row["kind"] == "gap"]
    assert [gap["blocks_verdict"] for gap in gaps] == [True, False]
    assert all(gap["severity"] == "info" and gap["advice"] and gap["evidence"] == [] for gap in gaps)


def test_the_target_and_the_stats_are_where_the_contract_has_them(samples):
    report = json.loads(render_json(samples.sample()))
    assert report["schema"] == "clearance.vet/1"
    assert set(report["target"]) == {"assistant", "version", "platform", "sha256"}
    assert report["verdict"] == "findings"
    assert {"wall_s", "cpu_s", "runs", "peak_rss_mb"} <= set(report["stats"])


def test_the_text_is_printable_ascii_whatever_was_sent(samples):
    text = render_json(samples.hostile())
    assert all(char == "\n" or " " <= char <= "~" for char in text)


def test_what_json_cannot_carry_is_null_or_spelt(samples):
    hit = json.loads(render_json(samples.hostile()))["findings"][0]
    assert hit["bits"] is None
    assert "\\ud800" in hit["message"]
    assert "\u202e" in hit["message"]


def test_the_same_vetting_gives_the_same_bytes(samples):
    assert render_json(samples.sample()) == render_json(samples.sample())

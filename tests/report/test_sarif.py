import json

import jsonschema
import msgspec
import pytest

from clearance.report.sarif import render_sarif


@pytest.fixture(scope="module")
def validator(request):
    path = request.path.parent / "schemas" / "sarif-schema-2.1.0.json"
    return jsonschema.Draft7Validator(
        json.loads(path.read_text(encoding="utf-8")), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )


def run_of(vetting):
    return json.loads(render_sarif(vetting))["runs"][0]


@pytest.mark.parametrize("name", ["sample", "clear_sample", "hostile"])
def test_every_report_passes_the_standards_schema(samples, validator, name):
    validator.validate(json.loads(render_sarif(getattr(samples, name)())))


def test_the_schema_would_refuse_a_level_it_does_not_know(samples, validator):
    log = json.loads(render_sarif(samples.sample()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(log)


def test_hits_fail_gaps_are_open_and_clears_pass(samples):
    results = run_of(samples.sample())["results"]
    kinds = [result["kind"] for result in results]
    assert kinds == ["fail"] * 5 + ["pass"] * 3 + ["open"] * 2
    assert [result["level"] for result in results] == ["error", "error", "warning", "note", "note"] + ["none"] * 5


def test_results_point_at_their_rules(samples):
    run = run_of(samples.sample())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_rules_say_what_they_claim_and_how_bad_it_is(samples):
    rule = run_of(samples.sample())["tool"]["driver"]["rules"][0]
    assert rule["id"] == "prompt-depends-on-environment"
    assert "looks the same to a reader" in rule["help"]["text"]
    assert rule["properties"]["security-severity"] == "9.5"
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_gaps_are_notifications_of_the_invocation(samples):
    invocation = run_of(samples.sample())["invocations"][0]
    assert invocation["executionSuccessful"] is True
    assert [n["level"] for n in invocation["toolExecutionNotifications"]] == ["warning", "note"]
    assert invocation["endTimeUtc"] == "2026-03-14T10:22:41Z"


def test_an_incomplete_vetting_was_not_successful(samples):
    assert run_of(samples.hostile())["invocations"][0]["executionSuccessful"] is False


def test_artifacts_carry_their_digest(samples):
    vetting = samples.sample()
    assert run_of(vetting)["artifacts"][0]["hashes"] == {"sha-256": vetting.release.sha256}


def test_fingerprints_outlive_new_measurements_and_new_versions(samples):
    before = samples.sample()
    hit = msgspec.structs.replace(before.findings[0], p_value=0.5, bits=0.1, replicates=3, message="said otherwise")
    release = msgspec.structs.replace(before.release, version="2.5.0")
    after = msgspec.structs.replace(before, findings=(hit, *before.findings[1:]), release=release)
    prints = [[r["partialFingerprints"] for r in run_of(vetting)["results"]] for vetting in (before, after)]
    assert prints[0] == prints[1]
    assert len({json.dumps(entry) for entry in prints[0]}) == len(before.findings)


def test_a_finding_elsewhere_has_another_fingerprint(samples):
    before = samples.sample()
    moved = msgspec.structs.replace(before.findings[0], where="elsewhere")
    after = msgspec.structs.replace(before, findings=(moved,))
    assert run_of(before)["results"][0]["partialFingerprints"] != run_of(after)["results"][0]["partialFingerprints"]


def test_covert_and_the_trigger_are_properties(samples):
    properties = run_of(samples.sample())["results"][0]["properties"]
    assert properties["covert"] is True
    assert properties["class"] == "covert-marker"
    assert properties["trigger"] == {"base_url": "api.lab-one.example", "timezone": "Asia/Tokyo"}


def test_techniques_are_taxa_of_a_declared_taxonomy(samples):
    run = run_of(samples.sample())
    declared = {taxon["id"] for taxon in run["taxonomies"][0]["taxa"]}
    assert {taxon["id"] for result in run["results"] for taxon in result.get("taxa", ())} == declared


def test_a_hostile_message_makes_no_link_and_no_placeholder(samples):
    finding = samples.sample().findings[6]
    hostile = msgspec.structs.replace(finding, message="see [here](http://evil.example) {0}")
    text = run_of(msgspec.structs.replace(samples.sample(), findings=(hostile,)))["results"][0]["message"]["text"]
    assert "\\[here\\](http" in text
    assert "{{0}}" in text


def test_a_script_address_becomes_a_harmless_path(samples):
    assert run_of(samples.hostile())["artifacts"][0]["location"]["uri"].startswith("./javascript%3Aalert")


def test_the_text_is_printable_ascii_whatever_was_sent(samples):
    assert all(char == "\n" or " " <= char <= "~" for char in render_sarif(samples.hostile()))

import json

import msgspec
import pytest
import sample_dossier
import sample_vetting
from sample_vetting import HOSTILE

from clearance.model.finding import Clear, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.report.errors import ReportError
from clearance.report.oscal import conforms
from clearance.report.pack_layout import POAM, RESULTS

VETTINGS = ("sample", "clear_sample", "hostile")


@pytest.fixture(params=VETTINGS)
def vetting(request):
    return getattr(sample_vetting, request.param)()


def documents(vetting):
    files = sample_dossier.pack(vetting)
    return {path: files[path] for path in (RESULTS, POAM)}


def results(vetting):
    return json.loads(documents(vetting)[RESULTS])["assessment-results"]["results"][0]


def poam(vetting):
    return json.loads(documents(vetting)[POAM])["plan-of-action-and-milestones"]


def test_trestle_takes_both_documents(vetting):
    pytest.importorskip("trestle")
    assert conforms.not_oscal(documents(vetting)) == {}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("metadata"),
        lambda d: d.update(more=1),
        lambda d: d.update(uuid="x"),
        lambda d: d["metadata"].update({"last-modified": "yesterday"}),
    ],
)
def test_trestle_refuses_what_is_no_oscal(spoil):
    pytest.importorskip("trestle")
    files = documents(sample_vetting.sample())
    for path, root in ((RESULTS, "assessment-results"), (POAM, "plan-of-action-and-milestones")):
        document = json.loads(files[path])
        spoil(document[root])
        assert path in conforms.not_oscal({path: json.dumps(document).encode()})


def test_truncated_and_deeply_nested_documents_are_named():
    pytest.importorskip("trestle")
    for text in (b"", b"{", b"[" * 100_000, b"[]", b"{}", b"\xff"):
        assert RESULTS in conforms.not_oscal({RESULTS: text})


def test_without_trestle_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "trestle.oscal.poam", None)
    with pytest.raises(ReportError, match="compliance-trestle") as refused:
        conforms.not_oscal({})
    assert "clearance[oscal]" in refused.value.advice


def test_the_same_vetting_gives_the_same_bytes_and_another_other_ids(vetting):
    assert documents(vetting) == documents(vetting)
    other = json.loads(documents(sample_vetting.hostile())[RESULTS])["assessment-results"]["uuid"]
    mine = json.loads(documents(sample_vetting.sample())[RESULTS])["assessment-results"]["uuid"]
    assert mine != other


def test_every_finding_is_an_observation_by_test():
    vetting = sample_vetting.sample()
    seen = results(vetting)["observations"]
    assert len(seen) == len(vetting.findings)
    assert {method for o in seen for method in o["methods"]} == {"TEST"}
    told = [next(p["value"] for p in o["props"] if p["name"] == "result") for o in seen]
    kinds = {Hit: "hit", Clear: "clear", Gap: "not-tested"}
    assert told == [kinds[type(f)] for f in vetting.findings]


def test_hits_above_info_are_risks_and_nothing_else_is():
    vetting = sample_vetting.sample()
    risks = results(vetting)["risks"]
    wanted = [f.title for f in vetting.findings if isinstance(f, Hit) and f.severity is not Severity.INFO]
    assert [r["title"] for r in risks] == wanted
    assert all(r["status"] == "open" for r in risks)
    assert "risks" not in results(sample_vetting.clear_sample())


def with_rule(finding, rule):
    return msgspec.structs.replace(finding, rule=RuleId(rule))


def states(*findings):
    vetting = msgspec.structs.replace(sample_vetting.sample(), findings=findings, matrix=())
    found = results(vetting)["findings"]
    return {f["target"]["target-id"]: (f["target"]["status"]["state"], f["target"]["status"]["reason"]) for f in found}


def test_a_hit_fails_a_control_a_gap_leaves_it_open_and_only_a_clear_satisfies_it():
    hit = with_rule(sample_vetting.covert_marker(), "form-depends-on-environment")
    clear = with_rule(sample_vetting.clears_and_gaps()[0], "opaque-value-depends-on-environment")
    gap = with_rule(sample_vetting.clears_and_gaps()[3], "side-channel-depends-on-environment")
    assert states(clear)["sc-31_obj"] == ("satisfied", "pass")
    assert states(clear, gap)["sc-31_obj"] == ("not-satisfied", "other")
    assert states(clear, gap, hit)["sc-31_obj"] == ("not-satisfied", "fail")


def test_every_reference_leads_somewhere(vetting):
    document = json.loads(documents(vetting)[RESULTS])["assessment-results"]
    result = document["results"][0]
    observations = {o["uuid"] for o in result["observations"]}
    risks = {r["uuid"] for r in result.get("risks", [])}
    resources = {f"#{r['uuid']}" for r in document["back-matter"]["resources"]}
    assert document["import-ap"]["href"] in resources
    assert {e["href"] for o in result["observations"] for e in o["relevant-evidence"]} <= resources
    for finding in result["findings"]:
        assert {r["observation-uuid"] for r in finding["related-observations"]} <= observations
        assert {r["risk-uuid"] for r in finding.get("related-risks", [])} <= risks
    ids = [*observations, *risks, *(r["uuid"] for r in document["back-matter"]["resources"])]
    assert len(ids) == len(set(ids))


def test_decisions_are_attested_with_owner_signers_and_validity():
    parts = [a["parts"][0] for a in results(sample_vetting.sample())["attestations"]]
    assert [p["title"].partition(":")[0] for p in parts] == ["D-2026-014", "D-2026-015"]
    told = {(p["name"], p["value"]) for p in parts[0]["props"]}
    assert ("signer", "a.ng@bank.example") in told
    assert ("until", "until it is lifted") in told


def test_open_hits_are_items_with_their_advice_and_the_next_release_is_always_one():
    sample, clear = poam(sample_vetting.sample()), poam(sample_vetting.clear_sample())
    assert "Do not approve this release" in sample["poam-items"][0]["description"]
    assert [i["title"] for i in clear["poam-items"]] == ["Vet the next release"]
    linked = [i for i in sample["poam-items"] if "related-risks" in i]
    assert len(linked) == 4


def test_what_cannot_be_seen_is_spelt_out():
    text = documents(sample_vetting.hostile())[RESULTS].decode()
    assert "\\u202e" not in text
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in text
    assert HOSTILE.splitlines()[0][:20] in text.replace('\\"', '"')

import base64
import json
import random

import msgspec
import pytest
import sample_dossier
import sample_vetting
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dossier import KEY, OTHER_KEY, MemoryPack, pack

from clearance.model.dossier import DossierManifest, PackProblem
from clearance.report import pack_layout as layout
from clearance.report.dossier_check import Trusted, check_pack
from clearance.report.dsse import key_id, opened, public_pem, seal
from clearance.report.proofs_check import what_is_wrong
from clearance.report.statement_shapes import PAYLOAD_TYPE

FILES = pack()
GIVEN = Trusted(key=KEY.public_key())
PACKS_OWN = Trusted()


def check(files, trusted=GIVEN):
    return check_pack(MemoryPack(files), trusted, prove=what_is_wrong)


def named(files, trusted=GIVEN):
    return {problem.path for problem in check(files, trusted).problems}


def changed(path, text):
    return FILES | {path: text}


def flipped(path, position, bit):
    text = FILES[path]
    return changed(path, text[:position] + bytes([text[position] ^ 1 << bit]) + text[position + 1 :])


def resealed(files, *, key=KEY, **spoilt):
    """The pack bound and signed anew by its own signer, or by another: what a dishonest exporter can do."""
    manifest = files[layout.MANIFEST]
    sums = layout.sums_text(
        msgspec.json.decode(manifest, type=DossierManifest).exhibits, sample_dossier.sha256(manifest).hex()
    )
    said = json.loads(opened(files[layout.STATEMENT]).payload)
    said["predicate"]["pack"] = {
        layout.MANIFEST: sample_dossier.sha256(manifest).hex(),
        layout.SUMS: sample_dossier.sha256(sums).hex(),
    }
    said["predicate"].update(spoilt)
    sealed = seal(PAYLOAD_TYPE, json.dumps(said).encode(), sign=key.sign, keyid=key_id(key.public_key()))
    return files | {layout.SUMS: sums, layout.STATEMENT: sealed}


def with_manifest(change):
    document = json.loads(FILES[layout.MANIFEST])
    change(document)
    return resealed_text(layout.manifest_text(msgspec.convert(document, type=DossierManifest)))


def resealed_text(manifest):
    try:
        return resealed(changed(layout.MANIFEST, manifest))
    except ValueError:
        return changed(layout.MANIFEST, manifest)


def test_a_whole_pack_holds_and_says_what_was_trusted():
    checked = check(FILES)
    assert checked.problems == ()
    assert checked.key_given
    assert checked.keyid == key_id(KEY.public_key())
    assert checked.files == len(FILES) - len(layout.APART)


def test_without_a_key_from_elsewhere_it_holds_and_says_that_this_is_less():
    checked = check(FILES, PACKS_OWN)
    assert checked.problems == ()
    assert not checked.key_given
    assert any("came from the pack itself" in note for note in checked.notes)


def test_a_decision_without_proof_is_said_and_one_with_is_not():
    notes = " ".join(check(FILES).notes)
    assert "D-2026-015" in notes
    assert "D-2026-014" not in notes


@pytest.mark.long
@pytest.mark.parametrize("path", [layout.STATEMENT, layout.MANIFEST, layout.SUMS, layout.KEY])
@pytest.mark.parametrize("trusted", [GIVEN, PACKS_OWN], ids=["given", "own"])
def test_every_bit_of_what_binds_the_pack_counts(path, trusted):
    rng, size = random.Random(path), len(FILES[path])
    few = size <= 200
    for position in range(size) if few else sorted(rng.sample(range(size), 200)):
        for bit in range(8) if few else [rng.randrange(8)]:
            assert path in named(flipped(path, position, bit), trusted), (position, bit)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_bit_of_any_file_is_found_and_the_file_is_named(data):
    path = data.draw(st.sampled_from(sorted(FILES)))
    position = data.draw(st.integers(0, len(FILES[path]) - 1))
    assert path in named(flipped(path, position, data.draw(st.integers(0, 7))))


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_that_is_missing_empty_or_cut_short_is_named(path):
    assert path in named({p: t for p, t in FILES.items() if p != path})
    assert path in named(changed(path, b""))
    assert path in named(changed(path, FILES[path][:-1]))
    assert path in named(changed(path, FILES[path] + b"\n"))


def test_only_the_changed_exhibit_is_named():
    assert named(flipped("oscal/poam.json", 700, 3)) == {"oscal/poam.json"}
    assert named(flipped(layout.PAGE, 700, 3)) == {layout.PAGE}


def test_swapped_files_are_both_named():
    one, other = "oscal/poam.json", "oscal/assessment-results.json"
    assert {one, other} <= named(FILES | {one: FILES[other], other: FILES[one]})


@pytest.mark.parametrize(
    "path", ["evidence/more.json", "decisions/003.json", "a", "MANIFEST.JSON", "manifest.json", "proofs/x"]
)
def test_a_file_too_many_is_named(path):
    assert path in named(FILES | {path: b"{}"})


def test_somebody_elses_signature_is_no_signature():
    stolen = resealed(FILES, key=OTHER_KEY) | {layout.KEY: FILES[layout.KEY]}
    assert layout.STATEMENT in named(stolen)
    assert layout.STATEMENT in named(stolen, PACKS_OWN)


def test_a_pack_with_the_forgers_own_key_holds_only_for_those_who_bring_no_key():
    forged = pack(public_key=public_pem(OTHER_KEY.public_key()))
    forged = resealed(forged, key=OTHER_KEY)
    assert named(forged, PACKS_OWN) == set()
    assert {layout.KEY, layout.STATEMENT} <= named(forged, GIVEN)


def test_a_signed_summary_that_differs_from_the_report_is_named():
    for spoilt in (
        {"verdict": "clear"},
        {"findings": []},
        {"gaps": []},
        {"seed": 1},
        {"decisions": []},
        {"sha256": "0" * 64},
    ):
        assert layout.STATEMENT in named(resealed(FILES, **spoilt)), spoilt


def test_a_statement_about_other_artifacts_is_named_even_when_signed():
    said = json.loads(opened(FILES[layout.STATEMENT]).payload)
    said["subject"][0]["digest"]["sha256"] = "0" * 64
    sealed = seal(PAYLOAD_TYPE, json.dumps(said).encode(), sign=KEY.sign, keyid=key_id(KEY.public_key()))
    assert named(changed(layout.STATEMENT, sealed)) == {layout.STATEMENT}


def relisted(path, text):
    """The pack with another file of that name, listed and signed as if it belonged there."""

    def list_it(document):
        row = {
            "path": path,
            "media": "text/plain",
            "sha256": sample_dossier.sha256(text).hex(),
            "size": len(text),
            "what": "",
        }
        others = [e for e in document["exhibits"] if e["path"] != path]
        document["exhibits"] = sorted([*others, row], key=lambda e: e["path"])

    return with_manifest(list_it) | {path: text}


@pytest.mark.parametrize(
    "path", ["decisions/001.json", "decisions/003.json", "proofs/001.leaf", "proofs/001.vkey", "proofs/x"]
)
def test_a_decision_or_proof_that_differs_from_the_manifest_is_named_even_when_signed(path):
    assert named(relisted(path, b"{}")) == {path}


def test_two_lists_that_differ_are_named_even_when_signed():
    sums = FILES[layout.SUMS].replace(b"0", b"1", 1)
    said = json.loads(opened(FILES[layout.STATEMENT]).payload)
    said["predicate"]["pack"][layout.SUMS] = sample_dossier.sha256(sums).hex()
    sealed = seal(PAYLOAD_TYPE, json.dumps(said).encode(), sign=KEY.sign, keyid=key_id(KEY.public_key()))
    assert named(FILES | {layout.SUMS: sums, layout.STATEMENT: sealed}) == {layout.SUMS}


def test_a_report_of_another_release_is_named_even_when_signed():
    other = sample_dossier.material(report=pack(sample_vetting.clear_sample())[layout.REPORT])
    from clearance.report.dossier import make_dossier

    assert layout.REPORT in named(dict(make_dossier(other, sign=KEY.sign)))


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "evidence/../../x", "a\\..\\b", "statement.dsse.json", "", "x\n"]
)
def test_a_path_that_leads_out_is_named_even_when_signed(path):
    def lead_out(document):
        document["exhibits"][0]["path"] = path

    files = with_manifest(lead_out)
    wanted = PackProblem(path=path, problem="is listed, and no file of a pack may be called so")
    assert wanted in check(files).problems
    assert wanted in check(files | {path: files["VERIFY.md"]}).problems


def test_a_path_that_is_listed_twice_is_named():
    def twice(document):
        document["exhibits"].append(document["exhibits"][0])

    def in_capitals(document):
        document["exhibits"].append(document["exhibits"][0] | {"path": document["exhibits"][0]["path"].upper()})

    first = json.loads(FILES[layout.MANIFEST])["exhibits"][0]["path"]
    assert first in named(with_manifest(twice))
    assert first.upper() in named(with_manifest(in_capitals))


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"release":' * 5_000,
        FILES[layout.MANIFEST][:500],
        FILES[layout.MANIFEST].replace(b"{", b'{"schema": "clearance.dossier/1",', 1),
        FILES[layout.MANIFEST] + FILES[layout.MANIFEST],
        FILES[layout.MANIFEST].replace(b"clearance.dossier/1", b"clearance.dossier/2"),
        FILES[layout.MANIFEST].replace(b'"size": ', b'"size": -', 1),
        b"\xef\xbb\xbf" + FILES[layout.MANIFEST],
        b"\xff\xfe",
    ],
)
def test_a_manifest_that_is_none_or_in_another_form_is_named(manifest):
    assert layout.MANIFEST in named(changed(layout.MANIFEST, manifest))
    assert layout.MANIFEST in named(resealed_text(manifest)) or b'"size": -' in manifest


def test_a_proof_that_proves_nothing_is_named_even_when_signed():
    bad = msgspec.structs.replace(sample_dossier.proof(6, sample_dossier.LEAVES), index=5)
    assert named(pack(proofs=(bad,))) == {"proofs/001.tlog-proof"}


def test_proofs_are_checked_with_the_logs_key_that_was_given():
    other = Trusted(key=KEY.public_key(), log_key=sample_dossier.vkey(key=OTHER_KEY))
    mine = Trusted(key=KEY.public_key(), log_key=sample_dossier.vkey())
    assert named(FILES, other) == {"proofs/001.tlog-proof"}
    assert check(FILES, mine).problems == ()
    assert not any("log's key" in note for note in check(FILES, mine).notes)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*sorted(FILES), "x/y"]), st.binary(max_size=80), min_size=1))
def test_arbitrary_bytes_are_problems_and_never_an_error(other):
    assert named(FILES | other)


def test_an_empty_folder_is_missing_everything():
    assert set(layout.REQUIRED) <= named({})


def test_a_hostile_release_makes_a_pack_that_holds():
    assert named(pack(sample_vetting.hostile())) == set()


def test_payload_of_another_type_is_named():
    payload = opened(FILES[layout.STATEMENT]).payload
    sealed = seal("text/plain", payload, sign=KEY.sign, keyid=key_id(KEY.public_key()))
    assert layout.STATEMENT in named(changed(layout.STATEMENT, sealed))


def test_a_statement_in_base64_of_another_spelling_is_named():
    text = FILES[layout.STATEMENT].replace(base64.b64encode(b"{")[:1], b"\\u0065", 1)
    assert layout.STATEMENT in named(changed(layout.STATEMENT, text))

"""What registries say of publisher and provenance, whatever is missing in their answers."""

import base64
import json

import pytest

from clearance.observe.static.provenance import registry_facts


def told(*documents, name="tool", version="2.0.0"):
    raw = [d if isinstance(d, bytes) else json.dumps(d).encode() for d in documents]
    return [(f.kind, f.subject, f.detail) for f in registry_facts(raw, name=name, version=version)]


def release(user="alice", **dist):
    return {"name": "tool", "_npmUser": {"name": user, "email": "x"}, "maintainers": [{"name": "alice"}], "dist": dist}


def packument(**versions):
    names = {key.replace("_", "."): value for key, value in versions.items()}
    times = {key: f"2026-01-0{i + 1}T00:00:00Z" for i, key in enumerate(names)}
    return {
        "name": "tool",
        "versions": {f"{k[1:]}": v for k, v in names.items()},
        "time": {k[1:]: t for k, t in times.items()},
    }


def test_another_publisher_than_before_is_seen_from_one_answer():
    document = packument(v1_0_0=release(), v1_1_0=release(), v2_0_0=release("mallory"))
    assert ("publisher", "mallory", "published tool@2.0.0; 0 of the 2 versions before it were too") in told(document)


def test_an_attestation_that_is_missing_for_the_first_time_is_seen():
    attested = {"attestations": {"url": "x", "provenance": {"predicateType": "https://slsa.dev/provenance/v1"}}}
    document = packument(
        v1_0_0=release(**attested), v1_1_0=release(**attested), v2_0_0=release(signatures=[{"keyid": "SHA256:k"}])
    )
    found = told(document)
    assert (
        "provenance",
        "tool@2.0.0",
        "it has no provenance attestation; 2 of the 2 versions before it have one",
    ) in found
    assert ("provenance", "tool@2.0.0", "carries a signature of the registry, key SHA256:k (not checked here)") in found
    assert told(document, version="1.1.0")[2][2].startswith("it has https://slsa.dev/provenance/v1; 1 of the 1")


def test_a_mirror_that_says_nothing_is_not_a_registry_that_says_none():
    found = told({"name": "tool", "version": "2.0.0", "dist": {"tarball": "x"}})
    assert [d for _, _, d in found] == [
        "the registry's answer does not say who published it",
        "the registry's answer says nothing of attestations",
    ]


def test_trusted_publishing_is_said():
    document = release()
    document["_npmUser"] = {"name": "GitHub Actions", "trustedPublisher": {"id": "github"}}
    assert told(document)[0][2] == "published tool@2.0.0 through trusted publishing from github"


def statement(repository):
    flow = {"workflow": {"repository": repository, "ref": "refs/heads/main", "path": ".github/workflows/r.yml"}}
    payload = json.dumps({"predicate": {"buildDefinition": {"externalParameters": flow}}}).encode()
    envelope = {"dsseEnvelope": {"payload": base64.b64encode(payload).decode()}}
    return {"attestations": [{"predicateType": "https://slsa.dev/provenance/v1", "bundle": envelope}]}


def test_a_build_from_another_repository_than_the_manifest_names_is_a_mismatch():
    manifest = {**release(), "repository": {"url": "git+https://github.com/good/tool.git"}}
    found = told(manifest, statement("https://github.com/evil/tool"))
    assert found[-1][0] == "name-mismatch"
    assert not [f for f in told(manifest, statement("https://github.com/Good/tool")) if f[0] == "name-mismatch"]


def test_the_python_index_says_who_may_publish_and_what_is_attested():
    document = {
        "info": {"author": "A", "author_email": None},
        "ownership": {"roles": [{"role": "Owner", "user": "alice"}], "organization": None},
        "urls": [{"filename": "a.whl", "yanked": True, "provenance": "https://pypi.org/integrity/x"}],
    }
    attested = {
        "version": 1,
        "attestation_bundles": [
            {"publisher": {"kind": "GitHub", "repository": "a/b", "workflow": "r.yml"}, "attestations": []}
        ],
    }
    found = told(document, attested)
    assert [(k, s) for k, s, _ in found] == [
        ("publisher", "A"),
        ("publisher", "alice (Owner)"),
        ("provenance", "tool@2.0.0"),
        ("provenance", "tool@2.0.0"),
        ("provenance", "tool@2.0.0"),
    ]
    assert found[-1][2] == "attested by GitHub: a/b, r.yml"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"null",
        b'{"versions": []}',
        b'{"versions": {"2.0.0": 1}}',
        b'{"name": 1, "dist": 2}',
        b'{"info": {}}',
        b'{"attestations": [1, {"bundle": {"dsseEnvelope": {"payload": "%%%"}}}]}',
        b'{"attestation_bundles": [null]}',
        b"\xff{",
    ],
)
def test_any_answer_is_taken(document):
    registry_facts([document], name="tool", version="2.0.0")

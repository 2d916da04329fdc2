"""The CycloneDX bill of materials: valid, complete as far as known, the same bytes for the same look."""

import builtins
import json

import pytest

from clearance.model.contents import BundledPackage, Contents, Dependency, Examined, Vulnerability
from clearance.model.ids import Digest
from clearance.model.release import Artifact, Release, SourceType
from clearance.report.sbom import SbomUnavailable, render_sbom

SERIAL = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"
CREATED = "2026-11-25T04:00:00+00:00"


def package(name, version, path, found_by="package.json", ecosystem="npm", licence=""):
    return BundledPackage(
        name=name, version=version, ecosystem=ecosystem, found_by=found_by, path=path, licence=licence
    )


def needs(path, name, ecosystem="npm"):
    return Dependency(name=name, wanted="*", ecosystem=ecosystem, kind="runtime", path=path)


ROOT = "node_modules/@a/tool/package.json"


def examined(packages=(), dependencies=(), vulnerabilities=(), **release):
    artifact = Artifact(
        name="@a/tool",
        version="1.0.0",
        url="https://registry.example/@a/tool/-/tool-1.0.0.tgz",
        sha256=Digest("a" * 64),
        size=1,
        integrity="sha512-" + "A" * 86 + "==",
    )
    fields = {
        "assistant": "tool",
        "title": "The Tool",
        "version": "1.0.0",
        "platform": "linux-x64",
        "sha256": Digest("b" * 64),
        "source": SourceType.NPM,
        "artifacts": (artifact,),
        **release,
    }
    contents = Contents(
        members=(), packages=tuple(packages), dependencies=tuple(dependencies), vulnerabilities=tuple(vulnerabilities)
    )
    return Examined(release=Release(**fields), contents=contents, examiner="x")


def sbom(look):
    return json.loads(render_sbom(look, created=CREATED, serial=SERIAL))


PACKAGES = (
    package("@a/tool", "1.0.0", ROOT, licence="MIT"),
    package("ms", "2.1.3", "node_modules/ms/package.json", licence="MIT OR Apache-2.0"),
    package("ms", "1.0.0", "node_modules/@a/tool/node_modules/ms/package.json", licence="SEE LICENSE IN X"),
    package("zod", "", "node_modules/@a/tool/cli.js", found_by="module path"),
    package("deep", "0.1.0", "node_modules/deep/package.json"),
    package("serde", "1.0.1", "node_modules/@a/tool/core.node", found_by="strings", ecosystem="crates.io"),
    package("Odd.Tool", "1.0", "site-packages/odd_tool-1.0.dist-info/METADATA", found_by="dist-info", ecosystem="PyPI"),
)
NEEDS = (needs(ROOT, "ms"), needs(ROOT, "deep"), needs("node_modules/deep/package.json", "ms"), needs(ROOT, "absent"))


@pytest.fixture(scope="module")
def validator():
    """The library's own, with the published schema."""
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    return JsonStrictValidator(SchemaVersion.V1_6)


def test_a_bill_passes_the_published_schema(validator):
    known = Vulnerability(
        package="ms", version="1.0.0", ecosystem="npm", advisory="GHSA-1", summary="x", severity="MODERATE"
    )
    text = render_sbom(examined(PACKAGES, NEEDS, (known,)), created=CREATED, serial=SERIAL)
    assert validator.validate_str(text) is None
    assert text.isascii()


def test_the_validator_would_refuse_a_wrong_bill(validator):
    bill = sbom(examined(PACKAGES))
    bill["components"][0]["type"] = "soup"
    assert validator.validate_str(json.dumps(bill)) is not None


def test_the_release_is_the_root_with_digests_and_a_package_url():
    root = sbom(examined())["metadata"]["component"]
    assert (root["name"], root["version"], root["purl"]) == ("The Tool", "1.0.0", "pkg:npm/%40a/tool@1.0.0")
    assert root["hashes"] == [{"alg": "SHA-256", "content": "b" * 64}]
    (archive,) = root["externalReferences"]
    assert {h["alg"] for h in archive["hashes"]} == {"SHA-256", "SHA-512"}


def test_every_package_is_a_component_with_its_place_and_how_surely():
    parts = {c["bom-ref"]: c for c in sbom(examined(PACKAGES))["components"]}
    assert set(parts) == {
        "pkg:npm/ms@2.1.3",
        "pkg:npm/ms@1.0.0",
        "pkg:npm/zod",
        "pkg:npm/deep@0.1.0",
        "pkg:cargo/serde@1.0.1",
        "pkg:pypi/odd-tool@1.0",
    }
    assert parts["pkg:npm/ms@2.1.3"]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert parts["pkg:npm/ms@1.0.0"]["licenses"] == [{"license": {"name": "SEE LICENSE IN X"}}]
    zod = parts["pkg:npm/zod"]
    assert zod["evidence"]["occurrences"][0]["location"] == "node_modules/@a/tool/cli.js"
    assert zod["evidence"]["identity"][0]["methods"][0]["technique"] == "source-code-analysis"
    assert zod["evidence"]["identity"][0]["confidence"] < 1
    assert parts["pkg:pypi/odd-tool@1.0"]["purl"] == "pkg:pypi/odd-tool@1.0"


def test_needs_are_met_by_what_node_would_take():
    graph = {row["ref"]: set(row.get("dependsOn", ())) for row in sbom(examined(PACKAGES, NEEDS))["dependencies"]}
    root = "pkg:npm/%40a/tool@1.0.0"
    assert graph["pkg:npm/deep@0.1.0"] == {"pkg:npm/ms@2.1.3"}
    assert "pkg:npm/ms@1.0.0" in graph[root]
    assert "pkg:npm/ms@2.1.3" not in graph[root]
    assert "pkg:npm/deep@0.1.0" in graph[root]


def test_what_nobody_is_known_to_need_hangs_on_the_release():
    graph = {row["ref"]: set(row.get("dependsOn", ())) for row in sbom(examined(PACKAGES, NEEDS))["dependencies"]}
    everything = {ref for others in graph.values() for ref in others} | {"pkg:npm/%40a/tool@1.0.0"}
    assert everything == set(graph)


def test_python_needs_are_met_by_name():
    dist = "site-packages/{}-1.dist-info/METADATA"
    packages = [package(n, "1", dist.format(n), "dist-info", "PyPI") for n in ("a_b", "c.d")]
    graph = {
        row["ref"]: row.get("dependsOn", [])
        for row in sbom(examined(packages, [needs(dist.format("a_b"), "C_D", "PyPI")]))["dependencies"]
    }
    assert graph["pkg:pypi/a-b@1"] == ["pkg:pypi/c-d@1"]


def test_advisories_point_at_their_component():
    known = Vulnerability(
        package="ms",
        version="1.0.0",
        ecosystem="npm",
        advisory="GHSA-1",
        summary="Slow",
        severity="MODERATE",
        fixed="2.0.0",
    )
    (row,) = sbom(examined(PACKAGES, (), (known,)))["vulnerabilities"]
    assert (row["id"], row["affects"], row["ratings"][0]["severity"]) == (
        "GHSA-1",
        [{"ref": "pkg:npm/ms@1.0.0"}],
        "medium",
    )


def test_the_same_look_gives_the_same_bytes_whatever_the_order():
    one = render_sbom(examined(PACKAGES, NEEDS), created=CREATED, serial=SERIAL)
    other = render_sbom(examined(PACKAGES[::-1], NEEDS[::-1]), created=CREATED, serial=SERIAL)
    assert one == other


def test_hostile_names_are_only_names(validator):
    odd = ['"><script>', "../../x", "a b\0c", "@", "/", "\u202eevil", "x" * 300, "%2e%2e", "a@1?x=y#z"]
    packages = [package(name, "1 2\n3", f"p/{name}/package.json", licence=name) for name in odd]
    look = examined(
        packages,
        assistant="\u202e",
        title="<b>",
        artifacts=(
            Artifact(
                name="x|y",
                version="1",
                url="javascript:alert(1) \u202e|",
                sha256=Digest("c" * 64),
                size=1,
                integrity="sha512-%%",
            ),
        ),
    )
    text = render_sbom(look, created=CREATED, serial=SERIAL)
    assert validator.validate_str(text) is None
    assert len(json.loads(text)["components"]) == len(odd)


def test_a_folder_has_a_bill_too(validator):
    look = examined((), source=SourceType.PATH, artifacts=())
    assert validator.validate_str(render_sbom(look, created=CREATED, serial=SERIAL)) is None
    assert sbom(look)["metadata"]["component"]["purl"] == "pkg:generic/tool@1.0.0"


def test_without_the_library_it_is_refused_with_advice(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.startswith("cyclonedx"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SbomUnavailable) as refused:
        render_sbom(examined(), created=CREATED, serial=SERIAL)
    assert "clearance[sbom]" in refused.value.advice


def test_a_time_that_is_none_is_a_fault_of_ours():
    with pytest.raises(ValueError):
        render_sbom(examined(), created="yesterday", serial=SERIAL)

"""Advisories of an OSV dump: which versions fall under them, however the dump is set and cut."""

import gzip
import json
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearance.intake.errors import CorruptArchive, SourceMissing
from clearance.intake.osv import open_dump
from clearance.model.contents import BundledPackage
from clearance.observe.static.cvss import base_score, severity_of
from clearance.observe.static.version_order import python_place, semver_place
from clearance.observe.static.vulnerable import OsvDump, documents


def package(name, version, ecosystem="npm"):
    return BundledPackage(name=name, version=version, ecosystem=ecosystem, found_by="package.json", path="x")


def record(id_="GHSA-1", name="lodash", ecosystem="npm", events=(), versions=(), kind="SEMVER", **more):
    return {
        "id": id_,
        "summary": "Prototype pollution",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [{"type": kind, "events": list(events)}] if events else [],
                "versions": list(versions),
            }
        ],
        **more,
    }


def known(records, *packages):
    return OsvDump([json.dumps(records).encode()]).known(packages)


FROM, TO = {"introduced": "1.0.0"}, {"fixed": "4.17.21"}


@pytest.mark.parametrize(
    ("version", "events", "falls"),
    [
        ("4.17.20", [{"introduced": "0"}, TO], True),
        ("4.17.21", [{"introduced": "0"}, TO], False),
        ("0.9.9", [FROM, TO], False),
        ("1.0.0", [FROM, TO], True),
        ("4.17.21-rc.1", [FROM, TO], True),
        ("1.0.0-rc.1", [FROM, TO], False),
        ("2.0.0", [FROM, {"last_affected": "2.0.0"}], True),
        ("2.0.1", [FROM, {"last_affected": "2.0.0"}], False),
        ("9.9.9", [FROM], True),
        ("3.5.0", [FROM, {"fixed": "2.0.0"}, {"introduced": "3.0.0"}, {"fixed": "4.0.0"}], True),
        ("2.5.0", [{"introduced": "3.0.0"}, {"fixed": "4.0.0"}, FROM, {"fixed": "2.0.0"}], False),
        ("not a version", [{"introduced": "0"}], False),
        ("10.0.0", [{"introduced": "9.0.0"}], True),
    ],
)
def test_a_version_falls_into_a_range_or_not(version, events, falls):
    assert bool(known([record(events=events)], package("lodash", version))) is falls


@pytest.mark.parametrize(
    ("version", "falls"),
    [("1.0", True), ("1.0.0", True), ("1.0rc1", False), ("1.1.dev1", True), ("1.1", False), ("1!1.0", False)],
)
def test_python_versions_are_ordered_as_python_orders_them(version, falls):
    advisory = record(
        ecosystem="PyPI", name="Odd_Tool", kind="ECOSYSTEM", events=[{"introduced": "1.0"}, {"fixed": "1.1"}]
    )
    assert bool(known([advisory], package("odd.tool", version, "PyPI"))) is falls


def test_listed_versions_are_exact():
    advisory = record(versions=["1.0.0", "odd-version"])
    assert [v.version for v in known([advisory], package("lodash", "odd-version"), package("lodash", "1.0.1"))] == [
        "odd-version"
    ]


def test_other_packages_ecosystems_and_ranges_of_commits_do_not_count():
    advisory = record(events=[{"introduced": "0"}])
    assert (
        known([advisory], package("lodash", "1.0.0", "PyPI"), package("underscore", "1.0.0"), package("lodash", ""))
        == ()
    )
    assert known([record(events=[{"introduced": "0"}], kind="GIT")], package("lodash", "1.0.0")) == ()
    assert (
        known([record(events=[{"introduced": "0"}], withdrawn="2026-01-01T00:00:00Z")], package("lodash", "1.0.0"))
        == ()
    )


def test_a_row_says_what_the_advisory_says():
    advisory = record(
        events=[FROM, TO, {"introduced": "5.0.0"}, {"fixed": "5.1.0"}],
        aliases=["CVE-2021-1"],
        database_specific={"severity": "HIGH"},
    )
    (row,) = known([advisory], package("lodash", "4.0.0"))
    assert (row.advisory, row.summary, row.severity, row.fixed, row.path) == (
        "GHSA-1",
        "Prototype pollution (CVE-2021-1)",
        "HIGH",
        "4.17.21",
        "x",
    )


def test_one_flaw_under_several_names_is_one_row():
    events = [{"introduced": "0"}, TO]
    rows = known(
        [
            record("PYSEC-1", events=events, aliases=["CVE-1"], summary=""),
            record("CVE-1", events=[{"introduced": "0"}]),
            record("GHSA-2", events=events, aliases=["CVE-1"], database_specific={"severity": "LOW"}),
            record("GHSA-9", events=events),
        ],
        package("lodash", "1.0.0"),
    )
    assert [(r.advisory, r.severity) for r in rows] == [("GHSA-2", "LOW"), ("GHSA-9", "")]


def test_a_package_that_is_itself_the_attack_is_critical():
    (row,) = known([record("MAL-2026-1", versions=["1.0.0"])], package("lodash", "1.0.0"))
    assert row.severity == "CRITICAL"


@pytest.mark.parametrize(
    ("vector", "score", "word"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "CRITICAL"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, "MEDIUM"),
        ("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8, "HIGH"),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:L", 3.7, "LOW"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, "CRITICAL"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, "NONE"),
        ("CVSS:3.1/AV:N", None, ""),
        ("CVSS:4.0/AV:N/AC:L", None, ""),
        ("", None, ""),
    ],
)
def test_a_vector_has_its_word(vector, score, word):
    assert base_score(vector) == score
    assert severity_of(vector) == word


def test_versions_of_npm_are_in_their_order():
    ordered = [
        "0",
        "0.0.0-0",
        "0.0.0",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.2",
        "1.10.0",
        "v2.0.0+x",
    ]
    places = [semver_place(text) for text in ordered]
    assert places == sorted(places)
    assert None not in places
    assert semver_place("latest") is None
    assert python_place("latest") is None


RECORDS = [record("GHSA-1", events=[{"introduced": "0"}]), record("GHSA-2", name='a"}{[', events=[{"introduced": "0"}])]
FORMS = {
    "list": json.dumps(RECORDS),
    "pretty": json.dumps(RECORDS, indent=2),
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "glued": "".join(map(json.dumps, RECORDS)),
    "one": json.dumps(RECORDS[0]) + "\n",
}


@given(form=st.sampled_from(sorted(FORMS)), cuts=st.lists(st.integers(1, 400), max_size=12))
def test_where_the_stream_is_cut_never_matters(form, cuts):
    data = FORMS[form].encode()
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(data[at : at + cut])
        at += cut
    pieces.append(data[at:])
    pieces = [piece for piece in pieces if piece]
    assert list(documents(pieces)) == list(documents([data]))
    assert [json.loads(d)["id"] for d in documents(pieces)] == ["GHSA-1", "GHSA-2"][: 1 if form == "one" else 2]


def test_a_broken_file_harms_no_other():
    dump = OsvDump([b'{"id": "x", "affected": [{"pack', b"", json.dumps(RECORDS[0]).encode(), b"", b'{"id": 3}'])
    assert len(dump.known([package("lodash", "1.0.0")])) == 1
    assert (dump.records, dump.unreadable) == (2, 1)


@given(st.lists(st.binary(max_size=200)))
def test_arbitrary_bytes_never_raise(chunks):
    assert OsvDump(chunks).known([package("lodash", "1.0.0")]) == ()


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "affected",
                        "package",
                        "ranges",
                        "events",
                        "introduced",
                        "versions",
                        "severity",
                        "name",
                        "ecosystem",
                        "database_specific",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_records_with_wrong_types_never_raise(value):
    OsvDump([json.dumps({"id": "x", "affected": value}).encode()]).known([package("lodash", "1.0.0")])


def test_dumps_are_opened_however_they_are_kept(tmp_path):
    one, two = (json.dumps(r).encode() for r in RECORDS)
    (tmp_path / "folder" / "npm").mkdir(parents=True)
    (tmp_path / "folder" / "npm" / "a.json").write_bytes(one)
    (tmp_path / "folder" / "b.json").write_bytes(two)
    (tmp_path / "folder" / "README.md").write_bytes(b"{")
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", one)
        archive.writestr("b.json", two)
    (tmp_path / "list.json").write_bytes(b"[" + one + b"," + two + b"]")
    (tmp_path / "lines.ndjson").write_bytes(one + b"\n" + two)
    (tmp_path / "lines.json.gz").write_bytes(gzip.compress(one + b"\n" + two))
    for name in ("folder", "all.zip", "list.json", "lines.ndjson", "lines.json.gz"):
        dump = OsvDump(open_dump(tmp_path / name))
        for _ in range(2):  # a dump can be asked again
            assert [v.advisory for v in dump.known([package("lodash", "1.0.0")])] == ["GHSA-1"], name
        assert dump.records == 2


def test_a_dump_that_is_not_there_or_broken_is_refused_with_advice(tmp_path):
    with pytest.raises(SourceMissing) as missing:
        open_dump(tmp_path / "no")
    assert missing.value.advice
    whole = tmp_path / "all.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", json.dumps(RECORDS * 50))
    data = bytearray(whole.read_bytes())
    data[40:80] = b"\xff" * 40
    whole.write_bytes(data)
    with pytest.raises(CorruptArchive):
        list(open_dump(whole))
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"x" * 1000)[:-12])
    with pytest.raises(CorruptArchive):
        list(open_dump(tmp_path / "x.gz"))


def test_a_large_dump_is_streamed():
    advisory = json.dumps(record(name="other", events=[FROM, TO], details="x" * 300)).encode() + b"\n"
    chunk = advisory * 500
    began = time.perf_counter()
    dump = OsvDump(chunk for _ in range(40))
    assert dump.known([package("lodash", "1.0.0")]) == ()
    assert dump.records == 20_000
    assert time.perf_counter() - began < 4  # 0.3 s where nothing else runs

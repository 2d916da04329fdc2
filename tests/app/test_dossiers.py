"""``clearance dossier``: what is kept becomes a pack, and packs of strangers are verified from the disk."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
import sample_dossier
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sample_dossier import KEY, OTHER_KEY

from clearance.app.pack_reading import MOST_FILES, DiskPack
from clearance.model.ids import RunId
from clearance.report.dsse import public_pem
from clearance.report.json import render_json
from clearance.report.pack_layout import REQUIRED

RELEASE = "some-agent@2.4.1"


def private(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A place where nothing but one campaign of the sample is kept, and keys."""
    monkeypatch.setenv("CLEARANCE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "key.pem").write_bytes(private(KEY))
    (tmp_path / "public.pem").write_bytes(public_pem(KEY.public_key()))
    (tmp_path / "other.pem").write_bytes(public_pem(OTHER_KEY.public_key()))
    keep(tmp_path, sample_dossier.vetting(), "some-agent-2.4.1-20260314T102241Z")
    return tmp_path


def keep(home, vetting, name):
    folder = home / "home" / "state" / "vettings" / name
    folder.mkdir(parents=True)
    (folder / "report.json").write_text(render_json(vetting))
    return folder


@pytest.fixture
def clearance(home, told):
    return told


@pytest.fixture
def export(clearance, home):
    def run(*more, release=RELEASE, key="key.pem", out="pack"):
        return clearance("dossier", "export", "--for", release, "--key", home / key, "--out", home / out, *more)

    return run


@pytest.fixture
def pack(export, home):
    assert export()[0] == 0
    return home / "pack"


def test_what_was_exported_verifies_with_the_signers_key(clearance, pack, home):
    code, said = clearance("dossier", "verify", pack, "--key", home / "public.pem")
    assert code == 0, said
    assert "Some Agent 2.4.1, linux-x64" in said
    assert "(given)" in said


def test_without_a_key_it_says_that_it_trusted_the_packs_own(clearance, pack):
    code, said = clearance("dossier", "verify", pack)
    assert code == 0
    assert "The key came from the pack itself" in said


def test_with_somebody_elses_key_it_does_not_hold(clearance, pack, home):
    code, said = clearance("dossier", "verify", pack, "--key", home / "other.pem")
    assert code == 1
    assert "statement.dsse.json is not signed by the key it was checked with" in said


def test_decisions_and_proofs_from_files_are_in_it(clearance, export, home):
    (home / "decisions.json").write_bytes(msgspec.json.encode(sample_dossier.decisions()))
    (home / "proofs.json").write_bytes(msgspec.json.encode([sample_dossier.proof(6, sample_dossier.LEAVES)]))
    code, said = export("--decisions", home / "decisions.json", "--proofs", home / "proofs.json")
    assert code == 0, said
    code, said = clearance("dossier", "verify", home / "pack", "--log-key", sample_dossier.vkey())
    assert code == 0, said
    assert "2 decisions, 1 proof verified" in said
    assert "decision D-2026-015" in said


def test_oscal_is_checked_when_asked(clearance, pack):
    pytest.importorskip("trestle")
    assert clearance("dossier", "verify", pack, "--oscal")[0] == 0


def test_the_newest_vetting_of_that_version_is_taken(export, home):
    later = msgspec.structs.replace(sample_dossier.vetting(), seed=7, created="2026-04-01T00:00:00Z")
    other = msgspec.structs.replace(later, release=msgspec.structs.replace(later.release, version="3.0.0"))
    keep(home, later, "a")
    keep(home, msgspec.structs.replace(other, created="2026-05-01T00:00:00Z"), "z")
    assert export()[0] == 0
    assert json.loads((home / "pack" / "evidence" / "report.json").read_text())["seed"] == 7


def test_a_folder_may_be_named_and_must_be_of_that_release(export, home):
    folder = home / "home" / "state" / "vettings" / "some-agent-2.4.1-20260314T102241Z"
    moved = shutil.copytree(folder, home / "elsewhere")
    assert export("--vetting", moved)[0] == 0
    code, said = export("--vetting", moved, release="some-agent@9.9.9", out="other")
    assert code == 2
    assert "is of some-agent@2.4.1, not of some-agent@9.9.9" in said


def traced(home):
    """The sample, its hits pointing to traces that are there."""
    folder = home / "home" / "state" / "vettings" / "traced"
    (folder / "traces").mkdir(parents=True)
    base = sample_dossier.vetting()
    runs = []
    wanted = sorted({t for f in base.findings for e in getattr(f, "because", ()) for t in e.traces})
    text = render_json(base)
    for number, digest in enumerate(wanted):
        run = RunId(f"confirm-{number:03d}")
        body = f"trace {number}".encode()
        (folder / "traces" / f"{run}.trace").write_bytes(body)
        real = sample_dossier.sha256(body).hex()
        text = text.replace(digest, real)
        runs.append(msgspec.structs.replace(base.runs[0], run=run, trace=real))
    report = json.loads(text)
    report["runs"] = msgspec.to_builtins(runs)
    report["created"] = "2026-06-01T00:00:00Z"
    (folder / "report.json").write_text(json.dumps(report))
    return folder


def test_traces_that_hits_point_to_are_in_it_when_asked(clearance, export, home):
    traced(home)
    code, said = export("--with-evidence")
    assert code == 0, said
    traces = sorted((home / "pack" / "evidence" / "traces").iterdir())
    assert len(traces) == 6
    assert all(sample_dossier.sha256(path.read_bytes()).hex() == path.stem for path in traces)
    assert clearance("dossier", "verify", home / "pack")[0] == 0
    traces[0].write_bytes(b"trace X")
    code, said = clearance("dossier", "verify", home / "pack")
    assert code == 1
    assert traces[0].name in said


def test_a_trace_that_was_changed_or_is_missing_stops_the_export(export, home):
    folder = traced(home)
    (folder / "traces" / "confirm-002.trace").write_bytes(b"another")
    code, said = export("--with-evidence")
    assert code == 2
    assert "it was changed" in said
    (folder / "traces" / "confirm-002.trace").unlink()
    code, said = export("--with-evidence")
    assert code == 2
    assert "1 of the traces" in said
    assert not (home / "pack").exists()


@pytest.mark.parametrize(
    ("release", "said"),
    [("some-agent", "names no version"), ("some-agent@1.0.0", "No vetting of some-agent@1.0.0 is kept")],
)
def test_a_release_that_was_not_vetted_is_bad_use(export, release, said):
    code, text = export(release=release)
    assert code == 2
    assert said in text


@pytest.mark.parametrize("name", ["public.pem", "nothing.pem", "noise.pem", "rsa.pem", "locked.pem"])
def test_what_is_no_private_key_is_bad_use(export, home, name):
    (home / "noise.pem").write_bytes(os.urandom(200))
    subprocess.run(["openssl", "genrsa", "-out", home / "rsa.pem", "2048"], check=True, capture_output=True)
    locked = ["openssl", "pkey", "-in", home / "key.pem", "-aes256", "-passout", "pass:x", "-out", home / "locked.pem"]
    subprocess.run(locked, check=True, capture_output=True)
    code, said = export(key=name)
    assert code == 2
    assert "hint:" in said


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[" * 50_000, '[{"id": "x"}]', "nothing there"])
@pytest.mark.parametrize("option", ["--decisions", "--proofs"])
def test_a_list_that_is_none_is_bad_use(export, home, option, text):
    if text != "nothing there":
        (home / "list.json").write_text(text)
    code, said = export(option, home / "list.json")
    assert code == 2, said
    assert not (home / "pack").exists()


def test_a_folder_that_is_there_is_left_alone(export, home):
    (home / "pack").mkdir()
    (home / "pack" / "mine").write_text("x")
    code, said = export()
    assert code == 3
    assert "is there already" in said
    assert [p.name for p in (home / "pack").iterdir()] == ["mine"]


def test_a_pack_that_cannot_be_written_leaves_nothing_behind(export, home, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, _ = export()
    assert code == 3
    assert not [p for p in home.iterdir() if "pack" in p.name]


def test_a_pack_on_its_own_is_enough(pack, home, tmp_path_factory, clearance, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("another machine")
    shutil.move(pack, elsewhere / "pack")
    shutil.rmtree(home / "home")
    monkeypatch.setenv("CLEARANCE_HOME", str(elsewhere / "none"))
    assert clearance("dossier", "verify", elsewhere / "pack")[0] == 0
    assert not (elsewhere / "none").exists()


def test_what_is_no_folder_is_bad_use(clearance, home):
    assert clearance("dossier", "verify", home / "nothing")[0] == 2
    assert clearance("dossier", "verify", home / "key.pem")[0] == 2


def test_an_empty_folder_is_missing_everything(clearance, home):
    (home / "empty").mkdir()
    code, said = clearance("dossier", "verify", home / "empty")
    assert code == 1
    assert all(path in said for path in REQUIRED)


def wrong(clearance, pack):
    code, said = clearance("dossier", "verify", pack)
    assert code == 1, said
    return said


def test_symbolic_links_are_not_followed(clearance, pack, home):
    shutil.copy(pack / "evidence" / "report.json", home / "report.json")
    (pack / "evidence" / "report.json").unlink()
    (pack / "evidence" / "report.json").symlink_to(home / "report.json")
    assert "evidence/report.json is a symbolic link" in wrong(clearance, pack)


def test_a_folder_that_is_a_link_is_not_followed(clearance, pack, home):
    shutil.move(pack / "oscal", home / "oscal")
    (pack / "oscal").symlink_to(home / "oscal")
    said = wrong(clearance, pack)
    assert "oscal is a symbolic link" in said
    assert "oscal/poam.json is listed and not there" in said


def test_pipes_are_not_opened(clearance, pack):
    (pack / "index.html").unlink()
    os.mkfifo(pack / "index.html")
    assert "index.html is no regular file" in wrong(clearance, pack)


def test_a_huge_file_in_place_of_a_small_one_is_not_read(clearance, pack):
    with (pack / "MANIFEST.json").open("r+b") as file:
        file.truncate(1 << 40)
    assert "MANIFEST.json" in wrong(clearance, pack)


def test_a_huge_exhibit_is_told_by_its_size_alone(clearance, pack):
    with (pack / "evidence" / "report.html").open("r+b") as file:
        file.truncate(1 << 33)
    assert "evidence/report.html has 8589934592 bytes and should have" in wrong(clearance, pack)


def test_deep_folders_and_empty_ones_are_problems(clearance, pack):
    (pack / "/".join("abcdefghijkl")).mkdir(parents=True)
    (pack / "empty").mkdir()
    said = wrong(clearance, pack)
    assert "lies too deep" in said
    assert "empty is an empty folder" in said


@pytest.mark.long
def test_too_many_files_end_somewhere(tmp_path):
    for number in range(MOST_FILES + 5):
        (tmp_path / f"{number}").touch()
    found = DiskPack(tmp_path)
    assert len(found.sizes) == MOST_FILES
    assert [p.problem for p in found.problems] == [f"holds more than {MOST_FILES:,} files"]


def test_a_file_that_becomes_a_link_meanwhile_is_not_followed(pack, home):
    found = DiskPack(pack)
    (pack / "VERIFY.md").unlink()
    (pack / "VERIFY.md").symlink_to(home / "key.pem")
    assert found.digest("VERIFY.md") == sample_dossier.sha256(b"").hex()
    assert found.read("VERIFY.md") == b""


def test_a_pack_that_is_too_large_is_not_read(pack, monkeypatch):
    monkeypatch.setattr("clearance.app.pack_reading.LARGEST_PACK", 1000)
    found = DiskPack(pack)
    assert found.digest("VERIFY.md") == ""
    assert "is larger than 1,000 bytes" in found.problems[0].problem


def test_names_of_a_stranger_do_not_reach_the_terminal_as_they_are(clearance, pack):
    (pack / "\x1b]0;owned\x07").write_text("x")
    (pack / os.fsdecode(b"\xff\xfe")).write_text("x")
    said = wrong(clearance, pack)
    assert "\x1b" not in said
    assert "U+001B ESCAPE" in said


def test_a_manifest_beside_the_manifest_is_a_file_too_many(clearance, pack):
    shutil.copy(pack / "MANIFEST.json", pack / "manifest.json")
    assert "manifest.json is there and not listed" in wrong(clearance, pack)


def test_truncated_and_nested_json_is_named(clearance, pack):
    (pack / "MANIFEST.json").write_text("[" * 200_000)
    (pack / "statement.dsse.json").write_text('{"payload":' * 100_000)
    said = wrong(clearance, pack)
    assert "MANIFEST.json cannot be read" in said
    assert "statement.dsse.json cannot be read" in said


def test_many_problems_are_counted(clearance, pack):
    for number in range(150):
        (pack / f"more-{number:03d}").touch()
    said = wrong(clearance, pack)
    assert "and 50 more" in said
    assert "150 problems" in said


def test_quiet_says_nothing(clearance, pack):
    assert clearance("dossier", "verify", pack, "--quiet") == (0, "")

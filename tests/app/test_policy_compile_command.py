"""``clearance policy compile``: what it writes, what it never writes over, and its exit codes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from clearance.app.compiled_folder import LIST, OutputFile, write_folder
from clearance.app.writable import Unwritable

RULINGS = """
format = "clearance.rulings/1"
[[ruling]]
tool = "claude-code"
state = "banned"
message = "Not here."
[[ruling]]
tool = "unheard-of"
state = "allowed"
"""


@pytest.fixture
def rulings(tmp_path: Path) -> Path:
    path = tmp_path / "rulings.toml"
    path.write_text(RULINGS)
    return path


def test_it_writes_files_for_devices_and_the_coverage(clearance, rulings, tmp_path):
    done = clearance("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out")
    assert done.code == 0
    report = json.loads((tmp_path / "out/coverage.json").read_text())
    assert report["schema"] == "clearance.coverage/1"
    assert {file["path"] for file in report["files"]} == {
        p.relative_to(tmp_path / "out").as_posix()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file() and p.name not in {"COVERAGE.md", "coverage.json", LIST}
    }
    assert f"{report['enforced']} clauses enforced" in (tmp_path / "out/COVERAGE.md").read_text()
    assert "Rulings about unheard-of reached no target of its own." in done.out
    assert "No ruling is about codex: nothing was compiled for it." in done.out
    assert not (tmp_path / "out/codex").exists()


def test_only_the_targets_asked_for_are_written(clearance, rulings, tmp_path):
    clearance("policy", "compile", "--rulings", rulings, "--for", "claude-code,squid", "--out", tmp_path / "out", "-q")
    assert {p.name for p in (tmp_path / "out").iterdir() if p.is_dir()} == {"claude-code", "squid"}


def test_json_goes_to_standard_output_alone(clearance, rulings, tmp_path):
    done = clearance("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out", "--json", "-")
    assert json.loads(done.out)["lines"]
    assert "cannot be enforced" in done.err


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("cannot", 1), ("partly", 1)])
def test_the_exit_code_says_what_is_not_enforced_when_asked(clearance, rulings, tmp_path, fail_on, code):
    arguments = ("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out", "--fail-on", fail_on, "-q")
    assert clearance(*arguments).code == code


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--for", "claude-code,nobody"), "nobody"),
        (("--for", ","), "--for"),
        (("--at", "tomorrow"), "--at"),
        (("--at", "2026-12-01T00:00:00"), "zone"),
        (("--python", "python3"), "--python"),
        (("--key", "nowhere.pem"), "openssl genpkey"),
        (("--audience", "reserch"), "leave it out"),
    ],
)
def test_bad_use_is_2_and_writes_nothing(clearance, rulings, tmp_path, arguments, word):
    done = clearance("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out", *arguments)
    assert (done.code, word in done.err) == (2, True), done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "format"),
        ("]]", "no file of rulings"),
        ('format = "clearance.rulings/1"', "holds no ruling"),
        ('format = "other/1"', "clearance.rulings/1"),
        (RULINGS.replace("message", "mesage"), "mesage"),
        (RULINGS.replace('"banned"', '"forbidden"'), "forbidden"),
    ],
)
def test_a_wrong_file_of_rulings_ends_in_one_sentence(clearance, tmp_path, text, word):
    (tmp_path / "bad.toml").write_text(text)
    done = clearance("policy", "compile", "--rulings", tmp_path / "bad.toml", "--out", tmp_path / "out")
    assert (done.code, word in done.err) == (2, True), done.err


def test_the_same_folder_can_be_compiled_again(clearance, rulings, tmp_path):
    arguments = ("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out", "-q")
    assert clearance(*arguments).code == 0
    rulings.write_text(RULINGS.replace("claude-code", "qwen-code"))
    assert clearance(*arguments).code == 0
    assert not (tmp_path / "out/claude-code").exists()
    assert (tmp_path / "out/qwen-code/settings.json").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".out")]


@pytest.mark.parametrize("how", ["foreign", "changed", "link", "folder of somebody", "a file"])
def test_what_is_somebody_elses_is_never_touched(clearance, rulings, tmp_path, how):
    out = tmp_path / "out"
    arguments = ("policy", "compile", "--rulings", rulings, "--out", out, "-q")
    if how in {"foreign", "changed", "link"}:
        clearance(*arguments)
    if how == "foreign":
        (out / "notes.txt").write_text("mine")
    if how == "changed":
        (out / "claude-code/managed-settings.json").write_text("{}")
    if how == "link":
        (out / "claude-code/other").symlink_to(rulings)
    if how == "folder of somebody":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    if how == "a file":
        out.write_text("mine")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and not p.is_symlink()}
    assert clearance(*arguments).code in {2, 3}
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and not p.is_symlink()} == before


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write_folder(out, {"a/b.txt": OutputFile(content=b"first")})
    calls = []
    rename = Path.rename

    def fails_once(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_once)
    with pytest.raises(Unwritable):
        write_folder(out, {"a/b.txt": OutputFile(content=b"second")})
    assert (out / "a/b.txt").read_bytes() == b"first"


def test_the_helper_is_executable_and_the_bundle_is_signed_by_the_key(clearance, rulings, tmp_path):
    key = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)], check=True, capture_output=True)
    clearance("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out", "--key", key, "-q")
    helper = tmp_path / "out/helper/clearance-policy-helper"
    assert os.access(helper, os.X_OK)
    moved = tmp_path / "helper"
    moved.write_bytes(
        helper.read_bytes().replace(b"/etc/clearance/bundle.json", str(tmp_path / "out/helper/bundle.json").encode())
    )
    done = subprocess.run(
        [sys.executable, "-IS", str(moved)],
        env={"CLAUDE_CODE_VERSION": "2.1.331"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "Not here.\n")


def test_the_report_follows_its_published_schema(clearance, rulings, tmp_path, request):
    done = clearance("policy", "compile", "--rulings", rulings, "--out", tmp_path / "out", "--json", "-", "-q")
    schema = json.loads((Path(request.config.rootpath) / "docs/schema/clearance.coverage-1.schema.json").read_text())
    Draft202012Validator(schema).validate(json.loads(done.out))


def test_it_is_recorded_with_the_digest_of_the_coverage_where_there_is_a_ledger(clearance, rulings, tmp_path):
    clearance("policy", "compile", "--rulings", rulings, "--out", tmp_path / "before")
    clearance("ledger", "init")
    clearance("policy", "compile", "--rulings", rulings, "--for", "claude-code", "--out", tmp_path / "out", "--quiet")
    said = json.loads(clearance("ledger", "show", "0").out)["what"]
    digest = hashlib.sha256((tmp_path / "out" / "coverage.json").read_bytes()).hexdigest()
    assert said == {"event": "PolicyCompiled", "targets": ["claude-code"], "coverage": digest}
    assert clearance("ledger", "show", "1").code == 3

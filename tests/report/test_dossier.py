import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest
import sample_dossier
import sample_vetting
from sample_dossier import KEY, MemoryPack, pack

from clearance.report.dossier_check import Trusted, check_pack
from clearance.report.errors import ReportError
from clearance.report.pack_layout import APART, HOW, MANIFEST, PAGE, STATEMENT, SUMS, is_plain
from clearance.report.proofs_check import what_is_wrong

GOLDEN = Path(__file__).parents[1] / "golden" / "report" / "dossier"


def written(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    return folder


def shell_blocks(text):
    return [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "clearance" not in block]


def by_hand(folder, script):
    return subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def test_the_golden_pack_is_what_the_code_writes_today():
    files = pack()
    if os.environ.get("CLEARANCE_WRITE_SNAPSHOTS"):
        written(GOLDEN, files)
    kept = {path.relative_to(GOLDEN).as_posix(): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}
    assert sorted(kept) == sorted(files)
    changed = [path for path in files if kept[path] != files[path]]
    assert changed == [], "see tests/report/conftest.py"


def test_the_golden_pack_holds():
    kept = {path.relative_to(GOLDEN).as_posix(): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}
    checked = check_pack(MemoryPack(kept), Trusted(key=KEY.public_key()), prove=what_is_wrong)
    assert checked.problems == ()


def test_the_same_material_gives_the_same_bytes():
    assert pack() == pack()


def test_every_path_is_plain_and_every_file_is_bound():
    files = pack()
    assert all(is_plain(path) for path in files)
    sums = dict(reversed(line.split("  ")) for line in files[SUMS].decode().splitlines())
    assert sums.keys() == files.keys() - {SUMS, STATEMENT}
    assert all(hashlib.sha256(files[path]).hexdigest() == digest for path, digest in sums.items())


@pytest.mark.parametrize("name", ["sample", "clear_sample", "hostile"])
def test_the_commands_of_verify_md_hold_as_they_stand(name, tmp_path):
    folder = written(tmp_path, pack(getattr(sample_vetting, name)()))
    blocks = shell_blocks((folder / HOW).read_text())
    done = by_hand(folder, "set -eo pipefail\n" + "".join(blocks))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == ["digests hold", "nothing else is there", "Signature Verified Successfully"]
    assert [line.split('"')[1] for line in lines[3:5]] == [SUMS, MANIFEST]
    assert lines[5].split()[0] in (folder / HOW).read_text()
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == set(pack())


def test_the_page_shows_the_same_commands_as_verify_md():
    import html

    files = pack()
    shown = [html.unescape(block) for block in re.findall(r"<pre>(.*?)</pre>", files[PAGE].decode(), re.DOTALL)]
    assert [block.strip() for block in shell_blocks(files[HOW].decode())] == shown[1:]


@pytest.mark.parametrize(
    "victim", ["evidence/report.json", "oscal/poam.json", "index.html", SUMS, MANIFEST, STATEMENT, "public-key.pem"]
)
def test_by_hand_a_changed_file_shows_too(victim, tmp_path):
    folder = written(tmp_path, pack())
    text = (folder / victim).read_bytes()
    at = text.index(b"a" if victim != STATEMENT else b'"payload": "') + 20
    (folder / victim).write_bytes(text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :])
    done = by_hand(folder, "".join(shell_blocks(pack()[HOW].decode())))
    lines = done.stdout.splitlines()
    whole = ["digests hold", "nothing else is there", "Signature Verified Successfully"]
    assert lines[:3] != whole or len([line for line in lines if line.startswith('      "')]) < 2


def test_by_hand_a_file_too_many_shows_too(tmp_path):
    folder = written(tmp_path, pack())
    (folder / "evidence" / "more.json").write_text("{}")
    done = by_hand(folder, shell_blocks(pack()[HOW].decode())[0])
    assert "evidence/more.json" in done.stdout
    assert "nothing else is there" not in done.stdout


def test_a_key_that_is_none_is_refused():
    with pytest.raises(ReportError, match="Ed25519"):
        pack(public_key=b"-----BEGIN PUBLIC KEY-----\n")


def test_the_statement_binds_the_two_lists_and_they_bind_the_rest():
    assert set(APART) == {MANIFEST, SUMS, STATEMENT}


def test_nothing_of_a_release_becomes_markup_in_verify_md():
    text = pack(sample_vetting.hostile())[HOW].decode()
    title = text.splitlines()[0].removeprefix("# How to verify this dossier: ")
    assert re.fullmatch(r"[A-Za-z0-9 .,@+-]+", title)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("index.html", True),
        ("evidence/traces/ab.trace", True),
        ("", False),
        ("/etc/passwd", False),
        ("../x", False),
        ("a/../b", False),
        ("a//b", False),
        ("a/./b", False),
        (".hidden", False),
        ("a\\b", False),
        ("a b", False),
        ("a\nb", False),
        ("\u0430.json", False),
        ("C:x", False),
        ("x" * 201, False),
        ("a/", False),
    ],
)
def test_a_plain_path_stays_inside_and_is_spelt_in_one_way(path, plain):
    assert is_plain(path) is plain


def test_decisions_and_proofs_lie_there_one_by_one():
    files = pack()
    assert {p for p in files if p.startswith(("decisions/", "proofs/"))} == {
        "decisions/001.json",
        "decisions/002.json",
        "proofs/001.leaf",
        "proofs/001.tlog-proof",
        "proofs/001.vkey",
    }
    assert files["proofs/001.leaf"] == sample_dossier.RECORD

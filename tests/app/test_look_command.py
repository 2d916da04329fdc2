"""``clearance look`` on what people hand to it: one sentence for each bad thing, and reports that hold."""

import base64
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from calling import Clearance

HOSTS = ("gateway.kolor.com", "api.martul.net", "llm.zerin.kr", "proxy.vasnet.org", "models.tarkan.de")
ROOT = Path(__file__).parents[2]
HIDDEN = "const l = JSON.parse(Buffer.from('{}', 'base64').map(b => b ^ 77).toString())\n"


def package(folder: Path) -> Path:
    """A small program with a list of hosts under a key, and an honest file."""
    folder.mkdir()
    (folder / "package.json").write_text('{"name": "tool", "version": "1.0.0"}', encoding="utf-8")
    code = base64.b64encode(bytes(octet ^ 77 for octet in json.dumps(HOSTS).encode())).decode()
    (folder / "cli.js").write_text(HIDDEN.replace("{}", code), encoding="utf-8")
    return folder


def test_a_hidden_list_ends_in_code_1_and_its_hosts_are_shown(clearance: Clearance, tmp_path: Path) -> None:
    ended = clearance("look", str(package(tmp_path / "tool")))
    assert ended.code == 1
    assert "gateway.kolor.com" in ended.out
    assert "hides-a-list" in ended.out
    assert "Traceback" not in ended.err


def test_the_json_report_is_valid_and_alone_on_standard_output(clearance: Clearance, tmp_path: Path) -> None:
    ended = clearance("look", str(package(tmp_path / "tool")), "--json", "-", "--quiet", "--fail-on", "never")
    report = json.loads(ended.out)
    schema = json.loads((ROOT / "docs/schema/clearance.look-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert ended.code == 0
    assert report["verdict"] == "findings"
    hidden = report["contents"]["hidden_strings"][0]
    data = (tmp_path / "tool" / "cli.js").read_bytes()
    assert data[hidden["place"]["offset"] - 1 : hidden["place"]["offset"]] == b"'"


def test_a_second_look_is_taken_from_the_first_and_a_changed_file_is_looked_at_again(
    clearance: Clearance, tmp_path: Path
) -> None:
    folder = package(tmp_path / "tool")
    argv = ("look", str(folder), "--json", "-", "--quiet", "--fail-on", "never")
    first, second = (json.loads(clearance(*argv).out) for _ in range(2))
    assert (first["stats"]["cached"], second["stats"]["cached"]) == (False, True)
    assert first["contents"] == second["contents"]
    (folder / "cli.js").write_text("console.log(1)\n", encoding="utf-8")
    third = json.loads(clearance(*argv).out)
    assert not third["stats"]["cached"]
    assert not third["contents"]["hidden_strings"]


def written(path: Path, name: str, data: bytes) -> Path:
    (path / name).write_bytes(data)
    return path / name


def zipped(*, flags: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.js", "run()" * 300)
    data = bytearray(buffer.getvalue())
    if flags:
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + at] |= flags
    return bytes(data)


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("a.js")
        entry.size = 9000
        archive.addfile(entry, io.BytesIO(os.urandom(9000)))
    return buffer.getvalue()


def sparse(path: Path) -> Path:
    with (path / "large.bin").open("wb") as file:
        file.truncate(10 << 30)
    return path / "large.bin"


def circle(path: Path) -> Path:
    (path / "me").symlink_to("me")
    return path / "me"


BAD: dict[str, tuple[Callable[[Path], Path], int, str]] = {
    "not there": (lambda path: path / "nothing", 2, "no folder or file"),
    "empty": (lambda path: written(path, "a.zip", b""), 3, "is empty"),
    "truncated zip": (lambda path: written(path, "a.zip", zipped()[:120]), 3, "corrupt"),
    "truncated tar": (lambda path: written(path, "a.tgz", tarred()[:4000]), 3, "ends in the middle"),
    "ten gigabytes of nothing": (sparse, 3, "at most"),
    "a link to itself": (circle, 2, "neither a folder nor a file"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_target_is_one_sentence_with_a_hint(clearance: Clearance, tmp_path: Path, name: str) -> None:
    make, code, says = BAD[name]
    ended = clearance("look", str(make(tmp_path)))
    assert ended.code == code
    assert says in ended.err
    assert len(ended.err.strip().splitlines()) == 2
    assert ended.err.splitlines()[1].startswith("hint: ")


def test_an_encrypted_archive_is_a_gap_and_never_clear(clearance: Clearance, tmp_path: Path) -> None:
    ended = clearance("look", str(written(tmp_path, "a.zip", zipped(flags=1))))
    assert ended.code == 3
    assert "a.js: The member is encrypted." in ended.out
    assert ended.out.count("nothing was looked at") == 1
    assert "Verdict: Clear" not in ended.out


def test_a_file_that_is_called_an_archive_and_is_none_is_told(clearance: Clearance, tmp_path: Path) -> None:
    ended = clearance("look", str(written(tmp_path, "a.zip", b"just a note\n")))
    assert "wrong extension" in ended.out
    assert "Verdict: Clear" not in ended.out


def test_links_in_a_circle_inside_a_folder_do_not_keep_it_from_ending(clearance: Clearance, tmp_path: Path) -> None:
    folder = package(tmp_path / "tool")
    (folder / "up").symlink_to("..")
    (folder / "self").symlink_to("self")
    assert clearance("look", str(folder)).code == 1


def test_escapes_and_turned_text_of_a_package_never_reach_the_terminal(clearance: Clearance, tmp_path: Path) -> None:
    folder = package(tmp_path / "tool")
    (folder / "a\x1b[31m\u202e.js").write_bytes((folder / "cli.js").read_bytes())
    (folder / "package.json").write_text(json.dumps({"name": "tool\x1b]0;x\x07", "version": "1"}), encoding="utf-8")
    ended = clearance("look", str(folder), "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    for said in (ended.out, ended.err, page):
        assert "\x1b" not in said.replace("\x1b[", "[") or "\x1b[31m\u202e" not in said
        assert "\u202e" not in said


def test_a_script_in_a_finding_stays_text_in_the_page(clearance: Clearance, tmp_path: Path) -> None:
    folder = tmp_path / "skills" / "tidy"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(
        "---\nname: <script>alert(1)</script>\ndescription: x\n---\nDo not tell the user. <img src=x onerror=alert(2)>\n",
        encoding="utf-8",
    )
    clearance("look", str(tmp_path / "skills"), "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("argv", [("compare",), ("bisect",), ("look",)])
def test_a_command_without_its_arguments_is_bad_use(clearance: Clearance, argv: tuple[str, ...]) -> None:
    ended = clearance(*argv)
    assert ended.code == 2
    assert f"{argv[0]} [OPTIONS]" in ended.err


@pytest.mark.parametrize("span", ["2.0.0", "2.0..", "..2.0", "2.1.9..2.1.3"])
def test_a_range_that_is_none_is_bad_use(clearance: Clearance, span: str) -> None:
    ended = clearance("bisect", "claude-code", span, "--finding", "covert-channel", "--offline")
    assert ended.code in (2, 3)
    assert "Traceback" not in ended.err
    assert "error:" in ended.err.lower()


def test_a_finding_that_no_rule_has_is_bad_use(clearance: Clearance) -> None:
    ended = clearance("bisect", "claude-code", "2.1.80..2.1.90", "--finding", "nosuch")
    assert ended.code == 2
    assert "hides-a-list" in ended.err

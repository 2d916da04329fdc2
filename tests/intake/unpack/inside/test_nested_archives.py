"""Archives inside a release: zips, tars, compressed streams, and those that stay closed."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile

import brotli
import pytest


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("suffix", ["zip", "whl", "vsix", "jar", "mcpb", "dxt", "nupkg", "dat"])
def test_a_zip_is_opened_whatever_it_is_called(look, suffix):
    seen = look({f"a.{suffix}": zipped({"pkg/tool.py": b"import os\n" * 50})})
    assert seen.bytes_of(f"a.{suffix}!pkg/tool.py") == b"import os\n" * 50
    assert seen.how(f"a.{suffix}!pkg/tool.py") == ("zip-member", "python")
    assert seen.members[f"a.{suffix}!pkg/tool.py"].member.offset == -1


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_a_zip_is_unpacked(look, method):
    assert look({"a.zip": zipped({"x.md": b"# X\n" * 99}, method)}).bytes_of("a.zip!x.md") == b"# X\n" * 99


def test_a_stored_entry_stays_where_it_is(look):
    seen = look({"a.zip": zipped({"x.js": b"let a\n"}, zipfile.ZIP_STORED)})
    assert seen.members["a.zip!x.js"].file == seen.root / "a.zip"
    assert seen.bytes_of("a.zip!x.js") == b"let a\n"
    assert list(seen.scratch.iterdir()) == []


def test_a_zips_own_member_is_its_directory_with_its_comment(look):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"1")
        archive.comment = b"instructions in the comment"
    own = look({"a.zip": out.getvalue()})
    assert own.bytes_of("a.zip").startswith(b"PK\x01\x02")
    assert b"instructions in the comment" in own.bytes_of("a.zip")


def test_what_lies_before_and_between_entries_is_unclaimed(look):
    archive = b"#!/bin/sh\n" + b"exec hidden first stage " * 9 + zipped({"a.js": b"1"})
    seen = look({"tool.pyz": archive})
    assert seen.bytes_of("tool.pyz!a.js") == b"1"
    assert any(b"hidden first stage" in seen.bytes_of(path) for path in seen.members if "unclaimed" in path)


def test_a_zip_behind_a_program_is_opened(look, build):
    seen = look({"setup": build.elf + zipped({"a.js": b"let a" * 50})})
    assert seen.bytes_of("setup!a.js") == b"let a" * 50
    assert any(seen.bytes_of(path) == build.elf for path in seen.members)


def test_a_programs_bytes_that_only_look_like_the_end_of_a_zip_are_let_be(look, build):
    seen = look({"tool": build.elf + b"PK\x05\x06" + bytes(18)})
    assert (list(seen.members), seen.closed) == (["tool"], {})


def test_names_that_lead_out_are_problems_and_their_bytes_are_read(look):
    seen = look({"a.zip": zipped({"../victim": b"evil", "/etc/x": b"evil", "ok.md": b"# ok"})})
    assert seen.kinds == ["path-traversal", "absolute-name"]
    assert seen.bytes_of("a.zip!../victim") == b"evil"


def test_links_out_are_problems(look):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, target in (("out", "../../etc/passwd"), ("in", "x/y")):
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w") as archive:
        for name, target in (("out", "/etc/passwd"), ("a/in", "../b")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    seen = look({"a.zip": out.getvalue(), "b.tar": tape.getvalue()})
    assert seen.kinds == ["link-outside", "link-outside"]


def test_two_entries_of_one_name_are_both_read(look):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.js", b"harmless")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.js", b"harmful!")
    seen = look({"a.zip": out.getvalue()})
    assert seen.kinds == ["duplicate"]
    assert sum(found.member.path == "a.zip!a.js" for found in seen.opened.members) == 2


def test_an_encrypted_entry_is_closed_and_the_next_arrives(look):
    data = bytearray(zipped({"a.js": b"secret", "b.js": b"open"}, zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1
    seen = look({"a.zip": bytes(data)})
    assert seen.closed == {"a.zip!a.js": "It is encrypted."}
    assert seen.bytes_of("a.zip!b.js") == b"open"


def test_an_unknown_method_is_closed(look):
    data = bytearray(zipped({"a.js": b"x" * 99}))
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        data[data.find(mark) + at] = 97
    assert "method 97" in look({"a.zip": bytes(data)}).closed["a.zip!a.js"]


def test_an_entry_with_wrong_bytes_says_so_and_the_next_arrives(look):
    data = zipped({"a.js": b"x" * 999, "b.js": b"y" * 999})
    at = data.find(b"a.js") + 4
    seen = look({"a.zip": data[: at + 3] + b"\xff" + data[at + 4 :]})
    assert list(seen.closed) == ["a.zip!a.js"]
    assert seen.bytes_of("a.zip!b.js") == b"y" * 999


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_entries_of_a_tar_are_stretches_of_it(look, form):
    files = {"a.js": b"let a\n", "d" * 90 + "/" + "n" * 60 + ".md": b"# N\n" * 400, "umläut": b"#!/bin/sh\n"}
    seen = look({"a.tar": tarred(files, form)})
    for name, data in files.items():
        assert seen.bytes_of(f"a.tar!{name}") == data
    assert seen.how("a.tar!umläut") == ("tar-member", "shell")
    assert list(seen.scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.tgz", gzip.compress), ("a.tar.bz2", bz2.compress), ("a.txz", lzma.compress), ("a.tar.br", brotli.compress)],
)
def test_a_packed_tar_is_one_container(look, name, pack):
    seen = look({name: pack(tarred({"package/cli.js": b"let a\n"}))}, depth=1)
    assert seen.bytes_of(f"{name}!package/cli.js") == b"let a\n"
    assert seen.kinds == []


@pytest.mark.parametrize(
    ("name", "inner", "pack"),
    [
        ("x.js.gz", "x.js", gzip.compress),
        ("x.js.bz2", "x.js", bz2.compress),
        ("x.js.xz", "x.js", lzma.compress),
        ("x.js.br", "x.js", brotli.compress),
        ("x.js.lzma", "x.js", lambda data: lzma.compress(data, lzma.FORMAT_ALONE)),
        ("x.js", "x.js", gzip.compress),
    ],
)
def test_a_compressed_file_gives_the_file(look, name, inner, pack):
    seen = look({name: pack(b"let a = 1\n" * 200)})
    assert seen.bytes_of(f"{name}!{inner}") == b"let a = 1\n" * 200
    assert seen.how(f"{name}!{inner}") == ("decompressed", "javascript")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_one_after_another_are_one_file(look, pack):
    assert look({"x.gz": pack(b"one ") + pack(b"") + pack(b"two") + bytes(40)}).bytes_of("x.gz!x") == b"one two"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, brotli.compress])
def test_a_stream_that_breaks_off_is_kept_as_far_as_it_came(look, pack):
    whole = bytes(range(256)) * 4000
    packed = pack(whole)
    seen = look({"x.br": packed[: len(packed) * 3 // 4]})
    assert "corrupt" in seen.closed["x.br"]
    kept = seen.bytes_of("x.br!x") if "x.br!x" in seen.members else b""
    assert whole.startswith(kept)
    assert seen.members["x.br"].member.size == len(packed) * 3 // 4


def test_a_file_of_endless_tiny_streams_ends(look):
    assert "streams" in look({"x.gz": gzip.compress(b"") * 100_001}).closed["x.gz"]


def test_containers_in_containers_are_opened(look):
    inner = zipped({"skill/SKILL.md": b"# Skill\n" * 40})
    seen = look({"a.vsix": zipped({"ext/b.tgz": gzip.compress(tarred({"c.mcpb": inner}))})})
    assert seen.bytes_of("a.vsix!ext/b.tgz!c.mcpb!skill/SKILL.md") == b"# Skill\n" * 40
    assert seen.how("a.vsix!ext/b.tgz!c.mcpb!skill/SKILL.md") == ("zip-member", "markdown")


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
        (b"Rar!\x1a\x07\1\0", "RAR"),
        (b"!<arch>\ndebian-binary   ", "Debian"),
        (b"xar!\0\x1c\0\1", "xar"),
        (b"\xed\xab\xee\xdb\3\0", "RPM"),
        (b"MSCF\0\0\0\0", "cabinet"),
        (b"\x04\x22\x4d\x18", "lz4"),
    ],
)
def test_what_cannot_be_opened_says_so_and_is_read_by_its_strings(look, head, what):
    seen = look({"a.bin": head + b"\0payload" * 50})
    assert what in seen.closed["a.bin"]
    assert seen.how("a.bin") == ("file", "native")
    assert seen.members["a.bin"].member.size == len(head) + 400


def test_a_text_that_is_called_like_an_archive_is_a_text(look):
    seen = look({"a.zip": b"not really\n", "b.br": b"no\n", "c.dmg": b"version https://git-lfs.github.com/spec/v1\n"})
    assert {str(m.member.language) for m in seen.opened.members} == {"text"}
    assert seen.closed == {}


def test_a_folder_that_is_named_twice_is_no_problem(look):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for _ in range(2):
            info = tarfile.TarInfo("folder")
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    assert look({"a.tar": out.getvalue()}).kinds == []

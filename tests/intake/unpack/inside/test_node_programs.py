"""Programs around Node: single executables (SEA), pkg, nexe."""

import gzip
from functools import partial

import brotli
import pytest


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("extra", [b"", b"\0", b"\0\1"])
def test_a_blob_of_any_version_gives_code_and_assets(look, build, extra, named):
    assets = {b"data.json": b'{"a": 1}', b"lib/x.js": b"let x"}
    program = build.sea(
        b"console.log('main')\n", assets=assets, cache=b"\xcc\x05\xde\xc0" * 9, extra=extra, named=named
    )
    seen = look({"tool": program})
    main = "tool!app/main.js" if named else "tool!main.js"
    assert seen.bytes_of(main) == b"console.log('main')\n"
    assert seen.how(main) == ("node-sea", "javascript")
    assert seen.bytes_of("tool!lib/x.js") == b"let x"
    assert seen.how("tool!(code cache)") == ("node-sea", "bytecode")
    assert seen.how("tool")[0] == "node-runtime"
    assert seen.members["tool"].member.runtime


def test_a_snapshot_is_bytecode(look, build):
    seen = look({"tool": build.sea(b"\0\1\2\xff" * 50, snapshot=True)})
    assert seen.how("tool!app/main.js") == ("node-sea", "bytecode")


def test_node_without_a_blob_is_one_native_member(look, build):
    seen = look(
        {"node": build.elf + b"NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0 \x20\xda\x43\x01 \x20\xda\x43\x01"}
    )
    assert list(seen.members) == ["node"]
    assert seen.how("node") == ("file", "native")


def test_what_follows_a_blob_is_not_lost(look, build):
    seen = look({"tool": build.sea(b"let a\n", after=b"more of it " * 20)})
    assert any(seen.bytes_of(path) == b"more of it " * 20 for path in seen.members)


def test_a_program_full_of_things_like_blobs_is_given_up_with_a_reason(look, build, monkeypatch):
    monkeypatch.setattr("clearance.intake.unpack.inside.sea._Patience.__init__.__defaults__", (50,))
    program = build.elf + b"NODE_SEA_FUSE_" + (b"\x20\xda\x43\x01" + bytes(28)) * 100
    assert "too much" in look({"tool": program}).closed["tool"]


FILES = {
    "/snapshot/app/index.js": ("1", b"require('./lib')\n"),
    "/snapshot/app/lib.js": ("0", b"\xcc\x05\xde\xc0 compiled"),
    "/snapshot/app/read.md": ("1", b"# Read\n"),
}


@pytest.mark.parametrize(
    ("codec", "pack"),
    [(0, bytes), (1, partial(gzip.compress, mtime=0)), (2, brotli.compress)],
    ids=["plain", "gzip", "brotli"],
)
def test_a_program_of_pkg_gives_its_files_whatever_packs_them(look, build, codec, pack):
    seen = look({"tool": build.pkg(FILES, codec=codec, pack=pack)})
    assert seen.bytes_of("tool!/snapshot/app/index.js") == b"require('./lib')\n"
    assert seen.how("tool!/snapshot/app/lib.js") == ("pkg-file", "bytecode")
    assert seen.how("tool!/snapshot/app/read.md") == ("pkg-file", "markdown")
    assert seen.how("tool!(prelude)") == ("pkg-file", "javascript")
    assert seen.members["tool"].member.runtime
    assert seen.members["tool"].member.size == len(build.elf)


def test_zstd_in_a_program_of_pkg_is_unpacked(look, build, zstd_text):
    packed, text = zstd_text
    seen = look({"tool": build.pkg({"/snapshot/a.txt": ("1", text)}, codec=3, pack=lambda _: packed)})
    assert seen.bytes_of("tool!/snapshot/a.txt") == text


def test_a_file_of_pkg_that_cannot_be_unpacked_says_so_and_the_next_arrives(look, build):
    files = {"/a.js": ("1", b"a" * 200), "/b.js": ("1", b"b" * 200)}
    program = build.pkg(
        files, codec=1, pack=lambda d: gzip.compress(d, mtime=0)[:-9] if d[:1] == b"a" else gzip.compress(d)
    )
    seen = look({"tool": program})
    assert "in part only" in seen.closed["tool!/a.js"]
    assert seen.bytes_of("tool!/b.js") == b"b" * 200


def test_a_program_of_nexe_gives_its_startup_and_files(look, build):
    seen = look({"tool": build.nexe(b"console.log(1)", {"./a.js": b"let a", "./b.py": b"import os\n"})})
    assert seen.bytes_of("tool!./a.js") == b"let a"
    assert seen.how("tool!./b.py") == ("nexe-file", "python")
    assert b"console.log(1)" in seen.bytes_of("tool!(startup)")
    assert seen.members["tool"].member.size == len(build.elf)


def test_files_of_nexe_that_its_startup_does_not_list_are_unclaimed(look, build):
    program = build.nexe(b"", {"./a.js": b"let a" * 40}).replace(b'"resources":', b'"resourced":')
    seen = look({"tool": program})
    assert any(seen.bytes_of(path) == b"let a" * 40 for path in seen.members)


@pytest.mark.parametrize(
    "mark", [b"<nexe~~sentinel>", b"EXECPATH_FD, PAYLOAD_POSITION, PAYLOAD_SIZE) {", b"NODE_SEA_FUSE_"]
)
def test_a_mark_alone_is_just_a_string(look, build, mark):
    seen = look({"tool": build.elf + mark * 20})
    assert seen.how("tool") == ("file", "native")
    assert (seen.kinds, seen.closed) == ([], {})

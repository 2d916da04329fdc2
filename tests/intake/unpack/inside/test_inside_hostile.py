"""Whatever the bytes: no exception, no hang, no write outside the scratch folder, every member inside its file."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [
    "bun", "bun-old", "sea", "pkg", "pkg-gzip", "nexe", "deno", "eszip", "pyinstaller", "pyz", "asar", "zip", "zip-lzma",
    "tar", "tgz", "bz2", "xz", "lzma", "br", "zst", "map", "js",
]  # fmt: skip


def small(name: str, build, packed: bytes) -> tuple[str, bytes]:
    """A small whole example of each kind, and what it is called."""
    modules = [{"name": f"/$bunfs/root/{n}.js", "contents": b"let a", "bytecode": b"\xe2" * 70} for n in range(2)]
    files = {"/snapshot/a.js": ("1", b"let a"), "/snapshot/b": ("0", b"\xcc\x05\xde\xc0")}
    zipped, tape = io.BytesIO(), io.BytesIO()
    method = zipfile.ZIP_LZMA if name == "zip-lzma" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(zipped, "w", method) as archive:
        archive.writestr("a.js", b"let a " * 9)
        archive.writestr("b.js", b"let b", zipfile.ZIP_STORED)
    with tarfile.open(fileobj=tape, mode="w") as archive:
        info = tarfile.TarInfo("../a.js")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"let a"))
    mapped = json.dumps({"sources": ["a.ts"], "sourcesContent": ["let a"]}).encode()
    return {
        "bun": lambda: ("tool", build.bun(modules)),
        "bun-old": lambda: ("tool", build.bun(modules, entry=36, header=24)),
        "sea": lambda: ("tool", build.sea(b"let a\n", assets={b"x.js": b"let x"}, cache=b"\xcc\x05\xde\xc0")),
        "pkg": lambda: ("tool", build.pkg(files)),
        "pkg-gzip": lambda: ("tool", build.pkg(files, codec=1, pack=gzip.compress)),
        "nexe": lambda: ("tool", build.nexe(b"let a", {"./a.js": b"let a"})),
        "deno": lambda: ("tool", build.deno({"a.ts": b"let a"})),
        "eszip": lambda: ("tool", build.eszip({"a.ts": b"let a"})),
        "pyinstaller": lambda: (
            "tool",
            build.pyinstaller([(b"a", b"s", b"\xe3" * 40, True), (b"b", b"x", b"b", False)]),
        ),
        "pyz": lambda: ("a.pyz", build.pyz({"a": b"\xe3" * 30, "a.b": b"\xe3" * 30})),
        "asar": lambda: ("app.asar", build.asar({"a.js": b"let a", "b/c.md": b"# C"})),
        "zip": lambda: ("a.zip", zipped.getvalue()),
        "zip-lzma": lambda: ("a.zip", zipped.getvalue()),
        "tar": lambda: ("a.tar", tape.getvalue()[:2048]),
        "tgz": lambda: ("a.tgz", gzip.compress(tape.getvalue()[:2048], mtime=0)),
        "bz2": lambda: ("a.bz2", bz2.compress(b"let a")),
        "xz": lambda: ("a.xz", lzma.compress(b"let a")),
        "lzma": lambda: ("a.lzma", lzma.compress(b"let a", lzma.FORMAT_ALONE)),
        "br": lambda: ("a.js.br", brotli.compress(b"let a = 1 " * 30)),
        "zst": lambda: ("a.zst", packed),
        "map": lambda: ("a.map", mapped),
        "js": lambda: ("a.js", b"//# sourceMappingURL=data:application/json;base64,eyJzb3VyY2VzQ29udGVudCI6WyJhIl19"),
    }[name]()


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_example_is_opened(look, build, zstd_text, name):
    path, raw = small(name, build, zstd_text[0])
    seen = look({path: raw})
    assert any("!" in member for member in seen.members)
    assert seen.closed == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_cut_of_a_small_example(look, build, zstd_text, name):
    path, raw = small(name, build, zstd_text[0])
    step = max(1, len(raw) // 150)
    for end in range(0, len(raw), step):
        look({path: raw[:end]})


@pytest.mark.parametrize("name", NAMES)
@SETTINGS
@given(data=st.data())
def test_changed_bytes(look, build, zstd_text, name, data):
    path, raw = small(name, build, zstd_text[0])
    changed = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                changed[at] = data.draw(st.integers(0, 255))
            case 1:
                changed[at : at + 4] = data.draw(st.sampled_from([b"\xff" * 4, bytes(4), b"\0\0\0\x80", b"\1\0\0\0"]))
            case 2:
                changed[at:at] = data.draw(st.binary(min_size=1, max_size=9))
            case _:
                del changed[at : at + data.draw(st.integers(1, 20))]
        if not changed:
            break
    look({path: bytes(changed)}, total_bytes=8 << 20, members=300)


HEADS = [
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x5d\0\0\x80\0", b"\x28\xb5\x2f\xfd", b"PYZ\0",
    b'\x04\0\0\0\x20\0\0\0\x1c\0\0\0\x18\0\0\0{"files"', b"\x7fELF\x02\x01\x01", b"MZ\0", b"#!/bin/sh\nPK\x03\x04", b'{"sourcesContent"',
]  # fmt: skip
TAILS = [
    b"", b"\n---- Bun! ----\n", b"MEI\x0c\x0b\x0a\x0b\x0e" + bytes(80), b"<nexe~~sentinel>" + bytes(16), b"d3n0l4nd", b"NODE_SEA_FUSE_\x20\xda\x43\x01",
    b"EXECPATH_FD, PAYLOAD_POSITION, PAYLOAD_SIZE) {\n,\n{}\n);\n})", b"PK\x05\x06" + bytes(18),
]  # fmt: skip


@SETTINGS
@given(
    head=st.sampled_from([b"", *HEADS]),
    noise=st.binary(max_size=600),
    tail=st.sampled_from(TAILS),
    name=st.sampled_from(["a", "a.zip", "a.map", "a.js", "a.br", "a.tar", "a.asar"]),
)
def test_noise_between_what_looks_right(look, head, noise, tail, name):
    look({name: head + noise + tail}, total_bytes=8 << 20)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_inside_an_example(look, build, zstd_text, name):
    path, raw = small(name, build, zstd_text[0])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(path, raw)
    seen = look({"outer.zip": out.getvalue(), "outer.asar": build.asar({path: raw})})
    inner = [member for member in seen.members if member.startswith(f"outer.zip!{path}!")]
    assert inner
    assert len([m for m in seen.members if m.startswith(f"outer.asar!{path}!")]) == len(inner)

"""Small writers of each layout, and ``look``: a release opened, with what must hold whatever was in it."""

import base64
import hashlib
import json
import marshal
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from clearance.intake.unpack.inside import FoundMember, InsideLimits, Opened, open_release
from clearance.model.release import FileEntry

ELF = b"\x7fELF\x02\x01\x01" + bytes(57) + b"machine code and strings " * 8
TRAILER = b"\n---- Bun! ----\n"


def bun(
    modules: list[dict[str, object]],
    *,
    entry: int = 52,
    header: int = 32,
    runtime: bytes = ELF + TRAILER + bytes(200),
    after: bytes = b"",
    shared: bytes = b"",
) -> bytes:
    """A program as ``bun build --compile`` lays it out. A module: name, contents, map, bytecode (bytes or a span)."""
    payload, rows = bytearray(shared), []

    def put(value: object) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        data = value if isinstance(value, bytes) else str(value or "").encode()
        if not data:
            return (0, 0)
        payload.extend(data + b"\0")
        return len(payload) - 1 - len(data), len(data)

    for module in modules:
        spans = [put(module.get(key)) for key in ("name", "contents", "map", "bytecode", "info", "origin")]
        loader = int(module.get("loader", 1))
        tail = bytes([1, loader, 1, 0]) if entry != 32 else bytes([loader, *[0] * 7])
        flat = [number for span in spans for number in span][: (entry - len(tail)) // 4]
        rows.append((struct.pack(f"<{len(flat)}I", *flat) + tail).ljust(entry, b"\0"))
    table = b"".join(rows)
    place = len(payload)
    payload += table
    head = struct.pack("<QIII", len(payload), place, len(table), 0)
    head += struct.pack("<III", len(payload), 0, 15) if header == 32 else bytes(4)
    return runtime + bytes(payload) + head + TRAILER + after


def sea(
    code: bytes, *, name: bytes = b"app/main.js", assets: dict[bytes, bytes] | None = None, cache: bytes = b"",
    snapshot: bool = False, extra: bytes = b"", named: bool = True, after: bytes = b"",
) -> bytes:  # fmt: skip
    """A Node program with a blob."""

    def text(raw: bytes) -> bytes:
        return struct.pack("<Q", len(raw)) + raw

    flags = 2 * snapshot | 4 * bool(cache) | 8 * bool(assets)
    blob = struct.pack("<II", 0x143DA20, flags) + extra + (text(name) if named else b"") + text(code)
    blob += text(cache) if cache else b""
    if assets:
        blob += struct.pack("<Q", len(assets)) + b"".join(text(k) + text(v) for k, v in assets.items())
    # The magic number also stands in Node's machine code.
    return ELF + b"\x81\x38\x20\xda\x43\x01\x75" + b"NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1" + blob + after


def pkg(files: dict[str, tuple[str, bytes]], *, codec: int = 0, pack: Callable[[bytes], bytes] = bytes) -> bytes:
    """A program of ``pkg``: path to kind (0 bytecode, 1 content) and bytes."""
    body, listed, names = b"", {}, {}
    for path, (kind, data) in files.items():
        packed = pack(data)
        status = b'{"size":%d}' % len(data)
        parts = [names.setdefault(part, str(len(names))) for part in path.split("/")]
        key = "/".join(parts) if codec else path
        listed[key] = {kind: [len(body), len(packed)], "3": [len(body) + len(packed), len(status)]}
        body += packed + status
    values = [listed, next(iter(files)), {}, names if codec else {}, codec]
    prelude = (
        b"(function(process, require, console, EXECPATH_FD, PAYLOAD_POSITION, PAYLOAD_SIZE) { return (function () {\n"
    )
    prelude += b"})(function (exports) {\n},\n" + b"\n,\n".join(json.dumps(v).encode() for v in values) + b"\n);\n})"
    return ELF + body + prelude


def nexe(script: bytes, files: dict[str, bytes]) -> bytes:
    """A program of ``nexe``."""
    body, listed = b"", {}
    for name, data in files.items():
        listed[name] = [len(body), len(data)]
        body += data
    start = b"process.__nexe = " + json.dumps({"resources": listed}).replace(" ", "").encode() + b";" + script
    return ELF + start + body + b"<nexe~~sentinel>" + struct.pack("<2d", len(start), len(body))


def pyinstaller(entries: list[tuple[bytes, bytes, bytes, bool]]) -> bytes:
    """A program of PyInstaller: name, kind, bytes, whether packed."""
    body, table = b"", b""
    for name, kind, data, packed in entries:
        raw = zlib.compress(data) if packed else data
        field = name + bytes(16 - len(name) % 16)
        table += struct.pack(">IIIIBc", 18 + len(field), len(body), len(raw), len(data), packed, kind) + field
        body += raw
    cookie = struct.pack(
        ">8sIIII64s",
        b"MEI\x0c\x0b\x0a\x0b\x0e",
        len(body) + len(table) + 88,
        len(body),
        len(table),
        311,
        b"libpython3.11",
    )
    return ELF + body + table + cookie


def pyz(modules: dict[str, bytes]) -> bytes:
    """PyInstaller's archive of modules."""
    body, rows = b"PYZ\0\xa7\r\r\n" + bytes(8), []
    for name, code in modules.items():
        packed = zlib.compress(code)
        rows.append((name, (0, len(body), len(packed))))
        body += packed
    return body[:8] + struct.pack(">I", len(body)) + body[12:] + marshal.dumps(rows)


def asar(files: dict[str, bytes], *, more: dict[str, object] | None = None) -> bytes:
    """An asar; ``more`` is merged into its top folder."""
    body, top = b"", {}
    for path, data in files.items():
        *folders, name = path.split("/")
        node = top
        for folder in folders:
            node = node.setdefault(folder, {"files": {}})["files"]
        digest = {"algorithm": "SHA256", "hash": hashlib.sha256(data).hexdigest()}
        node[name] = {"size": len(data), "offset": str(len(body)), "integrity": digest}
        body += data
    text = json.dumps({"files": top | (more or {})}, separators=(",", ":")).encode()
    padded = text + bytes(-len(text) % 4)
    return struct.pack("<4I", 4, len(padded) + 8, len(padded) + 4, len(text)) + padded + body


def deno(files: dict[str, bytes], *, middle: bytes = bytes(24)) -> bytes:
    """A program of ``deno compile`` since 2.1, its files in one folder."""
    body, entries = b"", []
    for name, data in files.items():
        entries.append({"File": {"n": name, "o": [len(body), len(data)]}})
        body += data
    tree = json.dumps([{"Dir": {"n": "app", "e": entries}}], separators=(",", ":")).encode()
    description = b'{"argv":[]}'

    def block(raw: bytes) -> bytes:
        return struct.pack("<Q", len(raw)) + raw

    parts = block(description) + middle + block(tree) + block(body)
    return ELF + b"deno d3n0l4nd runtime" + b"d3n0l4nd" + parts + b"d3n0l4nd"


def eszip(modules: dict[str, bytes]) -> bytes:
    """A program of ``deno compile`` until 2.0."""
    table, sources = b"", b""
    for name, source in modules.items():
        table += struct.pack(">I", len(name)) + name.encode() + b"\0"
        table += struct.pack(">4I", len(sources), len(source), 0, 0) + b"\0"
        sources += source
    zipped = b"ESZIP2.2" + struct.pack(">I", 4) + b"\0\0\1\0" + struct.pack(">I", len(table)) + table
    zipped += bytes(4) + struct.pack(">I", len(sources)) + sources + bytes(4)
    return ELF + b"d3n0l4nd" + bytes(32) + zipped


@pytest.fixture
def build() -> SimpleNamespace:
    """Writers of each layout."""
    return SimpleNamespace(
        bun=bun,
        sea=sea,
        pkg=pkg,
        nexe=nexe,
        pyinstaller=pyinstaller,
        pyz=pyz,
        asar=asar,
        deno=deno,
        eszip=eszip,
        elf=ELF,
    )


class Looked:
    """A release that was opened."""

    def __init__(self, opened: Opened, root: Path, scratch: Path) -> None:
        self.opened, self.root, self.scratch = opened, root, scratch
        self.members = {found.member.path: found for found in opened.members}
        self.kinds = [problem.kind for problem in opened.problems]
        self.closed = {unopened.path: unopened.reason for unopened in opened.unopened}

    def bytes_of(self, path: str) -> bytes:
        return read(self.members[path])

    def how(self, path: str) -> tuple[str, str]:
        member = self.members[path].member
        return member.how, str(member.language)


def read(found: FoundMember) -> bytes:
    with found.file.open("rb") as file:
        file.seek(found.start)
        return file.read(found.member.size)


def hold(opened: Opened, root: Path, scratch: Path) -> None:
    """What holds whatever was opened: members lie inside their files, and their files inside root or scratch."""
    for found in opened.members:
        member = found.member
        assert member.size >= 0
        assert member.offset >= -1
        assert found.start + member.size <= found.file.stat().st_size, member
        assert found.file.parent == scratch or root in found.file.parents
        assert member.offset >= 0 or found.file.parent == scratch
        member.path.encode()
    assert all(path.name.isdigit() and path.is_file() for path in scratch.iterdir())
    for problem in opened.problems:
        assert problem.path.isprintable()
    for unopened in opened.unopened:
        assert unopened.reason.endswith((".", "opened"))


def opened_in(place: Path, files: dict[str, bytes], **limits: int) -> Looked:
    root, scratch = place / "root", place / "scratch"
    root.mkdir(parents=True)
    scratch.mkdir()
    (place / "victim").write_text("untouched")
    entries = []
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
        entries.append(FileEntry(path=name, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
    opened = open_release(root, entries, scratch=scratch, limits=InsideLimits(**limits))
    hold(opened, root, scratch)
    assert sorted(os.listdir(place)) == ["root", "scratch", "victim"]
    assert (place / "victim").read_text() == "untouched"
    return Looked(opened, root, scratch)


@pytest.fixture
def look(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Looked]:
    """``look({"tool": b"…"}, depth=2)``: the files opened under these limits, in a folder of their own."""
    return lambda files, **limits: opened_in(tmp_path_factory.mktemp("release"), files, **limits)


@pytest.fixture(scope="session")
def zstd_text() -> tuple[bytes, bytes]:
    """A text of sixty lines, packed by ``zstd -19`` (one compressed block: Huffman literals, described tables)."""
    packed = base64.b64decode(
        "KLUv/WSYC4UIAHaRLRlgN7QBDyU9lPRQYgZB5DpFdndvVkAgUukKMwAhACEAiXo80rOWpWYBKAhI4Wg2gsa5fyaGC+RQIg7L4mQgh/PAQCaD"
        "wyAoLJJjSFROwMfwUDQCZ2e05bWuZaKk+hN1fdTLSlTFK59tlmb120Qn3+7pXdMNaddtTXR0v37N1qtEVby089UM62gTmey6z98ar3eVqIYX"
        "eXsa17Z6+0Q9Hu1Zz1JftxmJkPDGp9qe6lEm6vHWZysLdqghfMf3/w3AldIaEkgQ+HHIgn9/sWblkBrZvQUx2iYEFipzpuv69wJeBF2G1QLC"
        "cFnrTLT73pQU7fY3+1yjjNttgKMeMV0+FZSq47IhefeqIUAXBpAqqUsh4w=="
    )
    lines = (f"line {n}: the quick brown fox jumps over {n * n * 7919 % 1000} lazy dogs\n" for n in range(1, 61))
    return packed, "".join(lines).encode()

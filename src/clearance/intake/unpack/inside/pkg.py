"""Executables of ``pkg`` (Vercel's and its successors'): Node, then the files, then a prelude that lists them.

The prelude is a script; the last lines of it are the JSON values that it is called with: the files, the entry point,
links, and since version 5 the dictionary of shortened names and the codec. The files' offsets count from where they
begin, and they end where the prelude begins.
"""

from dataclasses import dataclass

from clearance.intake.unpack.inside.compressed import unpacked
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.listed import decoded
from clearance.intake.unpack.inside.region import Broken, Region
from clearance.model.contents import Language

PRELUDE = b"EXECPATH_FD, PAYLOAD_POSITION, PAYLOAD_SIZE) {"
"""In the line that a prelude begins with; Node's own part of ``pkg`` does not hold it."""
_FIRST = b"(function("
_LAST = b"\n);\n})"
_LARGEST_PRELUDE = 32 << 20
_CODECS = {0: "", 1: "gzip", 2: "brotli", 3: "zstd"}
_BLOB, _CONTENT = "0", "1"
"""Kinds of what is kept of a file: V8 bytecode, the file itself. The others describe it (folder, status)."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_Files = dict[str, dict[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PkgFiles:
    """What the prelude says. Offsets count from the program's begin."""

    begin: int
    prelude: tuple[int, int]
    files: tuple[tuple[str, str, int, int], ...]
    """Name, kind, offset, size."""
    codec: str


def find_pkg(region: Region, mark_at: int) -> PkgFiles | None:
    """The files, if the mark is in a prelude that lists them."""
    first = region.read(max(0, mark_at - 64), 64).rfind(_FIRST)
    begin = max(0, mark_at - 64) + first
    ends = region.last((_LAST,), 1, mark_at, mark_at + _LARGEST_PRELUDE)[_LAST]
    if first < 0 or not ends:
        return None
    last = ends[0]
    values = _values(region.read(begin, last - begin))
    try:
        listed = decoded(values[0], _Files) if values else {}
        names = decoded(values[3], dict[str, str]) if len(values) > 4 else {}
        codec = _CODECS.get(decoded(values[4], int), "") if len(values) > 4 else ""
    except Broken:
        return None
    rows = [(key, kind, at, size) for key, kinds in listed.items() for kind, (at, size) in kinds.items()]
    size = max((at + size for *_, at, size in rows), default=0)
    if not rows or size > begin or any(at < 0 or size < 0 for *_, at, size in rows):
        return None
    back = {number: name for name, number in names.items()} if codec else {}
    files = tuple((_name(key, back), kind, begin - size + at, length) for key, kind, at, length in rows)
    return PkgFiles(begin=begin - size, prelude=(begin, last + len(_LAST) - begin), files=files, codec=codec)


def open_pkg(container: Container, packed: PkgFiles) -> Remainder:
    """Files and bytecode, and the prelude. Raises Broken and LimitReached."""
    for name, kind, at, size in packed.files:
        if kind not in (_BLOB, _CONTENT):
            container.claim(at, size)
        elif not packed.codec or not size:
            container.lies(name, at, size, how="pkg-file", hint=Language.BYTECODE if kind == _BLOB else None)
        else:
            _packed(container, packed.codec, (name, kind, at, size))
    container.lies("(prelude)", *packed.prelude, how="pkg-file", hint=Language.JAVASCRIPT)
    container.unclaimed(packed.begin, container.region.size)
    return Remainder(at=0, size=packed.begin, language=Language.NATIVE, how="node-runtime", runtime=True)


def _packed(container: Container, codec: str, row: tuple[str, str, int, int]) -> None:
    name, kind, at, size = row
    container.claim(at, size)
    try:
        chunks = unpacked(container.region.part(at, size), codec)
        container.write(name, chunks, how="pkg-file", hint=Language.BYTECODE if kind == _BLOB else None)
    except Broken as broken:
        container.closed(name, size, f"It was read in part only: {broken}.")


def _values(prelude: bytes) -> list[bytes]:
    """The JSON values that end the prelude, each on a line between commas."""
    lines = prelude.rsplit(b"\n", 20)[1:]
    values = [lines.pop()] if lines else []
    while len(lines) >= 2 and lines[-1] == b",":
        lines.pop()
        values.append(lines.pop())
    return values[::-1]


def _name(key: str, back: dict[str, str]) -> str:
    """The path; its parts may be numbers in base 36 that stand for names."""
    return "/".join(back.get(part, part) for part in key.split("/")) if back else key

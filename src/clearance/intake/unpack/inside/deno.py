"""Executables that ``deno compile`` makes: the Deno runtime, then what the program is made of, between magic words.

Since 2.1: a description (JSON), npm packages and remote modules, a tree of files (JSON), and the files. Until 2.0: an
``eszip``, a table of modules with their sources and maps. The layouts are those of executables made with 1.46, 2.0,
2.1, 2.3 and 2.9; what lies between description and tree is not taken apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.eszip import EszipPart, read_eszip
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.listed import decoded
from clearance.intake.unpack.inside.region import Broken, Region
from clearance.model.contents import Language

MAGIC = b"d3n0l4nd"
_LARGEST_TREE = 24 << 20
_FARTHEST_TREE = 64 << 20
_MOST_ENDS = 4
_TREES = (b'[{"File"', b'[{"Dir"', b'{"n":')
_OLD_HEADER = 40
_DEEPEST = 200


class _Place(msgspec.Struct, frozen=True):
    at: int = msgspec.field(name="o")
    size: int = msgspec.field(name="l")


class _File(msgspec.Struct, frozen=True):
    name: str = msgspec.field(name="n")
    source: tuple[int, int] | _Place | None = msgspec.field(name="o", default=None)
    transpiled: tuple[int, int] | _Place | None = msgspec.field(name="m", default=None)
    source_map: tuple[int, int] | _Place | None = msgspec.field(name="s", default=None)


class _Folder(msgspec.Struct, frozen=True):
    name: str = msgspec.field(name="n")
    entries: "list[_Entry]" = msgspec.field(name="e", default_factory=list)


class _Entry(msgspec.Struct, frozen=True):
    file: _File | None = msgspec.field(name="File", default=None)
    folder: _Folder | None = msgspec.field(name="Dir", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DenoProgram:
    """Where the parts lie in the executable: name, offset and size of each."""

    begin: int
    end: int
    parts: tuple[EszipPart, ...]


def find_deno(region: Region, places: list[int]) -> DenoProgram | None:
    """The program, if the magic word is at ``places`` (the last first) for the sake of one."""
    for at in places:
        if parts := read_eszip(region, at + _OLD_HEADER):
            return DenoProgram(begin=at, end=max(part.at + part.size for part in parts), parts=parts)
    for number, end in enumerate(places[:_MOST_ENDS]):
        for begin in places[number + 1 :]:
            if parts := _described(region, begin + len(MAGIC), end):
                return DenoProgram(begin=begin, end=end + len(MAGIC), parts=parts)
    return None


def open_deno(container: Container, program: DenoProgram) -> Remainder:
    """Files, as they were and as they run; the rest is unclaimed. Raises Broken and LimitReached."""
    for part in program.parts:
        if part.size:
            container.lies(part.name, part.at, part.size, how="deno-file", hint=part.hint)
    container.unclaimed(program.begin, program.end)
    container.after(program.end)
    return Remainder(at=0, size=program.begin, language=Language.NATIVE, how="deno-runtime", runtime=True)


def _described(region: Region, at: int, end: int) -> tuple[EszipPart, ...]:
    """The parts of a program since 2.1; none where it is no such program."""
    length = int.from_bytes(region.read(at, 8), "little")
    description = EszipPart(name="(description)", at=at + 8, size=length, hint=Language.DATA)
    after = at + 8 + length
    if after > end or region.read(at + 8, 2) != b'{"' or region.read(after - 1, 1) != b"}":
        return ()
    for tree_at, _ in region.finds_any(_TREES, after, min(end, after + _FARTHEST_TREE)):
        size = int.from_bytes(region.read(tree_at - 8, 8), "little")
        files_at = tree_at + size + 8
        if size <= _LARGEST_TREE and files_at + int.from_bytes(region.read(files_at - 8, 8), "little") == end:
            tree = EszipPart(name="(tree)", at=tree_at, size=size, hint=Language.DATA)
            return (description, tree, *_listed(region.read(tree_at, size), files_at, end))
    return ()


def _listed(raw: bytes, begin: int, end: int) -> Iterator[EszipPart]:
    """The files of a tree; those that it puts elsewhere are left to what is unclaimed."""
    try:
        top = decoded(raw, list[_Entry] | _Folder)  # type: ignore[arg-type]
    except Broken:
        return
    waiting = [("", top.entries if isinstance(top, _Folder) else top)]
    while waiting:
        path, entries = waiting.pop()
        for entry in entries:
            if entry.folder is not None and path.count("/") < _DEEPEST:
                waiting.append((f"{path}{entry.folder.name}/", entry.folder.entries))
            if entry.file is not None:
                yield from _forms(path + entry.file.name, entry.file, (begin, end))


def _forms(path: str, file: _File, within: tuple[int, int]) -> Iterator[EszipPart]:
    """A file as it was, as it runs and its map; each place once."""
    seen: set[tuple[int, int]] = set()
    forms = (("", file.source), (" (transpiled)", file.transpiled), (".map", file.source_map))
    for suffix, place in forms:
        if place is None:
            continue
        at, size = (place.at, place.size) if isinstance(place, _Place) else place
        begin, end = within
        if (at, size) not in seen and at >= 0 and size >= 0 and begin + at + size <= end:
            hint = Language.JAVASCRIPT if suffix == " (transpiled)" else None
            yield EszipPart(name=path + suffix, at=begin + at, size=size, hint=hint)
        seen.add((at, size))

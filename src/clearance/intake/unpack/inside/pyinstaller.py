"""PyInstaller's archive at the end of a program: a cookie, a table of contents, entries that zlib may have packed."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from clearance.intake.unpack.inside.compressed import unpacked
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.region import Broken, Region
from clearance.model.contents import Language

COOKIE = b"MEI\x0c\x0b\x0a\x0b\x0e"
_NEW = struct.Struct(">8sIIII64s")
_OLD = struct.Struct(">8sIIII")
_ENTRY = struct.Struct(">IIIIBc")
_LARGEST_TABLE = 8 << 20
_COMPILED = b"smM"
"""Kinds of entries that are marshalled code: scripts, modules, packages."""
_LINK = b"n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedEntry:
    """One line of the table."""

    name: bytes
    at: int
    size: int
    packed: bool
    kind: bytes


def find_pyinstaller(region: Region, cookie_at: int) -> tuple[int, tuple[PackedEntry, ...]] | None:
    """Where the archive begins and what is in it, if there is one whose cookie is there; None if there is not."""
    for cookie in (_NEW, _OLD):
        raw = region.read(cookie_at, cookie.size)
        if len(raw) < cookie.size:
            continue
        _, length, table, size, version = cookie.unpack(raw)[:5]
        begin = cookie_at + cookie.size - length
        if begin < 0 or table + size > length or not _ENTRY.size <= size <= _LARGEST_TABLE or not 20 <= version < 1000:
            continue
        entries = tuple(_table(region.read(begin + table, size), begin))
        if entries and all(begin <= e.at and e.at + e.size <= cookie_at for e in entries):
            return begin, entries
    return None


def open_pyinstaller(container: Container, begin: int, entries: tuple[PackedEntry, ...]) -> Remainder:
    """The entries. Code objects are never loaded: they are read by their strings. Raises Broken and LimitReached."""
    for entry in entries:
        if entry.kind == _LINK:
            continue
        hint = Language.BYTECODE if entry.kind in _COMPILED else None
        name = entry.name or b"(no name)"
        if not entry.packed:
            container.lies(name, entry.at, entry.size, how="pyinstaller-entry", hint=hint)
            continue
        container.claim(entry.at, entry.size)
        try:
            chunks = unpacked(container.region.part(entry.at, entry.size), "zlib")
            container.write(name, chunks, how="pyinstaller-entry", hint=hint)
        except Broken as broken:
            container.closed(name, entry.size, f"It was read in part only: {broken}.")
    container.unclaimed(begin, container.region.size)
    return Remainder(at=0, size=begin, language=Language.NATIVE)


def _table(raw: bytes, begin: int) -> Iterator[PackedEntry]:
    at = 0
    while at + _ENTRY.size <= len(raw):
        step, offset, size, _, packed, kind = _ENTRY.unpack_from(raw, at)
        if step < _ENTRY.size:
            return
        name = raw[at + _ENTRY.size : at + step].rstrip(b"\0")
        yield PackedEntry(name=name, at=begin + offset, size=size, packed=bool(packed), kind=kind)
        at += step

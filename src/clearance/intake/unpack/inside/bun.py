"""Executables that ``bun build --compile`` makes: the Bun runtime, then a payload of modules, then a trailer.

The layout is the one of Bun's own sources (``StandaloneModuleGraph``) and of executables built with Bun 0.6 to 1.4: a
header of 24 (until 1.2.22) or 32 bytes before the trailer says how large the payload is and where its table lies; each
entry of the table begins with the place of a module's name and of its contents. What follows depends on the version.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from clearance.intake.unpack.inside.bun_source_map import open_bun_source_map
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.region import Region
from clearance.model.contents import Language

TRAILER = b"\n---- Bun! ----\n"
_HEADERS = (32, 24)
_HEADER = struct.Struct("<QII")
_KNOWN = ((52, 6), (36, 4), (32, 3), (28, 3))
"""Sizes of an entry and how many pairs of offset and length it begins with."""
_UNKNOWN = tuple((size, 2) for size in range(40, 129, 4) if size != 52)
"""Layouts to come, of which only names and contents are believed."""
_LARGEST_TABLE = 4 << 20
_LONGEST_NAME = 4096
_SCRIPTS = 4
"""Loaders below this one run the module: jsx, js, ts, tsx."""

Span = tuple[int, int]
"""Where in the program something begins, and its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BunModule:
    """One entry of the table."""

    name: bytes
    contents: Span
    source_map: Span
    compiled: tuple[Span, ...]
    """Bytecode, and what belongs to it."""
    others: tuple[Span, ...]
    """Its name, and the name it was compiled under."""
    is_script: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BunPayload:
    """What lies between the runtime and the end of the trailer."""

    begin: int
    end: int
    header: Span
    table: Span
    modules: tuple[BunModule, ...]


def find_payload(region: Region, trailer_at: int) -> BunPayload | None:
    """The payload whose trailer is there; None where the string stands for itself, as it does in the runtime."""
    for size in _HEADERS:
        raw = region.read(trailer_at - size, _HEADER.size)
        if trailer_at < size or len(raw) < _HEADER.size:
            continue
        count, table_at, length = _HEADER.unpack(raw)
        begin = trailer_at - size - count
        if begin < 0 or table_at + length > count or not 0 < length <= _LARGEST_TABLE:
            continue
        table = region.read(begin + table_at, length)
        for entry, pairs in (*_KNOWN, *_UNKNOWN):
            if modules := _modules(region, table, (entry, pairs), (begin, count)):
                return BunPayload(
                    begin=begin,
                    end=trailer_at + len(TRAILER),
                    header=(trailer_at - size, size + len(TRAILER)),
                    table=(begin + table_at, length),
                    modules=modules,
                )
    return None


def open_bun(container: Container, payload: BunPayload) -> Remainder:
    """Modules, bytecode and what nothing claims. Raises Broken and LimitReached."""
    region = container.region
    for span in (payload.header, payload.table, *(s for m in payload.modules for s in m.others)):
        container.claim(*span)
    for module in payload.modules:
        if module.contents[1] or not module.compiled:
            hint = Language.JAVASCRIPT if module.is_script else None
            container.lies(module.name, *module.contents, how="bun-module", hint=hint)
        if module.source_map[1]:
            _source_map(container, module)
    compiled = list(_areas(payload.modules))
    for name, at, end in compiled:
        container.lies(name, at, end - at, how="bun-bytecode", hint=Language.BYTECODE)
    # Newer versions keep strings that all bytecode shares where no entry points.
    container.unclaimed(payload.begin, payload.end, hint=Language.BYTECODE if compiled else None)
    container.after(payload.end)
    is_bun = region.find(TRAILER, 0, payload.begin) >= 0
    if not is_bun:
        container.problem(
            "foreign-runtime", "", "a Bun payload lies behind a program that is not Bun", "both were read"
        )
    how = "bun-runtime" if is_bun else "file"
    return Remainder(at=0, size=payload.begin, language=Language.NATIVE, how=how, runtime=is_bun)


def _modules(region: Region, table: bytes, layout: tuple[int, int], payload: Span) -> tuple[BunModule, ...]:
    """The table read in one layout; empty when that makes no sense."""
    size, pairs = layout
    if len(table) % size:
        return ()
    begin, count = payload
    found = []
    for at in range(0, len(table), size):
        numbers = struct.unpack_from(f"<{2 * pairs}I", table, at)
        spans = [(begin + numbers[i], numbers[i + 1]) for i in range(0, 2 * pairs, 2)]
        if any(start + length > begin + count for start, length in spans if length):
            return ()
        name = region.read(*spans[0]) if spans[0][1] <= _LONGEST_NAME else b""
        if not _is_name(name):
            return ()
        found.append(_module(name, spans, _loader(table[at : at + size], pairs)))
    return tuple(found)


def _module(name: bytes, spans: list[Span], loader: int) -> BunModule:
    spans = [*spans, *[(0, 0)] * (6 - len(spans))]
    return BunModule(
        name=name,
        contents=spans[1],
        source_map=spans[2],
        compiled=tuple(span for span in spans[3:5] if span[1]),
        others=(spans[0], spans[5]),
        is_script=loader < _SCRIPTS,
    )


def _loader(entry: bytes, pairs: int) -> int:
    match pairs:
        case 2:
            return _SCRIPTS  # not known: told by the name
        case 3:
            return entry[24]
        case _:
            return entry[8 * pairs + 1]


def _is_name(raw: bytes) -> bool:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "/" in text and text.isprintable()


def _areas(modules: tuple[BunModule, ...]) -> Iterator[tuple[bytes, int, int]]:
    """Each area of bytecode once, with a name; modules may share one, each from where its own begins to the end."""
    area: list[BunModule] = []
    begin = end = 0
    for at, size, module in sorted(((*s, m) for m in modules for s in m.compiled), key=lambda row: row[:2]):
        if area and at < end:
            area.append(module)
            end = max(end, at + size)
            continue
        if area:
            yield _area_name(area), begin, end
        area, begin, end = [module], at, at + size
    if area:
        yield _area_name(area), begin, end


def _area_name(area: list[BunModule]) -> bytes:
    if len({module.name for module in area}) > 1:
        return b"(bytecode)"
    return area[0].name if not area[0].contents[1] else area[0].name + b" (bytecode)"


def _source_map(container: Container, module: BunModule) -> None:
    name = module.name + b".map"
    container.lies(name, *module.source_map, how="bun-source-map")
    open_bun_source_map(container, name, *module.source_map)

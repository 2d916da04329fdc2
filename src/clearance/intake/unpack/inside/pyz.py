"""PyInstaller's archive of modules (PYZ): a marshalled table, then zlib-packed code objects, which are never loaded."""

from collections.abc import Iterator

from clearance.intake.unpack.inside.compressed import unpacked
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.marshalled import Value, parse
from clearance.intake.unpack.inside.region import Broken
from clearance.model.contents import Language

_HEAD = 12
_LARGEST_TABLE = 8 << 20
_DATA = 2
"""Kind of an entry that is no code."""


def open_pyz(container: Container) -> Remainder:
    """Its modules. Raises Broken and LimitReached."""
    region = container.region
    table = int.from_bytes(region.exactly(8, 4), "big")
    if not _HEAD <= table < region.size or region.size - table > _LARGEST_TABLE:
        raise Broken("its table lies where it cannot")
    container.claim(0, _HEAD)
    for name, kind, at, size in _entries(parse(region.read(table, region.size - table))):
        container.claim(at, size)
        try:
            chunks = unpacked(region.part(at, size), "zlib")
            hint = None if kind == _DATA else Language.BYTECODE
            container.write(f"{name}.pyc" if hint else name, chunks, how="pyinstaller-entry", hint=hint)
        except Broken as broken:
            # Before version 6 entries could be encrypted with a key that lies in another entry.
            container.closed(name, size, f"It is encrypted or was read in part only: {broken}.")
    container.unclaimed(0, table)
    return Remainder(at=table, size=region.size - table, language=Language.DATA)


def _entries(table: Value) -> Iterator[tuple[str, int, int, int]]:
    """Name, kind, offset and size of each. Raises Broken."""
    rows = table.items() if isinstance(table, dict) else table
    if not isinstance(rows, list | tuple) and not isinstance(table, dict):
        raise Broken("its table is none")
    for row in rows:  # type: ignore[union-attr]
        match row:
            case (str(name), (int(kind), int(at), int(size))):
                yield name, kind, at, size
            case _:
                raise Broken("its table holds something that is no entry")

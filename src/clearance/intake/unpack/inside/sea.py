"""Node's own single executables: a blob of the application's code and assets, put into a Node binary as a resource.

The blob's layout is the one of Node's sources (``node_sea.cc``) and of blobs made by Node 20: a magic number, flags,
then strings that follow their lengths. Later versions put one or two bytes behind the flags.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.language import is_text
from clearance.intake.unpack.inside.region import Broken, Region
from clearance.model.contents import Language

FUSE = b"NODE_SEA_FUSE_"
"""Stands in every Node since 20, whether a blob is in it or not."""
_MAGIC = (0x143DA20).to_bytes(4, "little")
_SNAPSHOT, _CODE_CACHE, _ASSETS, _ARGUMENTS = 2, 4, 8, 16
_MOST_FLAGS = 64
_MOST_ASSETS = 1 << 20
_MOST_PLACES = 256
_LONGEST_NAME = 4096

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaBlob:
    """A blob and the places of what is in it, in the program."""

    begin: int
    end: int
    name: bytes
    """The path that the code was built from; empty in older blobs."""
    code: Span
    is_snapshot: bool
    cache: Span
    assets: tuple[tuple[bytes, Span], ...]


def find_blob(region: Region) -> SeaBlob | None:
    """The last blob whose lengths all make sense; the magic number stands in Node's machine code too. Raises Broken."""
    patience = _Patience()
    for at in region.last((_MAGIC,), _MOST_PLACES)[_MAGIC]:
        for extra in (0, 1, 2):
            for named in (True, False):
                if blob := _Blob(region, at, extra, patience).read(named=named):
                    return blob
    return None


def open_blob(container: Container, blob: SeaBlob) -> Remainder:
    """Code, code cache and assets. Raises LimitReached."""
    container.claim(blob.begin, blob.end - blob.begin)
    hint = Language.BYTECODE if blob.is_snapshot else Language.JAVASCRIPT
    container.lies(blob.name or b"main.js", *blob.code, how="node-sea", hint=hint)
    if blob.cache[1]:
        container.lies(b"(code cache)", *blob.cache, how="node-sea", hint=Language.BYTECODE)
    for name, span in blob.assets:
        container.lies(name, *span, how="node-sea")
    container.after(blob.end)
    return Remainder(at=0, size=blob.begin, language=Language.NATIVE, how="node-runtime", runtime=True)


class _Blob:
    def __init__(self, region: Region, begin: int, extra: int, patience: "_Patience") -> None:
        self._region = region
        self._patience = patience
        self._begin = begin
        self._flags = int.from_bytes(region.read(begin + 4, 4), "little")
        self._at = begin + 8 + extra

    def read(self, *, named: bool) -> SeaBlob | None:
        """The blob read in one layout; None when that makes no sense."""
        if self._flags >= _MOST_FLAGS:
            return None
        try:
            name = self._text() if named else b""
            code = self._string()
            cache = self._string() if self._flags & _CODE_CACHE else (0, 0)
            assets = tuple(self._assets()) if self._flags & _ASSETS else ()
            if self._flags & _ARGUMENTS:
                for _ in range(self._number(_MOST_ASSETS)):
                    self._string()
        except _NoSense:
            return None
        is_snapshot = bool(self._flags & _SNAPSHOT)
        if code[1] == 0 or (named and not name) or (not is_snapshot and not self._reads_as_code(code)):
            return None
        return SeaBlob(
            begin=self._begin, end=self._at, name=name, code=code, is_snapshot=is_snapshot, cache=cache, assets=assets
        )

    def _assets(self) -> Iterator[tuple[bytes, Span]]:
        for _ in range(self._number(_MOST_ASSETS)):
            yield self._text(), self._string()

    def _reads_as_code(self, code: Span) -> bool:
        return is_text(self._region.read(code[0], min(code[1], 256)))

    def _text(self) -> bytes:
        at, size = self._string()
        raw = self._region.read(at, size) if size <= _LONGEST_NAME else b"\0"
        if b"\0" in raw or not is_text(raw):
            raise _NoSense
        return raw

    def _string(self) -> Span:
        size = self._number(self._region.size)
        span = self._at, size
        self._at += size
        if self._at > self._region.size:
            raise _NoSense
        return span

    def _number(self, most: int) -> int:
        self._patience.spend()
        raw = self._region.read(self._at, 8)
        self._at += 8
        value = int.from_bytes(raw, "little")
        if len(raw) < 8 or value > most:
            raise _NoSense
        return value


@dataclass(slots=True)
class _Patience:
    """How many numbers may be read before a program is given up: one could hold thousands of things like blobs."""

    left: int = 1_000_000

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Broken("it holds too much that looks like a blob of Node's")


class _NoSense(Exception):  # noqa: N818 - says that a layout is another one
    pass

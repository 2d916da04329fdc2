"""Read tar archives as a stream: ustar, GNU and pax, with every length bounded before it is believed.

Not ``tarfile``: it reads extended headers of any size into memory, and some versions loop on negative sizes.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from clearance.intake.errors import CorruptArchive

_BLOCK = 512
_CHUNK = 1 << 20
_LONGEST_HEADER = 1 << 20
_ADVICE = "Fetch it again; if it stays so, the archive was published or copied broken."


@dataclass(frozen=True, slots=True, kw_only=True)
class TarMember:
    """One header. ``kind`` is the type flag: ``0`` file, ``1`` hard link, ``2`` link, ``5`` folder, others special."""

    name: bytes
    kind: str
    size: int
    mode: int
    target: bytes


def _corrupt(what: str) -> CorruptArchive:
    return CorruptArchive(f"The archive is corrupt: {what}.", advice=_ADVICE)


def plain(file: BinaryIO) -> Iterator[bytes]:
    """The file's bytes in pieces of at most 1 MiB."""
    while chunk := file.read(_CHUNK):
        yield chunk


def gunzip(file: BinaryIO) -> Iterator[bytes]:
    """The unpacked bytes of a gzip file (of several members too) in pieces of at most 1 MiB.

    Raises:
        CorruptArchive: not gzip, cut short, or a wrong checksum. Zeros after the last member are let pass.
    """
    engine, fresh, data = zlib.decompressobj(31), True, b""
    while data := data or file.read(1 << 16):
        if fresh and not data.strip(b"\0"):
            data = b""
            continue
        if out := _inflate(engine, data):
            yield out
        fresh = engine.eof
        data = engine.unused_data if fresh else engine.unconsumed_tail
        engine = zlib.decompressobj(31) if fresh else engine
    while not fresh:  # output may wait inside although all input is taken
        out = _inflate(engine, b"")
        fresh = engine.eof
        if not out and not fresh:
            raise _corrupt("it ends in the middle")
        yield out


def _inflate(engine: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return engine.decompress(data, _CHUNK)
    except zlib.error as error:
        raise _corrupt(f"its compressed bytes are wrong ({error})") from error


class TarReader:
    """Members of a tar stream, in order. ``body`` gives the current member's bytes; what is left is skipped."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0
        self._left = 0
        self._padding = 0

    def members(self) -> Iterator[TarMember]:
        """Every member. Raises CorruptArchive."""
        pending: dict[str, bytes] = {}
        while (block := self._next_header()) is not None:
            member = _parse(block)
            self._left, self._padding = member.size, -member.size % _BLOCK
            if member.kind in "LKxg":
                # A global header ("g") names the whole archive (git's commit id): nothing in it becomes a path.
                extra = self._whole(member)
                if member.kind != "g":
                    pending |= _extended(member.kind, extra)
                continue
            member = _with(member, pending)
            if "size" in pending:
                self._left, self._padding = member.size, -member.size % _BLOCK
            pending = {}
            yield member
            for _ in self.body():
                pass

    def body(self) -> Iterator[bytes]:
        """What is left of the current member, in pieces of at most 1 MiB. Raises CorruptArchive."""
        while self._left:
            piece = self._some(self._left)
            self._left -= len(piece)
            yield piece
        padding, self._padding = self._padding, 0
        while padding:
            padding -= len(self._some(padding))

    def _some(self, most: int) -> bytes:
        piece = self._take(most)
        if not piece:
            raise _corrupt("it ends in the middle")
        return piece

    def _take(self, most: int) -> bytes:
        """Between 1 and ``most`` bytes; none at the end."""
        if self._at >= len(self._buffer):
            self._buffer, self._at = next(self._chunks, b""), 0
        piece = self._buffer[self._at : self._at + most]
        self._at += len(piece)
        return piece

    def _whole(self, member: TarMember) -> bytes:
        if member.size > _LONGEST_HEADER:
            raise _corrupt(f"a name of {member.size} bytes")
        return b"".join(self.body())

    def _next_header(self) -> bytes | None:
        block = b""
        while len(block) < _BLOCK:
            piece = self._take(_BLOCK - len(block))
            if not piece and block:
                raise _corrupt("it ends in the middle")
            if not piece:
                return None
            block += piece
        return block if block.strip(b"\0") else None


def _number(field: bytes) -> int:
    if field[0] & 0x80:  # base 256, GNU's way to write what octal digits cannot hold
        value = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
        if field[0] & 0x40 or value >= 1 << 62:
            raise _corrupt("a size that cannot be")
        return value
    digits = field.split(b"\0", 1)[0].strip()
    try:
        return int(digits, 8) if digits else 0
    except ValueError as error:
        raise _corrupt("a header's number is not one") from error


def _parse(block: bytes) -> TarMember:
    total = sum(block[:148]) + 8 * 32 + sum(block[156:])
    if _number(block[148:156]) != total:
        raise _corrupt("a header's checksum is wrong")
    name = block[:100].split(b"\0", 1)[0]
    kind = chr(block[156])
    if block[257:263] == b"ustar\0" and (prefix := block[345:500].split(b"\0", 1)[0]):
        name = prefix + b"/" + name
    size = _number(block[124:136])
    if kind in "\x0007":
        # Old tars have no type for folders, only a slash at the end.
        kind = "5" if name.endswith(b"/") and not size else "0"
    if size < 0:
        raise _corrupt("a size that cannot be")
    return TarMember(
        name=name,
        kind=kind,
        # Links and folders have no bytes, whatever the size field says (old tars repeat the target's size there).
        size=0 if kind in "12345" else size,
        mode=_number(block[100:108]) & 0o7777,
        target=block[157:257].split(b"\0", 1)[0],
    )


def _extended(kind: str, data: bytes) -> dict[str, bytes]:
    if kind == "L":
        return {"path": data.split(b"\0", 1)[0]}
    if kind == "K":
        return {"linkpath": data.split(b"\0", 1)[0]}
    found: dict[str, bytes] = {}
    while data.strip(b"\0"):
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or len(length) > 8 or not len(length) + 2 < int(length) <= len(data):
            raise _corrupt("an extended header is not readable")
        key, _, value = data[len(length) + 1 : int(length) - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value
        data = data[int(length) :]
    return {key: found[key] for key in ("path", "linkpath", "size") if key in found}


def _with(member: TarMember, extra: dict[str, bytes]) -> TarMember:
    raw = extra.get("size", b"")
    if raw and (not raw.isdigit() or len(raw) > 18):
        raise _corrupt("a size that cannot be")
    return TarMember(
        name=extra.get("path", member.name),
        kind=member.kind,
        size=int(raw) if raw and member.kind not in "12345" else member.size,
        mode=member.mode,
        target=extra.get("linkpath", member.target),
    )

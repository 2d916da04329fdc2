"""Zip archives and all that are zips (wheels, jars, extensions): stored entries stay where they are."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from clearance.intake.unpack.inside.compressed import unpacked
from clearance.intake.unpack.inside.container import Container
from clearance.intake.unpack.inside.findings import Remainder
from clearance.intake.unpack.inside.region import PIECE, Broken, Region
from clearance.intake.unpack.inside.tarball import leads_out
from clearance.intake.unpack.names import printable
from clearance.model.contents import Language

_LARGEST_DIRECTORY = 24 << 20
"""Bytes of a directory: ``zipfile`` holds it in memory, several times over."""
_LARGEST_DICTIONARY = 64 << 20
_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"
_LOCAL = struct.Struct("<4s5H3I2H")
_TAIL = (1 << 16) + 22
_STORED, _LZMA, _ZSTD, _AES = 0, 14, 93, 99
_METHODS = frozenset({_STORED, 8, 12, _LZMA, _ZSTD})
_WRONG = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    OSError,
)
"""What ``zipfile`` raises over hostile bytes; RuntimeError (encryption) is asked for beforehand."""


def ends_zip(region: Region) -> bool:
    """Whether a zip ends there, wherever it begins: a record of its end, and the directory that it tells of."""
    begin = max(0, region.size - _TAIL)
    tail = region.read(begin, _TAIL)
    at = tail.rfind(_END)
    directory = begin + at - int.from_bytes(tail[at + 12 : at + 16], "little")
    return at >= 0 and region.read(directory, 4) == b"PK\x01\x02"


def open_zip(container: Container) -> Remainder:
    """Its files; what lies between and before them is unclaimed. Raises Broken and LimitReached."""
    region = container.region
    _check_directory(region)
    with region.as_file() as file:
        try:
            archive = zipfile.ZipFile(file)
        except (*_WRONG, OverflowError, IndexError, RuntimeError) as error:
            raise Broken(f"the zip cannot be read ({error})") from error
        with archive:
            for info in archive.infolist():
                _entry(container, archive, info)
            directory = min(max(archive.start_dir, 0), region.size)
    container.unclaimed(0, directory)
    return Remainder(at=directory, size=region.size - directory, language=Language.DATA)


def _entry(container: Container, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    name = info.orig_filename.encode("utf-8", "surrogateescape")
    container.check_name(name, is_folder=name.endswith(b"/"))
    try:
        at = _body_of(container.region, info)
    except Broken as broken:
        container.closed(name, info.file_size, f"Its zip says where it lies, but there {broken}.")
        return
    container.claim(info.header_offset, at + info.compress_size - info.header_offset)
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        _link(container, archive, info, name)
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        container.problem("special-file", name, "a device or a pipe", "its bytes were read")
    if name.endswith(b"/") and not info.compress_size:
        return
    if info.flag_bits & 1 or info.compress_type == _AES:
        container.closed(name, info.file_size, "It is encrypted.")
    elif info.compress_type not in _METHODS:
        container.closed(
            name, info.file_size, f"Its zip packs it with method {info.compress_type}, which is not known."
        )
    elif info.compress_type == _STORED:
        container.lies(name, at, info.compress_size, how="zip-member")
    else:
        _packed(container, archive, info, name, at)


def _packed(container: Container, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: bytes, at: int) -> None:
    # The five bytes of LZMA's properties follow four of zip's own.
    dictionary = int.from_bytes(container.region.read(at + 5, 4), "little") if info.compress_type == _LZMA else 0
    if dictionary > _LARGEST_DICTIONARY:
        container.closed(name, info.file_size, f"Unpacking it would take {dictionary >> 20} MiB of memory.")
        return
    try:
        if info.compress_type == _ZSTD:
            chunks = unpacked(container.region.part(at, info.compress_size), "zstd")
        else:
            chunks = _chunks(archive, info)
        container.write(name, chunks, how="zip-member")
    except Broken as broken:
        container.closed(name, info.file_size, f"It was read in part only: {broken}.")


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as member:
            while piece := member.read(PIECE):
                yield piece
    except _WRONG as error:
        raise Broken(f"its bytes are wrong ({error})") from error


def _link(container: Container, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: bytes) -> None:
    target = b"".join(_short(archive, info)) if info.file_size <= 4096 and not info.flag_bits & 1 else b"/"
    if leads_out(name, target):
        container.problem("link-outside", name, f"a link to {printable(target)}", "it was not followed")


def _short(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        yield next(_chunks(archive, info), b"")[:4096]
    except Broken:
        return


def _body_of(region: Region, info: zipfile.ZipInfo) -> int:
    """Where an entry's bytes begin. Raises Broken."""
    magic, *_, name, extra = _LOCAL.unpack(region.exactly(info.header_offset, _LOCAL.size))
    if magic != b"PK\x03\x04":
        raise Broken("is no entry")
    at = info.header_offset + _LOCAL.size + name + extra
    region.part(at, info.compress_size)
    return int(at)


def _check_directory(region: Region) -> None:
    """Refuse a directory that would not fit in memory before ``zipfile`` reads it. Raises Broken."""
    tail = region.read(max(0, region.size - _TAIL), _TAIL)
    at, at64 = tail.rfind(_END), tail.rfind(_END64)
    length = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if at64 >= 0 and length == 0xFFFFFFFF:
        length = int.from_bytes(tail[at64 + 40 : at64 + 48], "little")
    if length > _LARGEST_DIRECTORY:
        raise Broken(f"it has a directory of {length} bytes")

"""Archives and folders through the door: tar, gzipped tar, zip (wheels and extensions are zips), a local folder."""

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from clearance.intake.errors import CorruptArchive
from clearance.intake.unpack.door import Door, LimitReached
from clearance.intake.unpack.tar import TarReader, gunzip, plain

Rename = Callable[[bytes], bytes | None]
"""A member's name in the archive to its name in the tree; None drops the member. Bad names pass to the door."""

_CHUNK = 1 << 20
_LARGEST_DIRECTORY = 64 << 20
"""Bytes of a zip's directory: ``zipfile`` holds it in memory, several times over."""
_SPECIAL = {"3": "a character device", "4": "a block device", "6": "a pipe"}
_ADVICE = "Fetch it again; if it stays so, the archive was published or copied broken."


def kind_of(path: Path) -> str | None:
    """``tar``, ``tgz`` or ``zip`` by the first bytes; None for anything else."""
    with path.open("rb") as file:
        head = file.read(512)
    if head[:2] == b"\x1f\x8b":
        return "tgz"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    return "tar" if head[257:262] == b"ustar" else None


def unpack(path: Path, door: Door, *, rename: Rename) -> None:
    """Write the archive's members under the names that ``rename`` gives them.

    ``door.finish`` is the caller's, after the last archive.

    Raises:
        CorruptArchive: not an archive, cut short, or a wrong checksum.
        LimitReached: a limit ended it; the Problem is in the door.
    """
    kind = kind_of(path)
    if kind is None:
        raise CorruptArchive(f"{path.name} is neither a tar, a gzipped tar nor a zip.", advice=_ADVICE)
    door.begin(path.stat().st_size)
    with path.open("rb") as file:
        if kind == "zip":
            _unpack_zip(file, door, rename)
        else:
            _unpack_tar(TarReader(gunzip(file) if kind == "tgz" else plain(file)), door, rename)


def below(prefix: str, *, strip: int = 0) -> Rename:
    """Members go below ``prefix`` without their first ``strip`` parts; those that lie above it are dropped."""
    return lambda name: _moved(name, prefix, strip)


def as_wheel(prefix: str) -> Rename:
    """Members go below ``prefix`` as installers lay a wheel out; its scripts go to ``bin`` in the tree's root."""

    def rename(name: bytes) -> bytes | None:
        parts = name.split(b"/")
        if len(parts) < 3 or not parts[0].endswith(b".data") or b".." in parts:
            return _moved(name, prefix, 0)
        rest = b"/".join(parts[2:])
        match parts[1]:
            case b"purelib" | b"platlib":
                return _moved(rest, prefix, 0)
            case b"scripts":
                return b"bin/" + rest
            case _:
                return b"share/" + name

    return rename


def copy_folder(source: Path, door: Door, *, prefix: str = "") -> None:
    """Copy a local folder through the door: links that lead out and special files become Problems.

    Raises:
        LimitReached: a limit ended it; the Problem is in the door.
    """
    door.folder(prefix)
    _copy(os.fsencode(source), prefix.encode(), door)


def _moved(name: bytes, prefix: str, strip: int) -> bytes | None:
    """The member's new name; None when it lies above what is kept. A bad name goes to the door as it is."""
    if strip and not name.startswith(b"/"):
        parts = [part for part in name.split(b"/") if part not in (b"", b".")]
        if b".." not in parts:
            if len(parts) <= strip:
                return None
            name = b"/".join(parts[strip:])
    if name.startswith(b"/") or not prefix:
        return name
    return prefix.encode() + b"/" + name


def _unpack_tar(reader: TarReader, door: Door, rename: Rename) -> None:
    for member in reader.members():
        name = rename(member.name)
        if name is None:
            continue
        if member.kind == "0":
            door.file(name, reader.body(), mode=member.mode)
        elif member.kind == "5":
            door.folder(name)
        elif member.kind == "2":
            door.link(name, member.target)
        elif member.kind == "1":
            door.hardlink(name, rename(member.target) or member.target)
        else:
            unknown = f"a member of the unknown kind {member.kind!r}"
            door.refuse(name, "special-file", _SPECIAL.get(member.kind, unknown))


def _unpack_zip(file: BinaryIO, door: Door, rename: Rename) -> None:
    try:
        _check_directory(file, door)
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                raw = info.orig_filename.encode("utf-8", "surrogatepass")
                if (name := rename(raw)) is not None:
                    _zip_member(archive, info, name, door)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError) as error:
        raise CorruptArchive(f"The archive is corrupt: {error}.", advice=_ADVICE) from error


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: bytes, door: Door) -> None:
    # Only Unix-made entries carry a mode; elsewhere the upper half is 0.
    mode = info.external_attr >> 16
    if info.flag_bits & 1:
        door.refuse(name, "encrypted", "the member is encrypted")
    elif stat.S_ISLNK(mode):
        if info.file_size > 4096:
            door.refuse(name, "link-outside", "a link with a target of more than 4096 bytes")
        else:
            door.link(name, archive.read(info))
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        door.refuse(name, "special-file", "a device or a pipe")
    elif name.endswith(b"/"):
        door.folder(name)
    else:
        with archive.open(info) as member:
            door.file(name, iter(lambda: member.read(_CHUNK), b""), mode=stat.S_IMODE(mode))


def _check_directory(file: BinaryIO, door: Door) -> None:
    """Refuse a zip whose directory would not fit in memory, before ``zipfile`` reads it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    at64 = tail.rfind(b"PK\x06\x06")
    if at64 >= 0 and length == 0xFFFFFFFF:
        length = int.from_bytes(tail[at64 + 40 : at64 + 48], "little")
    file.seek(0)
    if length > _LARGEST_DIRECTORY:
        door.refuse("", "too-many-files", f"a directory of {length} bytes", "unpacking stopped")
        raise LimitReached


def _copy(folder: bytes, name: bytes, door: Door) -> None:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        member = name + b"/" + entry.name if name else entry.name
        if entry.is_symlink():
            door.link(member, os.readlink(entry.path))  # noqa: PTH115 - the bytes, not a Path
        elif not os.access(entry.path, os.R_OK):
            door.refuse(member, "unreadable", "this user may not read it")
        elif entry.is_dir(follow_symlinks=False):
            door.folder(member)
            _copy(entry.path, member, door)
        elif entry.is_file(follow_symlinks=False):
            door.file(member, _pieces(entry.path), mode=stat.S_IMODE(entry.stat(follow_symlinks=False).st_mode))
        else:
            door.refuse(member, "special-file", "a device, pipe or socket")


def _pieces(path: bytes) -> Iterator[bytes]:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(fd, "rb", buffering=0) as file:
        yield from iter(lambda: file.read(_CHUNK), b"")

"""The one safe door for writing: whatever an archive says, nothing lands outside the root.

1. A name becomes a path only through ``names.parts_of``.
2. While files are written no link exists below the root, so that no path can lead out through one.
3. Links are made last, relative ones only, and whatever then resolves outside is taken away again.
4. Modes are ours: files 0644 or 0755, folders 0755; times are one constant, so that a changed file shows.
5. Sizes and counts are limited while bytes flow; reaching a limit ends the unpacking with a ``Problem``.
"""

import errno
import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath

import msgspec

from clearance.intake.unpack.names import BadName, parts_of, printable
from clearance.model.ids import Digest
from clearance.model.release import FileEntry, Problem

STAMP_NS = 499_162_500 * 10**9
"""Modification time of every file: 1985-10-26 08:15 UTC, the one npm writes."""

_MOST_PROBLEMS = 1000
_ELF = b"\x7fELF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one tree may hold."""

    total_bytes: int = 4 << 30
    entries: int = 200_000
    """Files, folders and links together."""
    ratio: int = 100
    """Unpacked to packed bytes of one archive; deflate reaches 1032, programs rarely 10."""
    ratio_from_bytes: int = 64 << 20
    """The ratio counts only beyond this size: a small file of zeros is no bomb."""


class LimitReached(Exception):  # noqa: N818 - says where unpacking ended, which is no error of ours
    """The unpacking of this tree is over; the Problem is already recorded."""


class Door:
    """Writes members below ``root`` (which exists and is empty) and remembers what was wrong with the others."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self._root = root
        self._limits = limits or Limits()
        self._files: dict[str, FileEntry] = {}
        self._folders: set[tuple[str, ...]] = {()}
        self._links: list[tuple[tuple[str, ...], str]] = []
        self._made: list[tuple[tuple[str, ...], str]] = []
        self._problems: list[Problem] = []
        self._muted = 0
        self._bytes = 0
        self._archive_bytes = 0
        self._packed = 0
        self.native = False
        """Whether any file is an ELF program or library."""

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """Every regular file, sorted by path."""
        return tuple(self._files[path] for path in sorted(self._files))

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Path and target of every link that ``finish`` made, sorted."""
        return tuple(sorted(("/".join(parts), target) for parts, target in self._made))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong, in order; at most a thousand and one entry for the rest."""
        if not self._muted:
            return tuple(self._problems)
        more = Problem(kind="more", path="", problem=f"{self._muted} more problems", resolution="not listed")
        return (*self._problems, more)

    def begin(self, packed: int) -> None:
        """A new archive of ``packed`` bytes: the ratio counts from here."""
        self._packed = packed
        self._archive_bytes = 0

    def refuse(self, name: bytes | str, kind: str, problem: str, resolution: str = "left out") -> None:
        """Record a Problem about a member."""
        if len(self._problems) >= _MOST_PROBLEMS:
            self._muted += 1
            return
        self._problems.append(Problem(kind=kind, path=printable(name), problem=problem, resolution=resolution))

    def folder(self, name: bytes | str) -> None:
        """Make a folder and its parents."""
        if (parts := self._parts(name)) is not None:
            self._make_folders(parts, name)

    def file(self, name: bytes | str, chunks: Iterable[bytes], *, mode: int = 0o644) -> None:
        """Write a file from ``chunks``; of members of one name the last stays, as with the package clients.

        Of ``mode`` only the run bits count. ``chunks`` is consumed to its end or to a limit.
        """
        parts = self._parts(name)
        if not parts:
            if parts == ():
                self.refuse(name, "bad-name", "a file without a name")
            return
        if not self._make_folders(parts[:-1], name) or not self._free(parts, name):
            return
        if mode & 0o6000:
            self.refuse(
                name, "special-bits", "it wants to run as its owner (setuid or setgid)", "the bits were dropped"
            )
        self._count(name)
        self._write(parts, name, chunks, executable=bool(mode & 0o111))

    def link(self, name: bytes | str, target: bytes | str) -> None:
        """Remember a symbolic link; it is made by ``finish`` if it leads to a place inside."""
        parts = self._parts(name)
        if not parts:
            return
        try:
            text = target.decode("utf-8") if isinstance(target, bytes) else target
        except UnicodeDecodeError:
            self.refuse(name, "bad-name", "the link's target is not UTF-8")
            return
        if not text:
            self.refuse(name, "bad-name", "a link to nothing")
            return
        lands = normpath("/".join((*parts[:-1], text)))
        if text.startswith("/") or "\0" in text or lands == ".." or lands.startswith("../"):
            self.refuse(name, "link-outside", f"a link to {printable(text)}")
            return
        self._count(name)
        self._links.append((parts, text))

    def hardlink(self, name: bytes | str, target: bytes | str) -> None:
        """A second name for a file that was already written."""
        parts, aim = self._parts(name), self._parts(target, about=name)
        if not parts or aim is None:
            return
        entry = self._files.get("/".join(aim))
        if entry is None:
            self.refuse(name, "link-outside", f"a hard link to {printable(target)}, which is no file before it")
            return
        path = "/".join(parts)
        if path == entry.path or not self._make_folders(parts[:-1], name) or not self._free(parts, name):
            return
        self._count(name)
        os.link(self._root / entry.path, self._root.joinpath(*parts))
        self._files[path] = FileEntry(path=path, size=entry.size, sha256=entry.sha256, executable=entry.executable)

    def make_executable(self, name: str) -> None:
        """Give a file that was written the run bit; anything else is let be."""
        parts = self._parts(name) or ()
        entry = self._files.get("/".join(parts))
        if entry is not None and not entry.executable:
            self._root.joinpath(*parts).chmod(0o755)
            self._files[entry.path] = msgspec.structs.replace(entry, executable=True)

    def finish(self) -> None:
        """Make the links. Whatever resolves outside after all are made is removed and recorded."""
        made = [pair for pair in self._links if self._make_link(*pair)]
        root = os.path.realpath(self._root)
        while escaped := [p for p, _ in made if not _inside(os.path.realpath(self._root.joinpath(*p)), root)]:
            # Removing one can change where another leads, so look again until none leads out.
            for parts in escaped:
                self._root.joinpath(*parts).unlink()
                self.refuse("/".join(parts), "link-outside", "through other links it leads out")
            made = [pair for pair in made if pair[0] not in escaped]
        self._made = made

    def _parts(self, name: bytes | str, *, about: bytes | str | None = None) -> tuple[str, ...] | None:
        try:
            return parts_of(name)
        except BadName as bad:
            self.refuse(name if about is None else about, bad.kind, bad.problem)
            return None

    def _make_folders(self, parts: tuple[str, ...], name: bytes | str) -> bool:
        for depth in range(1, len(parts) + 1):
            part = parts[:depth]
            if part in self._folders:
                continue
            if "/".join(part) in self._files:
                self.refuse(name, "conflict", "a folder is needed where a file lies")
                return False
            self._count(name)
            path = self._root.joinpath(*part)
            try:
                path.mkdir()
            except OSError as error:
                self._name_refused(error, name)
                return False
            path.chmod(0o755)
            self._folders.add(part)
        return True

    def _free(self, parts: tuple[str, ...], name: bytes | str) -> bool:
        if parts in self._folders:
            self.refuse(name, "conflict", "a file is named like a folder before it")
            return False
        path = "/".join(parts)
        if path in self._files:
            self.refuse(name, "duplicate", "the archive holds the name twice", "the last one was kept")
            # Unlinked, not truncated: another name may share the old one's bytes.
            self._root.joinpath(*parts).unlink()
            del self._files[path]
        return True

    def _write(self, parts: tuple[str, ...], name: bytes | str, chunks: Iterable[bytes], *, executable: bool) -> None:
        mode = 0o755 if executable else 0o644
        path = self._root.joinpath(*parts)
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        except OSError as error:
            self._name_refused(error, name)
            for _ in chunks:
                pass
            return
        digest, size = hashlib.sha256(), 0
        try:
            with os.fdopen(fd, "wb", buffering=0) as out:
                for chunk in chunks:
                    self._weigh(len(chunk), name)
                    if not size and chunk.startswith(_ELF):
                        self.native = True
                    out.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                os.fchmod(fd, mode)
                os.utime(fd, ns=(STAMP_NS, STAMP_NS))
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        entry = "/".join(parts)
        self._files[entry] = FileEntry(path=entry, size=size, sha256=Digest(digest.hexdigest()), executable=executable)

    def _make_link(self, parts: tuple[str, ...], target: str) -> bool:
        name = "/".join(parts)
        if parts in self._folders or name in self._files:
            self.refuse(name, "conflict", "a link is named like something else", "the link was left out")
            return False
        if not self._make_folders(parts[:-1], name):
            return False
        try:
            self._root.joinpath(*parts).symlink_to(target)
        except OSError as error:
            self._name_refused(error, name)
            return False
        return True

    def _name_refused(self, error: OSError, name: bytes | str) -> None:
        """A name that this file system will not have is the archive's problem; a full disk is not."""
        if error.errno not in (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EEXIST, errno.ENOTDIR):
            raise error
        self.refuse(name, "bad-name", f"the file system refuses it ({error.strerror})")

    def _count(self, name: bytes | str) -> None:
        if len(self._files) + len(self._folders) + len(self._links) > self._limits.entries:
            problem = f"more than {self._limits.entries} files and folders"
            self._problems.append(
                Problem(kind="too-many-files", path=printable(name), problem=problem, resolution="unpacking stopped")
            )
            raise LimitReached

    def _weigh(self, size: int, name: bytes | str) -> None:
        self._bytes += size
        self._archive_bytes += size
        limits = self._limits
        too_dense = self._archive_bytes > max(limits.ratio_from_bytes, limits.ratio * self._packed)
        if self._bytes <= limits.total_bytes and not (self._packed and too_dense):
            return
        why = (
            f"it unpacks to more than {limits.ratio} times its size"
            if too_dense
            else (f"it unpacks to more than {limits.total_bytes} bytes")
        )
        self._problems.append(Problem(kind="bomb", path=printable(name), problem=why, resolution="unpacking stopped"))
        raise LimitReached


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root + "/")

"""A content-addressed cache below one folder: blobs by SHA-256, registry answers, finished trees, resolved releases.

Rules of the folder:

1. Everything is written under ``tmp`` and renamed when whole, so that what has its name is complete, whoever else
   writes at the same time and wherever a kill struck. Scratch of a dead process is swept by the next one.
2. A blob's modification time is a seal derived from its digest. Bytes changed later lose the seal; such a blob is
   hashed again before use and dropped if wrong. Damage below the file system (same size and time) is not looked for.
3. A tree's files all carry one constant time and their sizes stand in its manifest: the same fast check.
4. Folders are 0755 and files 0644 or 0755: rooms read them as another user.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.intake.errors import CacheUnusable
from clearance.intake.unpack.door import STAMP_NS
from clearance.model.ids import Digest
from clearance.model.release import FileEntry, Problem

_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)
_SEAL_FROM_S = 1_000_000_000  # 2001: old enough that no writer's clock gives it by chance


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a finished tree holds."""

    files: tuple[FileEntry, ...]
    links: tuple[tuple[str, str], ...]
    """Symbolic links: path and target."""
    problems: tuple[Problem, ...]
    native: bool
    """Whether any file is an ELF program or library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Some bytes in the cache."""

    sha256: Digest
    size: int
    path: Path


class Cache:
    """The cache below ``folder``, which is made if need be.

    Raises:
        CacheUnusable: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            for name in ("", "blobs", "index", "trees", "tmp"):
                _open_folder(folder / name)
            self._sweep()
        except OSError as error:
            raise _unusable(folder, error) from error

    def blob(self, sha256: Digest) -> Blob | None:
        """The blob of that digest, whole; None when there is none (a damaged one is dropped)."""
        path = self._blob_path(sha256)
        try:
            info = path.stat()
        except FileNotFoundError:
            return None
        if info.st_mtime_ns != _seal(sha256):
            if _hash_file(path) != sha256:
                path.unlink(missing_ok=True)
                return None
            os.utime(path, ns=(_seal(sha256), _seal(sha256)))
        return Blob(sha256=sha256, size=info.st_size, path=path)

    def keep_blob(self, chunks: Iterable[bytes], check: Callable[[Path, Digest], None]) -> Blob:
        """Write a blob. ``check`` sees the finished file and its digest before it gets its name, and may raise."""
        with self.scratch() as scratch:
            path, digest, size = scratch / "blob", hashlib.sha256(), 0
            with usable(self.folder), path.open("wb") as out:
                for chunk in chunks:
                    out.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
            sha256 = Digest(digest.hexdigest())
            check(path, sha256)
            target = self._blob_path(sha256)
            with usable(self.folder):
                _open_folder(target.parent)
                path.chmod(0o644)
                os.utime(path, ns=(_seal(sha256), _seal(sha256)))
                path.replace(target)
            return Blob(sha256=sha256, size=size, path=target)

    def note(self, kind: str, key: str, value: bytes) -> None:
        """Remember a small value (a registry's answer, a pin) under ``kind`` and ``key``."""
        target = self._note_path(kind, key)
        with self.scratch() as scratch, usable(self.folder):
            _open_folder(target.parent)
            (scratch / "note").write_bytes(value)
            (scratch / "note").chmod(0o644)
            (scratch / "note").replace(target)

    def noted(self, kind: str, key: str) -> bytes | None:
        """What was remembered, or None."""
        try:
            return self._note_path(kind, key).read_bytes()
        except FileNotFoundError:
            return None

    def noted_at(self, kind: str, key: str) -> float | None:
        """When it was remembered (Unix seconds), or None."""
        try:
            return self._note_path(kind, key).stat().st_mtime
        except FileNotFoundError:
            return None

    def tree(self, key: str) -> tuple[Path, Manifest] | None:
        """The finished tree of that key; None when there is none or a file's size or time has changed."""
        folder = self.folder / "trees" / key
        try:
            manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        root = folder / "root"
        whole = all(_untouched(root, entry) for entry in manifest.files) and all(
            (root / path).is_symlink() for path, _ in manifest.links
        )
        return (root, manifest) if whole else None

    def keep_tree(self, key: Callable[[Manifest], str], build: Callable[[Path], Manifest]) -> tuple[Path, Manifest]:
        """``build`` fills an empty folder; when it returns, the tree gets its name (``key``) at once and whole."""
        with self.scratch() as scratch, usable(self.folder):
            root = scratch / "tree" / "root"
            _open_folder(root)
            manifest = build(root)
            (root.parent / "manifest.json").write_bytes(msgspec.json.encode(manifest))
            (root.parent / "manifest.json").chmod(0o644)
            return self._place_tree(key(manifest), root.parent, scratch), manifest

    def _place_tree(self, key: str, built: Path, scratch: Path) -> Path:
        target = self.folder / "trees" / key
        try:
            built.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            if self.tree(key) is None:
                # Damaged: the old one goes away under our scratch folder and ours takes its place.
                with contextlib.suppress(FileNotFoundError):
                    target.rename(scratch / "old")
                built.rename(target)
        return target / "root"

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A new empty folder that is gone afterwards; after a kill, the next cache sweeps it."""
        with usable(self.folder):
            folder = Path(tempfile.mkdtemp(dir=self.folder / "tmp"))
            lock = os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".lock").unlink(missing_ok=True)
            os.close(lock)

    def _sweep(self) -> None:
        """Remove scratch whose owner is gone: its lock file is there and nobody holds the lock."""
        for lock_path in (self.folder / "tmp").glob("*.lock"):
            try:
                lock = os.open(lock_path, os.O_RDWR | os.O_CLOEXEC)
            except OSError:
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_path.with_suffix(""), ignore_errors=True)
                lock_path.unlink(missing_ok=True)
            except BlockingIOError:
                pass  # its owner lives
            finally:
                os.close(lock)

    def _blob_path(self, sha256: Digest) -> Path:
        return self.folder / "blobs" / sha256[:2] / sha256

    def _note_path(self, kind: str, key: str) -> Path:
        # Names of packages come from outside; only their hash becomes a file name.
        return self.folder / "index" / kind / hashlib.sha256(key.encode()).hexdigest()


@contextlib.contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Turn the file system's refusals of what lies below ``folder`` into CacheUnusable, with what to do about them."""
    try:
        yield
    except OSError as error:
        about = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(folder)
        if error.errno not in (*_FULL, *_REFUSED) or not Path(about).is_relative_to(folder):
            raise
        raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> CacheUnusable:
    full = error.errno in _FULL
    why = "no space is left on its disk" if full else f"it cannot be written ({error.strerror})"
    return CacheUnusable(
        f"The cache folder {folder} is of no use: {why}.",
        advice=f"{'Free some space there, or set' if full else 'Set'} CLEARANCE_HOME to a folder elsewhere.",
    )


def _open_folder(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
    if not missing and folder.stat().st_mode & 0o755 != 0o755 and folder.stat().st_uid == os.geteuid():
        folder.chmod(folder.stat().st_mode & 0o777 | 0o755)


def _seal(sha256: Digest) -> int:
    return (_SEAL_FROM_S + int(sha256[:7], 16)) * 10**9


def _untouched(root: Path, entry: FileEntry) -> bool:
    try:
        info = (root / entry.path).lstat()
    except OSError:
        return False
    return info.st_size == entry.size and info.st_mtime_ns == STAMP_NS


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

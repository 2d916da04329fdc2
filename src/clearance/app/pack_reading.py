"""Reading a pack from disk that somebody else made: no link is followed, nothing is read that is too large.

1. Symbolic links, devices, pipes and sockets are problems; they are never opened.
2. Counts, depth and sizes have bounds; beyond them it is said and no further bytes are read.
3. What is read as a whole is read once: its digest is of the same bytes.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from clearance.model.dossier import PackProblem

MOST_FILES = 20_000
DEEPEST = 8
LARGEST_TEXT = 256 * 1024 * 1024
LARGEST_PACK = 16 * 1024 * 1024 * 1024
"""Bytes in all."""
_CHUNK = 1024 * 1024


class DiskPack:
    """A pack in a folder (``report.dossier_check.PackFolder``)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}
        found: list[PackProblem] = []
        for path, problem, size in _walk(folder, "", DEEPEST):
            if len(self.sizes) >= MOST_FILES:
                found.append(PackProblem(path="", problem=f"holds more than {MOST_FILES:,} files"))
                break
            if problem:
                found.append(PackProblem(path=path, problem=problem))
            else:
                self.sizes[path] = size
        self._too_large = sum(self.sizes.values()) > LARGEST_PACK
        if self._too_large:
            found.append(PackProblem(path="", problem=f"is larger than {LARGEST_PACK:,} bytes: not all was read"))
        self.problems = tuple(found)

    def read(self, path: str) -> bytes | None:
        """A file as a whole; None when there is none, or it is too large."""
        if path not in self._texts:
            if not 0 <= self.sizes.get(path, -1) <= LARGEST_TEXT:
                return None
            text = b"".join(self._chunks(path, LARGEST_TEXT))
            self._texts[path] = text
        return self._texts[path]

    def digest(self, path: str) -> str:
        """SHA-256 in hex; empty when it cannot be read."""
        if path in self._texts:
            return hashlib.sha256(self._texts[path]).hexdigest()
        if path not in self.sizes or self._too_large:
            return ""
        said = hashlib.sha256()
        for chunk in self._chunks(path, self.sizes[path] + 1):  # a file that grows meanwhile ends somewhere
            said.update(chunk)
        return said.hexdigest()

    def _chunks(self, path: str, most: int) -> Iterator[bytes]:
        try:
            opened = os.open(self._folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return
        with os.fdopen(opened, "rb") as file:
            while most > 0 and (chunk := file.read(min(_CHUNK, most))):
                most -= len(chunk)
                yield chunk


def _walk(folder: Path, before: str, depth: int) -> Iterator[tuple[str, str, int]]:
    """Path, problem and size of everything below, folders left out unless they are empty or cannot be read."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield before.rstrip("/"), f"cannot be read: {error.strerror}", 0
        return
    if not entries:
        yield before.rstrip("/"), "is an empty folder", 0
    for entry in entries:
        path, info = before + entry.name, entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(info.st_mode):
            if depth == 0:
                yield path, "lies too deep", 0
            else:
                yield from _walk(Path(entry.path), f"{path}/", depth - 1)
        elif stat.S_ISREG(info.st_mode):
            yield path, "", info.st_size
        else:
            kind = "a symbolic link" if stat.S_ISLNK(info.st_mode) else "no regular file"
            yield path, f"is {kind}: not opened", 0

"""Files that a run leaves: new, changed or removed against what lay there before it began."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

MOST_FILES = 5000
MOST_BYTES = 128 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One file as found. ``changed_ns`` is ctime: nothing in the room can set it back."""

    changed_ns: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One difference; ``path`` as seen in the room, odd bytes as backslash, x and two hex digits."""

    path: str
    size: int
    sha256: str
    removed: bool


def take_stock(root: str, before: dict[bytes, Seen] | None = None) -> tuple[dict[bytes, Seen], bool]:
    """Every file and link below a folder by path relative to it, and whether all could be looked at.

    Files unchanged since ``before`` are not read again. At most ``MOST_FILES`` files and ``MOST_BYTES`` bytes.
    """
    found: dict[bytes, Seen] = {}
    complete, budget = True, MOST_BYTES
    for path, entry in _walk(os.fsencode(root)):
        if entry is None or len(found) >= MOST_FILES:
            complete = False
            if entry is None:
                continue
            break
        old = (before or {}).get(path)
        if old is not None and old.changed_ns == entry.st_ctime_ns and old.size == entry.st_size:
            found[path] = old
            continue
        if stat.S_ISREG(entry.st_mode) and entry.st_size > budget:
            digest, complete = "", False
        else:
            digest = _digest(os.path.join(os.fsencode(root), path), entry.st_mode)
            budget -= entry.st_size
        found[path] = Seen(changed_ns=entry.st_ctime_ns, size=entry.st_size, sha256=digest)
    return found, complete


def compare(before: dict[bytes, Seen], after: dict[bytes, Seen]) -> tuple[Left, ...]:
    """What differs, sorted by path."""
    differences = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        shown = "/" + path.decode("utf-8", "backslashreplace")
        if shown.startswith("/shm/"):  # where the stage keeps it
            shown = f"/dev{shown}"
        if new is None and old is not None:
            differences.append(Left(path=shown, size=old.size, sha256=old.sha256, removed=True))
        elif new is not None and (old is None or (old.size, old.sha256) != (new.size, new.sha256)):
            differences.append(Left(path=shown, size=new.size, sha256=new.sha256, removed=False))
    return tuple(differences)


def _walk(root: bytes) -> Iterator[tuple[bytes, os.stat_result | None]]:
    """Paths relative to root with their state; None where a folder could not be looked into."""
    waiting = [b""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(os.path.join(root, folder)), key=lambda entry: entry.name)
        except OSError:
            entries = _open_up(os.path.join(root, folder))
            if not entries:
                yield folder, None
                continue
        for entry in entries:
            path = os.path.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                try:
                    yield path, entry.stat(follow_symlinks=False)
                except OSError:
                    yield path, None


def _open_up(folder: bytes) -> list[os.DirEntry[bytes]]:
    """The entries of a folder that was closed with chmod; none where that does not help."""
    try:
        os.chmod(folder, 0o700)
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []


def _digest(path: bytes, mode: int) -> str:
    """SHA-256 of a file's content or a link's target; empty for what is neither, or cannot be read."""
    try:
        if stat.S_ISLNK(mode):
            return hashlib.sha256(os.readlink(path)).hexdigest()
        if not stat.S_ISREG(mode):
            return ""
        if not mode & stat.S_IRUSR:
            os.chmod(path, 0o600)
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""

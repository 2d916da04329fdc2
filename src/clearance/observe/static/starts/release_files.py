"""The files of a release by their paths: which one a name means from where it stands, and what is in it.

A name never leads out of the release, nor out of the archive that the file naming it lies in.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from clearance.observe.static.documents.reading import text_of

MOST_READ: Final = 24 << 20
"""Bytes that are read of one release."""
_PLACEHOLDER: Final = re.compile(r"\A(?:\$\{?[\w:-]+\}?|\$\([^()]*\)|%~dp0|%\w+%|\{\w+\}|<[\w-]+>)[/\\]?")
_LONGEST: Final = 1000
SUFFIXES: Final = {
    "javascript": ("", ".js", ".cjs", ".mjs", ".ts", "/index.js", "/index.cjs", "/index.mjs", "/index.ts"),
    "python": ("", ".py", "/__init__.py", "/__main__.py"),
    "powershell": ("", ".ps1"),
}
"""What an interpreter tries behind a name."""


class ReleaseFiles:
    """What a release holds, opened by path."""

    def __init__(self, paths: Iterable[str], opened: Callable[[str], bytes]) -> None:
        self.paths = frozenset(paths)
        self._opened = opened
        self._left = MOST_READ
        self.unread: list[str] = []
        """Files that were to be read when the bytes were spent."""

    def data(self, path: str) -> bytes:
        """The bytes of a member, or of its begin and end; empty once ``MOST_READ`` is spent."""
        if self._left <= 0:
            self.unread.append(path)
            return b""
        found = self._opened(path)
        self._left -= len(found)
        return found

    def text(self, path: str) -> str:
        """Its text, whatever the bytes."""
        return text_of(self.data(path))

    def named(self, folders: Iterable[str], name: str, dialect: str = "") -> str | None:
        """The member that ``name`` means from one of the folders, the first that is there; None where there is none."""
        if not name or len(name) > _LONGEST or "\0" in name:
            return None
        bare = _PLACEHOLDER.sub("./", name.strip().strip("\"'")).replace("\\", "/")
        for folder in folders:
            place = joined(folder, bare)
            if place is None:
                continue
            for suffix in SUFFIXES.get(dialect, ("",)):
                if (whole := f"{place}{suffix}".lstrip("/")) in self.paths:
                    return whole
        return None


def folder_of(path: str) -> str:
    """The folder that a member lies in, empty at the top."""
    return path.rpartition("/")[0]


def joined(folder: str, name: str) -> str | None:
    """``folder/name`` without dots; None where it leads out of the release or of the archive around it."""
    parts = [] if not folder else folder.split("/")
    for part in name.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts or parts[-1].endswith("!"):
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)

"""A small real git repository as files: objects, refs, index and configuration, without a git on the machine.

Commits carry fixed authors and dates, so that their ids depend on the committed files alone: an assistant that quotes
``git log`` says nothing about the remote or about who is logged in.
"""

import hashlib
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from clearance.lab.staging import SeedFile

_AUTHOR = "Robin Example <robin@example.com>"
_FIRST, _SECOND = 1_736_935_200, 1_739_268_840  # 2025-01-15 10:00 and 2025-02-11 10:14 UTC
_EXECUTABLE = 0o111


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository with two commits on ``main`` and a clean working folder."""

    files: Mapping[str, SeedFile]
    """Everything below ``.git`` and the committed files, paths relative to the project."""
    head: str
    """Id of the newest commit, 40 hex characters."""
    first: str
    """Id of the commit before it."""


def build_repository(committed: Mapping[str, SeedFile], *, remote: str | None) -> Repository:
    """A repository that holds these files, valid for ``git fsck`` and clean for ``git status``.

    Args:
        committed: Path relative to the project to file. The first commit holds ``README.md`` alone when there is one.
        remote: URL of ``origin``; None for a repository without a remote.
    """
    objects: dict[str, bytes] = {}
    opening = {path: file for path, file in committed.items() if path == "README.md"} or committed
    first = _commit(objects, _tree(objects, opening), None, _FIRST, "Start the project")
    head = _commit(objects, _tree(objects, committed), first, _SECOND, "Add the first working version")
    inner = {
        "HEAD": b"ref: refs/heads/main\n",
        "config": git_config(remote).encode(),
        "description": b"Unnamed repository; edit this file 'description' to name the repository.\n",
        "info/exclude": b"",
        "refs/heads/main": f"{head}\n".encode(),
        "index": _index(objects, committed),
        **{f"objects/{name[:2]}/{name[2:]}": data for name, data in objects.items()},
    }
    if remote is not None:
        inner["refs/remotes/origin/main"] = f"{head}\n".encode()
    files = {f".git/{path}": SeedFile(content=data) for path, data in inner.items()}
    return Repository(files={**files, **committed}, head=head, first=first)


def git_config(remote: str | None) -> str:
    """The text of ``.git/config``."""
    core = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"
    if remote is None:
        return core
    origin = f'[remote "origin"]\n\turl = {remote}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n'
    return core + origin + '[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n'


def identity_config(name: str, email: str) -> str:
    """The text of ``~/.gitconfig`` for a person. Quoted as git quotes, so that any script survives."""
    return f"[user]\n\tname = {_quoted(name)}\n\temail = {_quoted(email)}\n[init]\n\tdefaultBranch = main\n"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _store(objects: dict[str, bytes], kind: str, body: bytes) -> str:
    whole = f"{kind} {len(body)}".encode() + b"\0" + body
    name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    objects[name] = zlib.compress(whole, 6)
    return name


def _mode(file: SeedFile) -> int:
    return 0o100755 if file.mode & _EXECUTABLE else 0o100644


def _tree(objects: dict[str, bytes], files: Mapping[str, SeedFile]) -> str:
    folders: dict[str, dict[str, SeedFile]] = {}
    rows: list[tuple[bytes, bytes]] = []  # sort key, entry
    for path, file in files.items():
        top, _, rest = path.partition("/")
        if rest:
            folders.setdefault(top, {})[rest] = file
        else:
            blob = bytes.fromhex(_store(objects, "blob", file.content))
            rows.append((top.encode(), f"{_mode(file):o} {top}".encode() + b"\0" + blob))
    for top, inner in folders.items():
        # git sorts a folder as if its name ended in a slash
        rows.append((top.encode() + b"/", f"40000 {top}".encode() + b"\0" + bytes.fromhex(_tree(objects, inner))))
    return _store(objects, "tree", b"".join(entry for _, entry in sorted(rows)))


def _commit(objects: dict[str, bytes], tree: str, parent: str | None, when: int, message: str) -> str:
    parents = f"parent {parent}\n" if parent else ""
    stamp = f"{_AUTHOR} {when} +0000"
    return _store(objects, "commit", f"tree {tree}\n{parents}author {stamp}\ncommitter {stamp}\n\n{message}\n".encode())


def _index(objects: dict[str, bytes], files: Mapping[str, SeedFile]) -> bytes:
    """Version 2, without stat data: git compares contents once and finds them the same."""
    rows = []
    for path in sorted(files, key=str.encode):
        file, raw = files[path], path.encode()
        blob = bytes.fromhex(_store(objects, "blob", file.content))
        # ctime, mtime, dev, ino (zero), mode, uid, gid (zero), size: a size that differs would count as changed
        stat = struct.pack(">10I", 0, 0, 0, 0, 0, 0, _mode(file), 0, 0, len(file.content))
        entry = stat + blob + struct.pack(">H", min(len(raw), 0xFFF)) + raw
        rows.append(entry + b"\0" * (8 - len(entry) % 8))
    body = b"DIRC" + struct.pack(">II", 2, len(rows)) + b"".join(rows)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()

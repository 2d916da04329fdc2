"""A release's tree: every file becomes a member, every container among them is opened."""

import errno
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from clearance.intake.unpack.door import LimitReached
from clearance.intake.unpack.inside.container import Container, Found
from clearance.intake.unpack.inside.findings import Findings
from clearance.intake.unpack.inside.language import HEAD, language_of
from clearance.intake.unpack.inside.opened import InsideLimits, Opened
from clearance.intake.unpack.inside.recognise import is_archive, opener_of
from clearance.intake.unpack.inside.region import FLAGS, Broken, Region
from clearance.intake.unpack.names import BadName, parts_of
from clearance.model.contents import Member
from clearance.model.release import FileEntry

_GONE = "it is not there any more, or a link is in its place"
_REASONS = {errno.ENOENT: _GONE, errno.ELOOP: _GONE, errno.ENOTDIR: _GONE, errno.EACCES: "this user may not read it"}


def open_release(root: Path, files: Sequence[FileEntry], *, scratch: Path, limits: InsideLimits) -> Opened:
    """Every file of the tree below ``root`` as a member, and what hides inside them, recursively.

    What is uncompressed stays where it is; the rest is written to ``scratch`` (an existing folder that is empty) under
    names of ours. Hostile or missing files are data: Problems and Unopened.

    Raises:
        OSError: ``root`` cannot be opened, or ``scratch`` cannot be written.
    """
    findings = Findings(scratch, limits)
    below = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for entry in files:
            _tree_file(root, below, entry, findings)
    finally:
        os.close(below)
    return findings.result()


def _tree_file(root: Path, below: int, entry: FileEntry, findings: Findings) -> None:
    try:
        parts = parts_of(entry.path)
        handle = _open_below(below, parts)
    except BadName as bad:
        findings.problem(bad.kind, entry.path, bad.problem, "left out")
        return
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"it cannot be opened ({error.strerror})")
        findings.unopened(entry.path, entry.size, reason)
        return
    try:
        info = os.fstat(handle)
        if not stat.S_ISREG(info.st_mode):
            findings.unopened(entry.path, entry.size, "it is no regular file")
            return
        region = Region(handle=handle, file=root.joinpath(*parts), start=0, size=info.st_size)
        _look(Found(path=entry.path, how="file", region=region, depth=0), findings)
    finally:
        os.close(handle)


def _open_below(below: int, parts: tuple[str, ...]) -> int:
    """The file, reached without following a link anywhere. Raises OSError."""
    if not parts:
        raise IsADirectoryError(errno.EISDIR, "a folder")
    folders: list[int] = []
    try:
        for part in parts[:-1]:
            at = folders[-1] if folders else below
            folders.append(os.open(part, FLAGS | os.O_DIRECTORY, dir_fd=at))
        return os.open(parts[-1], FLAGS, dir_fd=folders[-1] if folders else below)
    finally:
        for folder in folders:
            os.close(folder)


def _look(found: Found, findings: Findings) -> None:
    """Make it a member; if it is a container, open it."""
    region = found.region
    head = region.read(0, HEAD)
    name = found.path.rpartition("!")[2]
    language = language_of(name, head, hint=found.hint)
    member = Member(
        path=found.path,
        how=found.how,
        language=language,
        size=region.size,
        offset=-1 if found.decompressed else region.start,
        runtime=found.runtime,
    )
    index = findings.add(member, region.file, inner=found.depth > 0)
    opener = opener_of(name, head, region.size, language)
    if opener is None or not region.size:
        return
    container = Container(found.path, region, found.depth, findings, lambda inner: _look(inner, findings))
    if found.depth and is_archive(opener) and not findings.may_open(found.path):
        container.closed("", region.size, f"More than {findings.limits.nested} archives lie in others before it.")
        return
    try:
        remainder = opener(container)
    except Broken as broken:
        container.closed("", region.size, f"Its opening broke off: {broken}.")
    except LimitReached:
        container.closed("", region.size, "Its opening reached a limit; what was found before is kept.")
    else:
        if remainder is not None:
            findings.keep_only(index, remainder)

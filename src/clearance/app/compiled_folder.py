"""The folder that a compilation writes: whole or not at all, and never over anything that is not its own.

A list of what was written lies in it. Whatever is in the folder and not in the list, or no longer as it was written, is
somebody else's, and nothing is touched.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.app.writable import Unwritable

LIST = ".clearance-compiled.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputFile:
    """Bytes and mode of one file below the folder."""

    content: bytes
    mode: int = 0o644


def refuse_foreign(folder: Path) -> None:
    """Raise Unwritable if the folder holds anything that was not compiled, or was changed since."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise Unwritable(f"{folder} is no folder.", advice="Name a new folder, or one that was compiled before.")
    listed = _listed(folder)
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir() or p.is_symlink()):
        name = path.relative_to(folder).as_posix()
        if name != LIST and (path.is_symlink() or listed.get(name) != _digest(path.read_bytes())):
            raise Unwritable(
                f"{path} was not written by a compilation, or was changed since.",
                advice="Name another folder, or move that file away.",
            )


def write_folder(folder: Path, files: Mapping[str, OutputFile]) -> None:
    """Replace the folder by these files in one step.

    Raises:
        Unwritable: it holds what is not ours, or cannot be written; then it is as it was.
    """
    refuse_foreign(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            _swap(folder, _written(Path(scratch) / "new", files), Path(scratch) / "old")
    except OSError as error:
        raise Unwritable(f"{folder} could not be written: {error.strerror}.", advice="Name another folder.") from error


def _written(new: Path, files: Mapping[str, OutputFile]) -> Path:
    listed = {name: _digest(file.content) for name, file in files.items()}
    every = {**files, LIST: OutputFile(content=msgspec.json.encode(listed, order="sorted"))}
    for name, file in every.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(file.mode)
    new.chmod(0o755)
    return new


def _swap(folder: Path, new: Path, old: Path) -> None:
    there = folder.exists()
    if there:
        os.replace(folder, old)  # noqa: PTH105 - says that what is there goes
    try:
        new.rename(folder)
    except OSError:
        if there:
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _listed(folder: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((folder / LIST).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""Writing a pack: it appears whole or not at all, written beside its place and renamed."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from clearance.app.writable import Unwritable


def write_whole(out: Path, files: Mapping[str, bytes], copied: Mapping[str, Path]) -> None:
    """Write a folder of files, and copies of files from elsewhere.

    Raises:
        Unwritable: something is there already, or it cannot be written. Nothing is left behind.
    """
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise Unwritable(f"{out} is there already.", advice="Name another folder, or remove it first.")
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            _fill(scratch, files, copied)
            os.chmod(scratch, 0o755)  # noqa: PTH101, S103 - mkdtemp makes them for their owner; packs are passed on
            scratch.rename(out)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
    except OSError as error:
        raise Unwritable(
            f"{out} cannot be written: {error.strerror}.", advice="Free some space there, or name another folder."
        ) from error


def _fill(folder: Path, files: Mapping[str, bytes], copied: Mapping[str, Path]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text)
    for path, source in copied.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)

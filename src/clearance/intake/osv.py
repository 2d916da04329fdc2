"""Opens a dump of advisories as osv.dev exports it: ``all.zip``, a folder of JSON files, a JSON or NDJSON file."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from clearance.intake.errors import CorruptArchive, SourceMissing

_CHUNK: Final = 1 << 20
_LARGEST: Final = 64 << 20
"""Bytes of one file within an archive; no advisory is longer."""
_ADVICE: Final = "Fetch it anew, for example https://osv-vulnerabilities.storage.googleapis.com/npm/all.zip."


class Dump:
    """The bytes of a dump in order, an empty piece where a file ends; iterating again reads it again.

    Iterating raises CorruptArchive when it is broken, SourceMissing when a file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[bytes]:
        """Pieces of at most 1 MiB."""
        try:
            yield from _of_folder(self.path) if self.path.is_dir() else _of_file(self.path)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, gzip.BadGzipFile) as error:
            raise CorruptArchive(f"The advisories in {self.path} cannot be read: {error}.", advice=_ADVICE) from error
        except OSError as error:
            raise SourceMissing(f"The advisories in {self.path} cannot be read: {error}.", advice=_ADVICE) from error


def open_dump(path: Path) -> Dump:
    """The dump at a path. Raises SourceMissing when nothing is there."""
    if not path.exists():
        raise SourceMissing(f"There are no advisories at {path}.", advice=_ADVICE)
    return Dump(path)


def _of_folder(path: Path) -> Iterator[bytes]:
    for file in sorted(path.rglob("*")):
        if file.suffix in {".json", ".jsonl", ".ndjson", ".zip", ".gz"} and file.is_file():
            yield from _of_file(file)


def _of_file(path: Path) -> Iterator[bytes]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.filename.endswith((".json", ".jsonl", ".ndjson")) and member.file_size <= _LARGEST:
                    with archive.open(member) as file:
                        yield from _pieces(file)
    elif path.suffix == ".gz":
        with gzip.open(path) as file:
            yield from _pieces(file)
    else:
        with path.open("rb") as file:
            yield from _pieces(file)


def _pieces(file: IO[bytes] | io.BufferedIOBase) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece
    yield b""

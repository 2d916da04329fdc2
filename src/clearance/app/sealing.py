"""Segments of this machine's ledger in a folder: written, recorded, and verified against the tree.

A segment is written beside its place and renamed; then its digest is recorded. What a crash leaves between the two is
written again, to the same bytes.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from clearance.app.ledgers import Clock, append_event, ledger_folder, reader, verifier_of
from clearance.app.places import state_folder
from clearance.app.writable import Unwritable
from clearance.ledger.errors import LedgerError
from clearance.ledger.reading import LogReader
from clearance.ledger.segments import SealedRanges, ranges_to_seal, rows_of, wrong_with_rows
from clearance.ledger.verify import verify
from clearance.ledger.verify_tree import Flaws
from clearance.model.ids import Digest
from clearance.model.record import SegmentSealed
from clearance.model.segment import Range
from clearance.model.verification import Verification
from clearance.report.segment_file import NoSegment, read_segment, write_segment
from clearance.store.files import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentWritten:
    """One file that was written."""

    path: Path
    about: Range
    size: int
    """Bytes."""
    record: int | None
    """Number of the record that tells of it; None: an earlier one does."""


def segments_folder() -> Path:
    """Where segments lie unless another folder is named."""
    return state_folder() / "segments"


def seal(out: Path, every: int, clock: Clock, *, rest: bool) -> Iterator[SegmentWritten]:
    """Write what is not in the folder yet, and record what is new. Raises LedgerError, ReportError, Unwritable."""
    log = reader(ledger_folder(), None)
    sealed = SealedRanges(log.of(SegmentSealed))
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for about in (*sealed.digests, *ranges_to_seal(sealed.next, log.size, every, rest=rest)):
            path = out / file_name(about)
            if about not in sealed.digests or not path.exists():
                yield _sealed(log, path, about, sealed.digests.get(about, set()), clock)
    except OSError as error:
        raise Unwritable(
            f"A segment cannot be written to {out}: {error.strerror or error}.",
            advice="Free some space there, or name another folder with --out; then seal again.",
        ) from error


def verify_segments(folder: Path, key: Path | None, segments: Path) -> tuple[Verification, int]:
    """The log verified, then each segment that it tells of: its digest, and each row against the tree.

    Bytes whose digest no record names are not opened. Also how many records are in segments. Raises ReportError,
    LedgerError.
    """
    found = verify(Files(folder), verifier_of(key))
    flaws, sealed = Flaws(), SealedRanges(())
    if found.size:
        try:
            log = reader(folder, key)
            sealed = SealedRanges(log.of(SegmentSealed))
            _check_all(log, segments, sealed, flaws)
        except LedgerError as error:
            flaws.add(segments.name, f"segments could not be checked: {error}")
    return msgspec.structs.replace(found, flaws=(*found.flaws, *flaws.found)), sealed.next


def _check_all(log: LogReader, segments: Path, sealed: SealedRanges, flaws: Flaws) -> None:
    for index, what in sealed.astray:
        told = f"record {index} tells of a segment {what.first} to {what.last} that does not follow the others"
        flaws.add(file_name((what.first, what.last)), told, index)
    for about, digests in sealed.digests.items():
        _check(log, segments / file_name(about), about, digests, flaws)


def file_name(about: Range) -> str:
    """``segment-000000000000-000000099999.parquet``."""
    return f"segment-{about[0]:012d}-{about[1]:012d}.parquet"


def _sealed(log: LogReader, path: Path, about: Range, known: set[Digest], clock: Clock) -> SegmentWritten:
    digest, size = _write(log, path, about)
    event = SegmentSealed(first=about[0], last=about[1], file=digest)
    record = append_event(event, clock) if digest not in known else None
    return SegmentWritten(path=path, about=about, size=size, record=record)


def _write(log: LogReader, path: Path, about: Range) -> tuple[Digest, int]:
    """The file is there as a whole or not at all; its digest and size."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            write_segment(rows_of(log, about), file)
            file.flush()
            os.fsync(file.fileno())
            digest, size = _digest(file), file.seek(0, os.SEEK_END)
        Path(beside).rename(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest, size


def _check(log: LogReader, path: Path, about: Range, digests: set[Digest], flaws: Flaws) -> None:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        flaws.add(path.name, f"the segment cannot be read: {error.strerror}")
        return
    with os.fdopen(handle, "rb") as file:
        if _digest(file) not in digests:
            flaws.add(path.name, "its bytes are not those that a record tells of: not opened")
            return
        file.seek(0)
        try:
            wrong = wrong_with_rows(read_segment(file), log, about)
        except NoSegment as error:
            flaws.add(path.name, str(error))
            return
    if wrong is not None:
        flaws.add(path.name, f"row of record {wrong[0]}: {wrong[1]}", wrong[0])


def _digest(file: IO[bytes]) -> Digest:
    file.seek(0)
    return Digest(hashlib.file_digest(file, "sha256").hexdigest())  # type: ignore[arg-type] # any binary file will do

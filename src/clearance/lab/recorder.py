"""Traces on disk: written as things happen, identified by their digest, readable after a crash.

While it is written a trace is ``<name>.part``; it takes its own name in one step when it is whole.
"""

import contextlib
import hashlib
import heapq
import operator
from collections.abc import Iterable, Iterator
from pathlib import Path

from clearance.lab.errors import LabError
from clearance.model.ids import Digest
from clearance.model.trace import Event, TraceError, decode_events, encode_event

_CHUNK = 1 << 20


class RecorderError(LabError):
    """A trace could not be written."""


class TraceWriter:
    """Writes events to ``path``, each in one write: after a crash only the last one can be cut.

    Raises:
        RecorderError: the disk is full or the folder cannot be written (also from ``write`` and ``close``).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = _part(path)
        self._hash = hashlib.sha256()
        self.size = 0
        """Bytes written so far."""
        with explained(path):
            self._file = self._part.open("wb", buffering=0)

    def write(self, event: Event) -> None:
        """Appends one event."""
        frame = memoryview(encode_event(event))
        self._hash.update(frame)
        self.size += len(frame)
        with explained(self._path):
            while frame:  # an unbuffered write may take less than it is given
                frame = frame[self._file.write(frame) :]

    def close(self) -> Digest:
        """Ends the trace and gives it its name. Returns the SHA-256 of the file."""
        with explained(self._path):
            self._file.close()
            self._part.replace(self._path)
        return Digest(self._hash.hexdigest())

    def abandon(self) -> None:
        """Ends it without giving it its name: what was written stays readable as a partial trace."""
        self._file.close()


def write_trace(path: Path, events: Iterable[Event]) -> Digest:
    """Writes a whole trace. Raises RecorderError; whatever the events raise leaves a partial trace."""
    writer = TraceWriter(path)
    try:
        for event in events:
            writer.write(event)
    except BaseException:
        writer.abandon()
        raise
    return writer.close()


def read_trace(path: Path, *, digest: Digest | None = None, partial: bool = False) -> Iterator[Event]:
    """The events of a trace, streaming.

    With ``digest`` the file is checked on the way; the answer comes after the last event. With ``partial`` an
    unfinished file is read (``<name>.part`` when ``path`` itself is not there) up to its last whole event.

    Raises:
        TraceError: the bytes are no trace, end inside an event, or are not those of ``digest``.
        FileNotFoundError: there is no such trace.
    """
    seen = hashlib.sha256()
    source = _part(path) if partial and not path.exists() else path
    try:
        yield from decode_events(_chunks(source, seen))
    except TraceError as error:
        if not partial:
            raise TraceError(f"{path.name}: {error}") from error
        return
    if digest is not None and seen.hexdigest() != digest:
        raise TraceError(f"{path.name} is not the trace it was: its digest is {seen.hexdigest()[:12]}…")


def merge(*streams: Iterable[Event]) -> Iterator[Event]:
    """Streams that are each in order of ``at``, as one in order of ``at``; earlier streams first among equals."""
    return heapq.merge(*streams, key=operator.attrgetter("at"))


def _chunks(path: Path, seen: "hashlib._Hash") -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            seen.update(chunk)
            yield chunk


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns an operating system's refusal to write ``path`` into a RecorderError with a sentence for a person."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        advice = f"Free some space in {path.parent}, or set CLEARANCE_HOME to a folder elsewhere."
        raise RecorderError(f"cannot write {path.name}: {reason}", advice=advice) from error

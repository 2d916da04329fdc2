"""Members examined by worker processes: two cores are used, and whatever a hostile member does ends one worker only.

1. A worker is this Python with ``serve``; it gets batches and answers with facts, as length-prefixed MessagePack.
2. It has limits on memory and on the time of a batch. One that ends or does not answer is replaced; a batch that it
   died of is cut into single members, and a member that a worker died of is an ``Unopened``.
3. Small work is done here, without a worker; the eyes on a large script are divided between two.
"""

import mmap
import os
import resource
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from clearance.intake.unpack.inside import FoundMember
from clearance.model.contents import CompiledCode, Language, Member, Unopened
from clearance.observe.static.eyes import Eyes, may_be_shared
from clearance.observe.static.gather import MemberFacts, gathered, moved

BATCH_BYTES = 6 << 20
SHARED_BYTES = 2 << 20
"""A script of this size is looked at by two workers at once."""
INLINE_BYTES = 1 << 20
"""Work that is smaller in all is done in this process."""
MEMORY_BYTES = 3 << 30
STRETCH_BYTES, OVERLAP_BYTES = 16 << 20, 64 << 10
_WRITTEN = frozenset(Language) - {Language.NATIVE, Language.BYTECODE, Language.MEDIA}
_LENGTH = struct.Struct("<I")
_SECONDS, _SECONDS_PER_MB = 60.0, 2.0


class MemberAt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member, its index, and the file that holds its bytes."""

    index: int
    member: Member
    file: str
    start: int
    eyes: Eyes = Eyes.ALL


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members that one worker reads one after another."""

    members: tuple[MemberAt, ...]
    scripts: tuple[MemberAt, ...] = ()
    """Where there are any, the members are compiled code to be compared with them …"""
    engines: tuple[MemberAt, ...] = ()
    """… and with the engines that they came with, which bring compiled code of their own."""

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(item.member.size for item in self.members)

    @property
    def done(self) -> tuple[int, int]:
        """Members and bytes that are read with it: what two share is counted once."""
        mine = [item.member.size for item in self.members if item.eyes is not Eyes.HIDDEN_STRINGS]
        return len(mine), sum(mine)


@dataclass(slots=True)
class Result:
    """What the workers found."""

    facts: list[MemberFacts] = field(default_factory=list)
    unopened: list[Unopened] = field(default_factory=list)


def examine_all(
    members: Sequence[FoundMember],
    *,
    jobs: int,
    done: Callable[[int, int], None],
    leave: frozenset[int] = frozenset(),
    compiled: frozenset[int] = frozenset(),
) -> Result:
    """Facts of every member save those in ``leave``; ``done`` is told members and bytes as they are finished.

    Members in ``compiled`` are compared with all scripts and texts in place of being read.
    """
    batches = (*_comparisons(members, compiled), *_batches(members, leave | compiled))
    result = Result()
    if sum(batch.size for batch in batches) <= INLINE_BYTES:
        for batch in batches:
            result.facts.append(examine_batch(batch))
            done(*batch.done)
        return result
    with _Pool(min(jobs, len(batches)), result, done) as pool:
        pool.run(batches)
    return result


def examine_batch(batch: Batch) -> MemberFacts:
    """Facts of one batch, in this process. Raises OSError when a file is gone."""
    if batch.scripts:
        return MemberFacts(compiled=tuple(_compared(item, batch) for item in batch.members))
    return gathered([_examine(item) for item in batch.members])


def _compared(item: MemberAt, batch: Batch) -> CompiledCode:
    from clearance.observe.static.compiled import compare_compiled

    with ExitStack() as opened:
        engines = [opened.enter_context(_mapped(engine)) for engine in batch.engines]
        return compare_compiled(item.index, _stretches(item), lambda: map(_whole, batch.scripts), engines)


@contextmanager
def _mapped(item: MemberAt) -> Iterator[mmap.mmap]:
    skipped = item.start % mmap.ALLOCATIONGRANULARITY
    with Path(item.file).open("rb") as file:
        size = skipped + item.member.size
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ, offset=item.start - skipped) as found:
            yield found


def _stretches(item: MemberAt) -> Iterator[tuple[int, bytes]]:
    with Path(item.file).open("rb") as file:
        for at in range(0, item.member.size, STRETCH_BYTES):
            file.seek(item.start + at)
            yield at, file.read(min(STRETCH_BYTES + OVERLAP_BYTES, item.member.size - at))


def _whole(item: MemberAt) -> bytes:
    with Path(item.file).open("rb") as file:
        file.seek(item.start)
        return file.read(item.member.size)


def _examine(item: MemberAt) -> MemberFacts:
    """Binary is read in stretches that overlap: its facts are short, and a member of 300 MB is not held whole."""
    if item.eyes is Eyes.HIDDEN_STRINGS:  # imports here: a look from the cache needs none, these eyes need few
        from clearance.observe.static.scripts import hidden_facts

        return hidden_facts(item.member, item.index, _whole(item))
    from clearance.observe.static.examine import examine

    member, whole = item.member, item.member.size
    stretch = STRETCH_BYTES if member.language in (Language.NATIVE, Language.BYTECODE) else max(whole, 1)
    parts = []
    with Path(item.file).open("rb") as file:
        for at in range(0, max(whole, 1), stretch):
            file.seek(item.start + at)
            data = file.read(min(stretch + OVERLAP_BYTES, whole - at))
            facts = examine(member, item.index, data, item.eyes)
            parts.append(moved(facts, at.__add__) if at else facts)
    return gathered(parts) if len(parts) > 1 else parts[0]


def _comparisons(members: Sequence[FoundMember], compiled: frozenset[int]) -> Iterator[Batch]:
    rows = [MemberAt(index=i, member=m.member, file=str(m.file), start=m.start) for i, m in enumerate(members)]
    scripts = tuple(row for row in rows if row.member.language in _WRITTEN)
    engines = tuple(row for row in rows if row.member.runtime and row.member.size)
    for index in sorted(compiled, key=lambda i: -members[i].member.size):
        yield Batch(members=(rows[index],), scripts=scripts, engines=engines)


def _batches(members: Sequence[FoundMember], leave: frozenset[int]) -> Iterator[Batch]:
    """Large members alone and first, so that no worker begins one when the others are through."""
    rows = [
        MemberAt(index=i, member=m.member, file=str(m.file), start=m.start)
        for i, m in enumerate(members)
        if i not in leave and not m.member.runtime and m.member.language is not Language.MEDIA
    ]
    small: list[MemberAt] = []
    for row in sorted(rows, key=lambda r: -r.member.size):
        if row.member.size >= SHARED_BYTES and may_be_shared(row.member):
            for eyes in (Eyes.HIDDEN_STRINGS, Eyes.OTHERS):
                yield Batch(members=(msgspec.structs.replace(row, eyes=eyes),))
            continue
        if row.member.size >= BATCH_BYTES:
            yield Batch(members=(row,))
            continue
        small.append(row)
        if sum(r.member.size for r in small[-64:]) >= BATCH_BYTES or len(small) >= 400:
            yield Batch(members=tuple(small))
            small = []
    if small:
        yield Batch(members=tuple(small))


class _Worker:
    """One process, and what it is at."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from clearance.lab.examiner import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self.batch: Batch | None = None
        self.deadline = 0.0

    @property
    def answers(self) -> BinaryIO:
        """Where its answers come from."""
        assert self.process.stdout is not None
        return self.process.stdout  # type: ignore[return-value]

    def give(self, batch: Batch) -> None:
        """Hand it a batch. Raises BrokenPipeError when it is gone."""
        self.batch = batch
        self.deadline = time.monotonic() + _SECONDS + _SECONDS_PER_MB * batch.size / (1 << 20)
        assert self.process.stdin is not None
        _write(self.process.stdin, msgspec.msgpack.encode(batch))  # type: ignore[arg-type]

    def end(self) -> int:
        """End it; its exit status."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return self.process.wait()


class _Pool:
    """Workers and the batches that wait for one."""

    def __init__(self, size: int, result: Result, done: Callable[[int, int], None]) -> None:
        self._result, self._done = result, done
        self._workers = [_Worker() for _ in range(max(1, size))]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()

    def run(self, batches: Sequence[Batch]) -> None:
        """Every batch to its end."""
        waiting = deque(batches)
        while waiting or any(w.batch for w in self._workers):
            for number, worker in enumerate(self._workers):
                if worker.batch is None and waiting:
                    self._start(number, waiting)
            self._collect(waiting)

    def _start(self, number: int, waiting: deque[Batch]) -> None:
        batch = waiting.popleft()
        try:
            self._workers[number].give(batch)
        except OSError:
            self._died(number, waiting)

    def _collect(self, waiting: deque[Batch]) -> None:
        busy = {w.answers.fileno(): n for n, w in enumerate(self._workers) if w.batch is not None}
        if not busy:
            return
        with selectors.DefaultSelector() as selector:
            for handle in busy:
                selector.register(handle, selectors.EVENT_READ)
            soonest = min(self._workers[n].deadline for n in busy.values())
            ready = selector.select(max(0.0, min(soonest - time.monotonic(), 5.0)))
        for key, _ in ready:
            self._answer(busy[key.fd], waiting)
        for number in busy.values():
            worker = self._workers[number]
            if worker.batch is not None and time.monotonic() > worker.deadline:
                self._died(number, waiting, "it took longer than it may")

    def _answer(self, number: int, waiting: deque[Batch]) -> None:
        worker = self._workers[number]
        assert worker.batch is not None
        try:
            facts = msgspec.msgpack.decode(_read(worker.answers), type=MemberFacts)
        except (EOFError, msgspec.DecodeError):
            self._died(number, waiting)
            return
        self._result.facts.append(facts)
        self._done(*worker.batch.done)
        worker.batch = None

    def _died(self, number: int, waiting: deque[Batch], why: str = "") -> None:
        """Replace a worker; its batch is tried again member by member, a single member is given up."""
        worker = self._workers[number]
        batch, status = worker.batch, worker.end()
        self._workers[number] = _Worker()
        if batch is None:
            return
        if len(batch.members) > 1:
            waiting.extend(Batch(members=(item,)) for item in batch.members)
            return
        (item,) = batch.members
        reason = why or f"reading it ended the process that did ({_in_words(status)})"
        self._result.unopened.append(Unopened(path=item.member.path, size=item.member.size, reason=reason))
        self._done(*batch.done)


def _in_words(status: int) -> str:
    if status < 0:
        return f"signal {signal.Signals(-status).name}"
    return "out of memory or a fault of ours" if status else "it closed its answers"


def _write(pipe: BinaryIO, data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _read(pipe: BinaryIO) -> bytes:
    """One message. Raises EOFError when the other side is gone."""
    head = _exactly(pipe, _LENGTH.size)
    return _exactly(pipe, _LENGTH.unpack(head)[0])


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def serve() -> None:
    """A worker's life: batches from standard input, facts to standard output, until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            batch = msgspec.msgpack.decode(_read(source), type=Batch)
        except EOFError:
            return
        facts = msgspec.msgpack.encode(examine_batch(batch))
        try:
            _write(sink, facts)
        except BrokenPipeError:  # the look was ended
            os._exit(0)


def worker_count() -> int:
    """One worker for each processor, at most eight."""
    return min(8, os.cpu_count() or 1)

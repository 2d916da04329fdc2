"""Members examined by worker processes: two cores are used, and whatever a hostile member does ends one worker only.

1. A worker is this Python with ``serve``; it gets batches and answers with facts, as length-prefixed MessagePack.
2. It has limits on memory and on the time of a batch. One that ends or does not answer is replaced; a batch that it
   died of is cut into single members, and a member that a worker died of is an ``Unopened``.
3. Small work is done here, without a worker.
"""

import os
import resource
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from clearance.intake.unpack.inside import FoundMember
from clearance.lab.batches import Batch, batches_of
from clearance.lab.examine_batch import examine_batch
from clearance.model.contents import Unopened
from clearance.observe.static.eyes import Eyes
from clearance.observe.static.gather import MemberFacts

INLINE_BYTES = 1 << 20
"""Work that is smaller in all is done in this process."""
MEMORY_BYTES = 3 << 30
_START = "from clearance.lab.examiner import serve; serve()"
_LENGTH = struct.Struct("<I")
_SECONDS, _SECONDS_PER_MB = 60.0, 2.0


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
    batches = batches_of(members, leave, compiled)
    result = Result()
    if sum(batch.size for batch in batches) <= INLINE_BYTES:
        for batch in batches:
            result.facts.append(examine_batch(batch))
            done(*batch.done)
        return result
    with _Pool(min(jobs, len(batches)), result, done) as pool:
        pool.run(batches)
        result.facts.extend(pool.in_order())
    return result


class _Worker:
    """One process, and what it is at."""

    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START],
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
        self._facts: dict[tuple[int, str], MemberFacts] = {}
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

    def in_order(self) -> list[MemberFacts]:
        """The facts in the order of the members, whichever worker was done first."""
        return [facts for _, facts in sorted(self._facts.items(), key=lambda item: item[0])]

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
                self._died(number, waiting, slow=True)

    def _answer(self, number: int, waiting: deque[Batch]) -> None:
        worker = self._workers[number]
        assert worker.batch is not None
        try:
            facts = msgspec.msgpack.decode(_read(worker.answers), type=MemberFacts)
        except (EOFError, msgspec.DecodeError):
            self._died(number, waiting)
            return
        first = worker.batch.members[0]
        self._facts[first.index, first.eyes.value] = facts
        self._done(*worker.batch.done)
        worker.batch = None

    def _died(self, number: int, waiting: deque[Batch], *, slow: bool = False) -> None:
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
        what = "Looking for hidden strings in it" if item.eyes is Eyes.HIDDEN_STRINGS else "Reading it"
        reason = (
            f"{what} took longer than it may." if slow else f"{what} ended the process that did ({_in_words(status)})."
        )
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

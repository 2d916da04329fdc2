"""One batch examined, in the process that calls: bytes from disk to facts."""

import mmap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from clearance.lab.batches import Batch, MemberAt
from clearance.model.contents import CompiledCode, Language
from clearance.observe.static.eyes import Eyes
from clearance.observe.static.gather import MemberFacts, gathered, moved

STRETCH_BYTES, OVERLAP_BYTES = 16 << 20, 64 << 10


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

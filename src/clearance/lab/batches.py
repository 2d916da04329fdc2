"""Members of a release in batches for workers: large ones alone and first, large scripts for two workers each."""

from collections.abc import Iterator, Sequence

import msgspec

from clearance.intake.unpack.inside import FoundMember
from clearance.model.contents import Language, Member
from clearance.observe.static.eyes import Eyes, may_be_shared

BATCH_BYTES = 6 << 20
SHARED_BYTES = 2 << 20
"""A script of this size is looked at by two workers at once."""
_WRITTEN = frozenset(Language) - {Language.NATIVE, Language.BYTECODE, Language.MEDIA}


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


def batches_of(members: Sequence[FoundMember], leave: frozenset[int], compiled: frozenset[int]) -> tuple[Batch, ...]:
    """Batches of every member save those in ``leave``; those in ``compiled`` are to be compared with all scripts."""
    return (*_comparisons(members, compiled), *_batches(members, leave | compiled))


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

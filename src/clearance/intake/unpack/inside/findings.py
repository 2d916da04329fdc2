"""What was found so far in a release, under its limits; the one place that writes to the scratch folder."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.intake.unpack.inside.opened import FoundMember, InsideLimits, Opened
from clearance.intake.unpack.names import printable
from clearance.model.contents import Language, Member, Unopened
from clearance.model.release import Problem

_MOST_REMARKS = 1000
_LONGEST_PATH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """The stretch of a container that no member took, and what it is: it keeps the container's path."""

    at: int
    size: int
    language: Language
    how: str = "file"
    runtime: bool = False


class Findings:
    """Members, problems and what stayed closed, in order; and the bytes and members that may still come."""

    def __init__(self, scratch: Path, limits: InsideLimits) -> None:
        self.limits = limits
        self._scratch = scratch
        self._members: list[FoundMember] = []
        self._unopened: list[Unopened] = []
        self._problems: list[Problem] = []
        self._muted = 0
        self._unopened_more = 0
        self._files = 0
        self._bytes = 0
        self._inner = 0
        self._nested = 0

    def result(self) -> Opened:
        """All of it; of problems and closed things at most a thousand each, and one entry for the rest."""
        problems, unopened = list(self._problems), list(self._unopened)
        if self._muted:
            more = f"{self._muted} more problems"
            problems.append(Problem(kind="more", path="", problem=more, resolution="not listed"))
        if self._unopened_more:
            more = f"{self._unopened_more} more could not be opened"
            unopened.append(Unopened(path="", size=0, reason=more))
        return Opened(members=tuple(self._members), unopened=tuple(unopened), problems=tuple(problems))

    def members_left(self) -> int:
        """How many members that lie in others may still come."""
        return self.limits.members - self._inner

    def may_open(self, path: str) -> bool:
        """Counts one more archive in another; False, with one Problem for all, where the limit is passed."""
        self._nested += 1
        if self._nested == self.limits.nested + 1:
            what = f"more than {self.limits.nested} archives lie in others"
            self.problem("too-many-archives", path, what, "this one and all after it were not opened")
        return self._nested <= self.limits.nested

    def add(self, member: Member, file: Path, *, inner: bool) -> int:
        """Its index."""
        self._inner += inner
        path = member.path if len(member.path) <= _LONGEST_PATH else member.path[: _LONGEST_PATH - 1] + "…"
        self._members.append(FoundMember(member=msgspec.structs.replace(member, path=path), file=file))
        return len(self._members) - 1

    def keep_only(self, index: int, remainder: Remainder) -> None:
        """A container was opened: its own member holds only what no other took."""
        whole = self._members[index]
        member = msgspec.structs.replace(
            whole.member,
            how=whole.member.how if remainder.how == "file" else remainder.how,
            language=remainder.language,
            offset=whole.start + remainder.at if whole.member.offset >= 0 or remainder.at else -1,
            size=remainder.size,
            runtime=remainder.runtime,
        )
        self._members[index] = FoundMember(member=member, file=whole.file)

    def unopened(self, path: str, size: int, reason: str) -> None:
        """Something stays closed."""
        if len(self._unopened) >= _MOST_REMARKS:
            self._unopened_more += 1
            return
        self._unopened.append(Unopened(path=path[:_LONGEST_PATH], size=max(size, 0), reason=reason))

    def problem(self, kind: str, path: bytes | str, problem: str, resolution: str) -> None:
        """Something is wrong."""
        if len(self._problems) >= _MOST_REMARKS:
            self._muted += 1
            return
        self._problems.append(Problem(kind=kind, path=printable(path), problem=problem, resolution=resolution))

    def room_left(self) -> int:
        """Decompressed bytes that may still come."""
        return self.limits.total_bytes - self._bytes

    def write(self, chunks: Iterable[bytes]) -> Path:
        """A new scratch file with the chunks; it is removed when they raise.

        What the chunks raise passes through; OSError when the disk is full.
        """
        self._files += 1
        path = self._scratch / f"{self._files:06d}"
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(fd, "wb", buffering=0) as out:
                for chunk in chunks:
                    self._bytes += len(chunk)
                    out.write(chunk)
        except BaseException:
            path.unlink()
            raise
        return path

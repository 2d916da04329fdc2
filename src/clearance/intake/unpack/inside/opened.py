"""What opening a release gives, and how far it goes."""

from dataclasses import dataclass
from pathlib import Path

from clearance.model.contents import Member, Unopened
from clearance.model.release import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMember:
    """A member and where its bytes are now."""

    member: Member
    """``member.offset`` is where its bytes begin in ``file``; -1 for a scratch file that holds just them."""
    file: Path

    @property
    def start(self) -> int:
        """Where its bytes begin in ``file``."""
        return max(self.member.offset, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A release's files and what was inside them, each container right before what it held."""

    members: tuple[FoundMember, ...]
    unopened: tuple[Unopened, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideLimits:
    """How far opening goes. The release's own files do not count."""

    total_bytes: int = 2 << 30
    """Decompressed, of all containers together."""
    members: int = 200_000
    ratio: int = 100
    """Decompressed to packed bytes of one container; deflate reaches 1032, programs rarely 10."""
    ratio_from_bytes: int = 64 << 20
    """The ratio counts only beyond this size: a small file of zeros is no bomb."""
    depth: int = 4
    """Containers in containers."""
    nested: int = 5_000
    """Archives and programs in others that are opened, of a release: a few kilobytes can name millions of them."""
    one_member: int = 1 << 30
    """Decompressed bytes of one member; also how much of a program is searched for what hides in it."""

"""What a ledger needs of whatever keeps its files: a disk, an object store, or memory in a test."""

from collections.abc import Iterator
from typing import Protocol


class Keeper(Protocol):
    """Files by relative path. Methods raise OSError where the disk, or what stands in for it, refuses."""

    def read(self, path: str) -> bytes | None:
        """The whole file, or None."""
        ...

    def replace(self, path: str, data: bytes) -> None:
        """The file has these bytes from now on, or after a crash the ones before; never a mixture. Durable."""
        ...

    def append(self, path: str, data: bytes) -> None:
        """Add to the end; durable only after ``sync``. After an OSError nothing, a part or all may be there."""
        ...

    def sync(self, path: str) -> None:
        """What was appended is durable."""
        ...

    def cut(self, path: str, size: int) -> None:
        """The file has ``size`` bytes from now on."""
        ...

    def remove(self, path: str) -> None:
        """The file is gone; fine if it was."""
        ...

    def paths(self) -> Iterator[str]:
        """Every file."""
        ...

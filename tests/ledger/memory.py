"""A keeper in memory that can lose power at any operation: what was not synchronised is lost or torn."""

import random
from collections.abc import Iterator


class PowerLost(Exception):  # noqa: N818 - what happened, not an error of the code's
    """The machine is off."""


class Memory:
    """Files in memory; with ``after`` operations the power goes."""

    def __init__(self, *, after: int = -1, chance: int = 0) -> None:
        self.files: dict[str, bytes] = {}
        self.unsynced: dict[str, bytes] = {}
        self.operations = 0
        self.after = after
        self.full = False
        self._chance = random.Random(chance)

    def restarted(self) -> "Memory":
        """What is on the disk when the machine comes back: of unsynchronised bytes some, none or all, in order."""
        disk = Memory()
        disk.files = dict(self.files)
        for path, data in self.unsynced.items():
            kept = data[: self._chance.randint(0, len(data))]
            if kept or path in disk.files:
                disk.files[path] = disk.files.get(path, b"") + kept
        return disk

    def _step(self) -> None:
        self.operations += 1
        if self.operations == self.after:
            raise PowerLost

    def _room(self) -> None:
        if self.full:
            raise OSError(28, "No space left on device")

    def read(self, path: str) -> bytes | None:
        data = self.files.get(path)
        return data if path not in self.unsynced else (data or b"") + self.unsynced[path]

    def replace(self, path: str, data: bytes) -> None:
        self._step()
        self._room()
        self.files[path] = data

    def append(self, path: str, data: bytes) -> None:
        if self.full:
            self.unsynced[path] = self.unsynced.get(path, b"") + data[: len(data) // 2]
            self._room()
        self.unsynced[path] = self.unsynced.get(path, b"") + data
        self._step()

    def sync(self, path: str) -> None:
        self._step()
        self.files[path] = self.files.get(path, b"") + self.unsynced.pop(path, b"")

    def cut(self, path: str, size: int) -> None:
        self._step()
        whole = self.files.get(path, b"") + self.unsynced.pop(path, b"")
        self.files[path] = whole[:size]

    def remove(self, path: str) -> None:
        self._step()
        self.files.pop(path, None)
        self.unsynced.pop(path, None)

    def paths(self) -> Iterator[str]:
        yield from sorted({*self.files, *self.unsynced})

"""A campaign's runs: carried out in rooms side by side, or taken from the traces of an earlier campaign.

The journal (``campaign.jsonl``) gets a line for every run that ended, so that whatever kills a campaign, what was
recorded stays usable.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from clearance.lab.errors import LabError
from clearance.lab.recorder import explained
from clearance.lab.run import RunRecord
from clearance.model.cell import Cell
from clearance.model.ids import Digest, FactorName, LevelName, RunId

Levels = Mapping[FactorName, LevelName]


class JournalLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ended run."""

    cell: Cell
    trace: str
    """File name below ``traces/``."""
    digest: Digest
    outcome: str
    detail: str
    wall_s: float
    cpu_s: float


class Watcher(Protocol):
    """Whoever wants to know how far a campaign is."""

    def phase(self, name: str, planned: int) -> None:
        """A phase begins; ``planned`` runs are meant in it."""

    def started(self, cell: Cell) -> None:
        """A room is being opened."""

    def ended(self, record: RunRecord) -> None:
        """A run is over."""

    def note(self, text: str) -> None:
        """One line for a person."""


class Quiet:
    """A watcher that says nothing."""

    def phase(self, name: str, planned: int) -> None:
        """Nothing."""

    def started(self, cell: Cell) -> None:
        """Nothing."""

    def ended(self, record: RunRecord) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""


class Lab(Protocol):
    """Whoever can say what a cell does."""

    async def run(self, phase: str, cells: Sequence[Levels]) -> list[RunRecord | None]:
        """One record for each cell, in order; None for a cell that was not run."""
        ...

    @property
    def skipped(self) -> int:
        """Cells that were asked for and not run."""
        ...


class RoomLab:
    """Runs cells in rooms, several at once, until the time is up."""

    def __init__(
        self,
        run_one: Callable[[Cell], Awaitable[RunRecord]],
        *,
        folder: Path,
        jobs: int,
        deadline: float | None,
        watcher: Watcher,
    ) -> None:
        """``deadline``: reading of ``time.monotonic()`` after which no run is started."""
        self._run_one, self._jobs, self._deadline, self._watcher = run_one, jobs, deadline, watcher
        self._journal = folder / "campaign.jsonl"
        self._count: dict[str, int] = {}
        self._skipped = 0
        self.records: list[RunRecord] = []

    @property
    def skipped(self) -> int:
        """Cells left out because the time was up."""
        return self._skipped

    async def run(self, phase: str, cells: Sequence[Levels]) -> list[RunRecord | None]:
        """Run the cells; those that the time does not allow are None."""
        self._watcher.phase(phase, len(cells))
        gate = asyncio.Semaphore(self._jobs)
        numbered = [self._cell(phase, levels) for levels in cells]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._guarded(cell, gate)) for cell in numbered]
        return [task.result() for task in tasks]

    def _cell(self, phase: str, levels: Levels) -> Cell:
        self._count[phase] = self._count.get(phase, 0) + 1
        return Cell(run=RunId(f"{phase}-{self._count[phase]:03d}"), phase=phase, levels=dict(levels))

    async def _guarded(self, cell: Cell, gate: asyncio.Semaphore) -> RunRecord | None:
        async with gate:
            if self._deadline is not None and time.monotonic() > self._deadline:
                self._skipped += 1
                return None
            self._watcher.started(cell)
            record = await self._run_one(cell)
        self.records.append(record)
        with explained(self._journal), self._journal.open("ab") as journal:
            journal.write(msgspec.json.encode(_line(record)) + b"\n")
        self._watcher.ended(record)
        return record


class ReplayLab:
    """Takes runs from an earlier campaign: the same cells in the same phase, in the order they were recorded."""

    def __init__(self, folder: Path, watcher: Watcher) -> None:
        self._watcher = watcher
        self._waiting: dict[tuple[str, frozenset[tuple[str, str]]], deque[RunRecord]] = {}
        self._skipped = 0
        self.records: list[RunRecord] = []
        for line in read_journal(folder):
            record = RunRecord(
                cell=line.cell,
                trace=folder / "traces" / Path(line.trace).name,
                digest=line.digest,
                outcome=line.outcome,
                detail=line.detail,
                wall_s=line.wall_s,
                cpu_s=line.cpu_s,
            )
            self._waiting.setdefault(_key(line.cell.phase, line.cell.levels), deque()).append(record)
        for queue in self._waiting.values():
            # Side by side, runs end in any order; their names keep the order in which they were asked for.
            ordered = sorted(queue, key=lambda r: (len(r.cell.run), r.cell.run))
            queue.clear()
            queue.extend(ordered)

    @property
    def skipped(self) -> int:
        """Cells that the earlier campaign did not run."""
        return self._skipped

    async def run(self, phase: str, cells: Sequence[Levels]) -> list[RunRecord | None]:
        """The recorded runs of these cells."""
        self._watcher.phase(phase, len(cells))
        found = [self._take(phase, levels) for levels in cells]
        for record in found:
            if record is None:
                self._skipped += 1
            else:
                self.records.append(record)
                self._watcher.ended(record)
        return found

    def _take(self, phase: str, levels: Levels) -> RunRecord | None:
        queue = self._waiting.get(_key(phase, levels))
        return queue.popleft() if queue else None


def _key(phase: str, levels: Levels) -> tuple[str, frozenset[tuple[str, str]]]:
    return phase, frozenset(levels.items())


def _line(record: RunRecord) -> JournalLine:
    return JournalLine(
        cell=record.cell,
        trace=record.trace.name,
        digest=record.digest,
        outcome=record.outcome,
        detail=record.detail,
        wall_s=record.wall_s,
        cpu_s=record.cpu_s,
    )


def read_journal(folder: Path) -> tuple[JournalLine, ...]:
    """Every whole line of a campaign's journal; a line that a kill cut short is left out.

    Raises:
        LabError: there is no journal, or it is not one.
    """
    try:
        lines = (folder / "campaign.jsonl").read_bytes().split(b"\n")
    except OSError as error:
        raise LabError(
            f"{folder} holds no campaign: {error.strerror}",
            advice="Give the folder that `clearance vet` named at its end; it holds campaign.jsonl and traces/.",
        ) from error
    found = []
    for number, line in enumerate(lines):
        if not line:
            continue
        try:
            found.append(msgspec.json.decode(line, type=JournalLine))
        except msgspec.DecodeError as error:
            if number < len(lines) - 1:
                raise LabError(
                    f"line {number + 1} of {folder / 'campaign.jsonl'} is not a run: {error}",
                    advice="The file was changed or is from another version; vet the release again.",
                ) from error
    return tuple(found)

"""Live progress of a campaign on a terminal, one line a phase elsewhere."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from clearance.lab.run import RunRecord
from clearance.model.cell import Cell
from clearance.report.visible import spell

_PHASES = {
    "acquire": "Fetching the release",
    "look": "Looking into the release",
    "seal": "Proving that rooms are sealed",
    "baseline": "Baseline replicates",
    "screen": "Screening: many factors in each run",
    "reduce": "Looking for the smallest triggers",
    "confirm": "Confirming on fresh runs",
    "repeat": "Repeating runs that said nothing to the model",
    "judge": "Judging",
}


class CampaignProgress:
    """Phases, rooms running, runs done of planned, time left. A context manager; safe without a terminal."""

    def __init__(self, console: Console, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._quiet, self._clock = console, quiet, clock
        self._phase, self._planned, self._done, self._began = "", 0, 0, clock()
        self._running: dict[str, float] = {}
        self._total = 0
        self._failed = 0
        self._download: tuple[str, int, int | None] | None = None
        self._live = Live(
            get_renderable=self._render, console=console, refresh_per_second=5, transient=True, auto_refresh=True
        )
        self._on_terminal = console.is_terminal and not quiet

    def __enter__(self) -> Self:
        if self._on_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._on_terminal:
            self._live.stop()

    def phase(self, name: str, planned: int) -> None:
        """A phase begins, or goes on with more runs."""
        if name != self._phase:
            self._close_phase()
            self._phase, self._planned, self._done, self._began = name, planned, 0, self._clock()
        else:
            self._planned += planned

    def started(self, cell: Cell) -> None:
        """A room is being opened."""
        self._running[cell.run] = self._clock()

    def ended(self, record: RunRecord) -> None:
        """A run is over."""
        self._running.pop(record.cell.run, None)
        self._done += 1
        self._total += 1
        self._failed += record.outcome != "exited"

    def note(self, text: str) -> None:
        """One line for a person."""
        if not self._quiet:
            self._console.print(Text(spell(text), style="dim"))

    def fetched(self, what: str, done: int, total: int | None) -> None:
        """Bytes of a download so far."""
        self._download = (what, done, total)

    def finish(self) -> None:
        """Close the last phase."""
        self._close_phase()
        self._phase = ""

    def _close_phase(self) -> None:
        if not self._phase or self._quiet:
            return
        seconds = self._clock() - self._began
        runs = f", {self._done} runs" if self._done else ""
        label = _PHASES.get(self._phase, self._phase)
        self._console.print(Text.assemble(("✓ ", "green"), f"{label}{runs} ", (f"({seconds:.0f} s)", "dim")))
        self._download = None

    def _render(self) -> Table:
        grid = Table.grid(padding=(0, 1))
        label = _PHASES.get(self._phase, self._phase or "Starting")
        elapsed = self._clock() - self._began
        if self._planned:
            grid.add_row(Text(f"{label}: {self._done} of {self._planned} runs"))
            bar = ProgressBar(total=self._planned, completed=self._done, width=min(40, self._console.width - 4))
            grid.add_row(bar)
            state = f"{len(self._running)} rooms running, {elapsed:.0f} s"
            if self._done:
                state += f", about {elapsed / self._done * (self._planned - self._done):.0f} s left in this phase"
            if self._failed:
                state += f", {self._failed} did not end by themselves"
            grid.add_row(Text(state, style="dim"))
        else:
            grid.add_row(Text(f"{label} … {elapsed:.0f} s"))
        if self._download is not None:
            what, done, total = self._download
            of = f" of {total / 1e6:.0f}" if total else ""
            grid.add_row(Text(f"{spell(what[:60])}  {done / 1e6:.0f}{of} MB", style="dim"))
        return grid

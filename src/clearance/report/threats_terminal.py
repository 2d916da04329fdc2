"""What a classification shows on a terminal: each hit with its place, its reason and the text that decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.text import Text

from clearance.model.command import CommandReading
from clearance.model.finding import Clear, Finding, Gap, Hit
from clearance.report.styles import SEVERITY_STYLES
from clearance.report.visible import spell

_PATHS: Final = 6
"""Ways of data that are shown."""


def render_threats(findings: Sequence[Finding], command: CommandReading | None = None) -> RenderableType:
    """The findings of one text, and what it would do where it is a command."""
    return _Threats(tuple(findings), command)


@dataclass(frozen=True, slots=True)
class _Threats:
    findings: tuple[Finding, ...]
    command: CommandReading | None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        del console, options
        for finding in self.findings:
            match finding:
                case Hit():
                    yield from _hit(finding)
                case Gap():
                    yield Text(f"gap  {finding.title}", style="yellow")
                    yield _under(finding.message, by=5)
        if not any(isinstance(finding, Hit) for finding in self.findings):
            for finding in self.findings:
                if isinstance(finding, Clear):
                    yield Text.assemble(("clear  ", "green"), spell(finding.message))
        if self.command is not None:
            yield from _command(self.command, ways=not any(isinstance(finding, Hit) for finding in self.findings))


def _command(reading: CommandReading, *, ways: bool) -> Iterator[RenderableType]:
    """What it can do; the ways of data only where no hit showed them."""
    can = ", ".join(sorted(reading.capabilities)) or "nothing that is known to matter"
    yield Text(f"{reading.verdict.value}, read as {reading.dialect.value}; it can: {can}", style="dim")
    for path in dict.fromkeys(flow.path for flow in reading.flows[:_PATHS] if ways):
        yield _under(path, style="dim")


def _hit(hit: Hit) -> Iterator[RenderableType]:
    yield Text.assemble((f"{hit.severity.value}  ", SEVERITY_STYLES[hit.severity]), (hit.title, "bold"))
    if hit.span is not None:
        of = f", probability {hit.span.probability:.2f}" if hit.span.probability is not None else ""
        yield _under(f"bytes {hit.span.start}–{hit.span.end}, {hit.span.channel.value}{of}", style="dim")
    yield _under(hit.message)
    for evidence in hit.because:
        yield _under(f"{evidence.what}: {' '.join((evidence.staged or evidence.note).split())}", style="dim")
    yield Text()


def _under(text: str, *, style: str = "", by: int = 2) -> Padding:
    return Padding(Text(spell(text), style=style), (0, 0, 0, by), expand=False)

"""What a classification shows on a terminal: each hit with its place, its reason and the text that decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.text import Text

from clearance.model.finding import Clear, Finding, Gap, Hit
from clearance.report.styles import SEVERITY_STYLES
from clearance.report.visible import spell


def render_threats(findings: Sequence[Finding]) -> RenderableType:
    """The findings of one text."""
    return _Threats(tuple(findings))


@dataclass(frozen=True, slots=True)
class _Threats:
    findings: tuple[Finding, ...]

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

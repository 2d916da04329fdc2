"""The JSON of a classification: the contract ``clearance.classify/1``."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from clearance.model.command import CommandCapability, CommandReading, CommandVerdict, Dialect, SinkKind, SourceKind
from clearance.model.finding import Finding
from clearance.model.threat import SpanChannel
from clearance.report.portable import portable_json

CLASSIFY_SCHEMA_ID: Final = "clearance.classify/1"


class Flow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value on its way."""

    source: SourceKind
    sink: SinkKind
    path: str
    """Where it was taken, what was done to it, where it ended."""


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a command or a tool call would do."""

    dialect: Dialect
    verdict: CommandVerdict
    score: float
    """0 to 1."""
    capabilities: tuple[CommandCapability, ...]
    flows: tuple[Flow, ...]
    resolved: tuple[str, ...]
    """Simple commands as they would run, as far as known."""
    destinations: tuple[str, ...]


class Classification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text, judged."""

    schema: Literal["clearance.classify/1"] = CLASSIFY_SCHEMA_ID
    channel: SpanChannel
    size: int
    """Bytes of the text."""
    findings: tuple[Finding, ...]
    command: Command | None = None
    """Null in channels that hold no commands, and where none could be read."""


def render_classification(
    findings: Sequence[Finding], channel: SpanChannel, size: int, command: CommandReading | None = None
) -> str:
    """The report as ASCII text, indented by two, with a line feed at the end."""
    read = _command(command) if command else None
    return portable_json(Classification(channel=channel, size=size, findings=tuple(findings), command=read))


def _command(reading: CommandReading) -> Command:
    return Command(
        dialect=reading.dialect,
        verdict=reading.verdict,
        score=reading.score,
        capabilities=tuple(sorted(reading.capabilities)),
        flows=tuple(Flow(source=f.source, sink=f.sink, path=f.path) for f in reading.flows),
        resolved=reading.resolved,
        destinations=reading.destinations,
    )

"""The bytes of a command or of a tool call, read and judged, with the place of what was seen in these bytes."""

import json
from dataclasses import dataclass, replace
from typing import Final

from clearance.detect.commands.analysis import analyse_command
from clearance.detect.commands.calls import NotACall, tool_call
from clearance.detect.commands.findings import findings, unread
from clearance.detect.commands.tool_calls import analyse_tool_call, command_of
from clearance.model.command import CommandReading, Dialect
from clearance.model.finding import Clear, Finding
from clearance.model.threat import SpanChannel

_TELLING: Final = 0.2
"""Weight from which a part of a command belongs to the place of a finding."""
_MOST_PARTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCommand:
    """What was made of one command, and the findings of it."""

    reading: CommandReading | None
    """None where the bytes hold no command."""
    findings: tuple[Finding, ...]


def judge_command(data: bytes, channel: SpanChannel, *, dialect: Dialect | None = None) -> JudgedCommand:
    """Read the bytes as a command (``SpanChannel.COMMAND``) or as the JSON of a tool call (``TOOL_CALL``).

    Total and bounded like ``analyse_command``. What could not be read is a gap that blocks the verdict; a clear stands
    there only where everything was read. ``dialect`` is guessed where it is None.
    """
    if channel is SpanChannel.TOOL_CALL:
        return _judge_call(data, dialect)
    text = data.decode("utf-8", "replace")
    reading = analyse_command(text, dialect=dialect)
    return _judged(data, channel, reading, text)


def _judge_call(data: bytes, dialect: Dialect | None) -> JudgedCommand:
    call = tool_call(data)
    if isinstance(call, NotACall):
        return JudgedCommand(reading=None, findings=(unread(call.why, title="Not read: it is no tool call"),))
    reading = analyse_tool_call(call.name, call.arguments, dialect=dialect)
    if call.gap:
        reading = replace(reading, gaps=(*reading.gaps, call.gap))
    return _judged(data, channel=SpanChannel.TOOL_CALL, reading=reading, text=command_of(call.name, call.arguments))


def _judged(data: bytes, channel: SpanChannel, reading: CommandReading, text: str) -> JudgedCommand:
    start, end = _place(data, reading, text)
    found = findings(reading, channel, start=start, end=end)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        gap = unread(f"What stands at byte {error.start} is no UTF-8.", title="Not read: bytes that are no text")
        found = (*(f for f in found if not isinstance(f, Clear)), gap)
    return JudgedCommand(reading=reading, findings=found)


def _place(data: bytes, reading: CommandReading, text: str) -> tuple[int, int]:
    """The bytes of what told, where each part of it stands there once as written; else those of the whole command."""
    parts = [s.seen for s in reading.sightings if s.weight >= _TELLING]
    spans = [_once(data, part) for part in parts] if len(parts) <= _MOST_PARTS else [None]
    known = [span for span in spans if span is not None]
    if not known or len(known) < len(spans):
        return _once(data, text) or (0, len(data))
    return min(start for start, _ in known), max(end for _, end in known)


def _once(data: bytes, part: str) -> tuple[int, int] | None:
    """Where a text stands in the bytes, as it is or as JSON writes it, if it stands there exactly once."""
    quoted = (json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1])
    for written in dict.fromkeys((part, *quoted)):
        sought = written.encode("utf-8", "replace")
        at = data.find(sought) if sought else -1
        if at >= 0:
            return None if data.find(sought, at + 1) >= 0 else (at, at + len(sought))
    return None

"""The JSON of a session: the contract ``clearance.session/1``."""

from typing import Final, Literal

import msgspec

from clearance.model.finding import Finding
from clearance.model.threat import SpanChannel
from clearance.report.portable import portable_json

SESSION_SCHEMA_ID: Final = "clearance.session/1"


class JudgedSpan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One span of which somebody had something to tell by itself."""

    number: int
    """In the session, from 1."""
    line: int
    """In the file, from 1."""
    turn: int
    channel: SpanChannel
    findings: tuple[Finding, ...]
    """Hits and gaps."""


class JudgedSession(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One session, judged."""

    schema: Literal["clearance.session/1"] = SESSION_SCHEMA_ID
    project: str
    lines: int
    """Of the file."""
    spans: int
    turns: int
    findings: tuple[Finding, ...]
    """Of the session as a whole, and lines that could not be read."""
    judged: tuple[JudgedSpan, ...]
    """Spans by themselves."""
    notes: tuple[str, ...] = ()
    """What is only counted, in sentences; none of it blocks a verdict."""


def render_session(session: JudgedSession) -> str:
    """The report as ASCII text, indented by two, with a line feed at the end."""
    return portable_json(session)

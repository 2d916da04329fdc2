"""A session of an assistant as a sequence of spans, and what of it matters when three things come together."""

import enum

import msgspec

from clearance.model.threat import SpanChannel


class SessionSpan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that was said, called, read or sent, in the order in which it happened."""

    channel: SpanChannel
    turn: int
    """Of the user: the number of prompts so far."""
    text: str
    """What was written or read; of a tool call its arguments as a JSON object, of a command the line itself."""
    tool: str = ""
    """The name of the tool that is called or that answered: ``WebFetch``, ``mcp__github__create_issue``."""
    call: str = ""
    """Id of the call: an answer carries the id of what it answers."""
    where: str = ""
    """Where it came from or goes to, if known: a path, an address, an MCP server."""
    private: bool = False
    """Whoever feeds it knows that it is not for others: a file of a private repository."""
    line: int = 0
    """Of the file that it was read from, from 1; 0: it stands in no file."""

    @property
    def data(self) -> bytes:
        """The text in UTF-8; half characters become question marks. Places in findings count these bytes."""
        return self.text.encode("utf-8", "replace")


class SessionScope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a session before it begins."""

    project: str = ""
    """The folder that the assistant works in; empty: paths that begin at the root lie outside of it."""
    trusted_hosts: tuple[str, ...] = ()
    """Hosts, with all below them, that data may go to and text may come from."""
    trusted_servers: tuple[str, ...] = ()
    """MCP servers that hold nothing written by strangers, and are no way out."""
    private_places: tuple[str, ...] = ()
    """Beginnings of paths and addresses that are not for others; ``.`` is the whole project."""


class Leg(enum.StrEnum):
    """What must not come together in one session."""

    UNTRUSTED = "untrusted content"
    PRIVATE = "private data"
    WAY_OUT = "way out"


class SessionStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A span that put one of the three there."""

    leg: Leg
    number: int
    """Of the span in the session, from 1."""
    turn: int
    where: str
    """The address, path, server or host."""
    how: str
    """In words: ``a page was read``."""
    line: int = 0
    """As in the span."""

    @property
    def place(self) -> str:
        """Which span it is, in words."""
        return place_of(self.number, self.turn, self.line)


def place_of(number: int, turn: int, line: int) -> str:
    """``span 12, turn 3, line 40``; without the line where there is none."""
    return f"span {number}, turn {turn}" + (f", line {line}" if line else "")

"""Texts of a release that an agent follows, each with what its judges said of it."""

import enum

import msgspec

from clearance.model.finding import Gap, Hit


class TextRole(enum.StrEnum):
    """What a text is to the agent."""

    INSTRUCTIONS = "instructions"
    """A skill, a slash command, an agent, a rules file: the agent follows it."""
    TOOL = "tool"
    """What a tool or a server says of itself: the agent reads it before any call."""
    PROMPT = "prompt"
    """The release's own prompt: context."""


class JudgedText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text."""

    role: TextRole
    kind: str
    """As in ``Extension.kind`` or ``Prompt.kind``."""
    name: str
    path: str
    hits: tuple[Hit, ...] = ()
    """With spans in bytes of the member at ``path``."""
    gaps: tuple[Gap, ...] = ()


class JudgedTexts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them, in the order of the release."""

    texts: tuple[JudgedText, ...] = ()
    unjudged: tuple[str, ...] = ()
    """What was not judged, and why, in sentences; also that the models were left out."""

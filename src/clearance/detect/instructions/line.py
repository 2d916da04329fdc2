"""Nouns of an instruction: one line of a text that an agent follows, and what it would make the agent do."""

import enum
from dataclasses import dataclass


class Effect(enum.StrEnum):
    """What a line makes the agent do."""

    SENDS = "sends"
    """What is private goes out."""
    HOOKS = "hooks"
    """Something from elsewhere runs later, by itself."""
    GUARDS = "guards"
    """Checks, approvals or the sandbox are turned off."""
    INSTALLS = "installs"
    """Code from elsewhere is run or installed."""
    HIDES = "hides"
    """The user is not to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One line that would do harm if the agent followed it."""

    effect: Effect
    start: int
    end: int
    """Code points of the text."""
    line: str
    reason: str
    """A sentence for a person."""
    weight: float
    """0 to 1: how seldom a line of an honest skill does it."""

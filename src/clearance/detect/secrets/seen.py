"""What a reader of secrets gives back."""

from dataclasses import dataclass

from clearance.model.finding import Confidence, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSecret:
    """A secret at its place; never its text."""

    id: str
    provider: str
    """Who gave it out; empty where nobody can tell."""
    what: str
    start: int
    end: int
    severity: Severity
    confidence: Confidence
    rank: int
    """Of two that overlap the one with the smaller number is told."""

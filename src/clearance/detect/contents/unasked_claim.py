"""What something that runs unasked does, as a claim."""

from dataclasses import dataclass
from typing import Final

from clearance.model.finding import Severity

STAYS: Final = "makes itself be started again"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaskedDoing:
    """What it does that nobody expects."""

    severity: Severity
    what: str
    """A claim that follows ``it``: ``fetches something and runs it``."""
    shown: str
    """The part that says so."""

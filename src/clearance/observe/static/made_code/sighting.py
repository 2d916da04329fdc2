"""What the eyes for code that is made at run time see, and where."""

from dataclasses import dataclass
from typing import Final

FETCHED: Final = "runs-fetched-code"
HIDDEN: Final = "runs-hidden-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCode:
    """Code that is not written down where it is run."""

    kind: str
    """``runs-fetched-code`` or ``runs-hidden-code``."""
    detail: str
    """How: ``eval of what https.get fetches``, ``exec of marshal.loads``."""
    offset: int
    """Bytes from the begin."""

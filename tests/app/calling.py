"""The program called in this process."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one call of the program ended."""

    code: int
    out: str
    err: str


Clearance = Callable[..., Ended]

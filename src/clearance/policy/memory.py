"""Decisions remembered until the moment at which they change.

The key is what a decision depends on: the use. An answer holds from the moment at which it was given until its
``changes_at``; for a time before that it is worked out anew.
"""

from datetime import datetime
from typing import Final

from clearance.model.decision import Decision
from clearance.model.use import Use
from clearance.policy.book import Book
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide

_MOST: Final = 65_536


class Remembering:
    """``decide`` over one book and one set of facts, with a memory of a bounded number of uses."""

    def __init__(self, book: Book, facts: Circumstances) -> None:
        self._book, self._facts = book, facts
        self._known: dict[Use, Decision] = {}

    def decide(self, use: Use, at: datetime) -> Decision:
        """The answer; ``at`` of a remembered one is when it was worked out."""
        known = self._known.get(use)
        if known is not None and known.at <= at and (known.changes_at is None or at < known.changes_at):
            return known
        decision = decide(use, self._book, self._facts, at)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[use] = decision
        return decision

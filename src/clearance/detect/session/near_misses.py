"""Many spans just under a threshold: an e-process over the session, which is false in at most a stated share of them.

A near miss is a span with a window that passes the loose threshold of its channel and not the strict one. How often
that happens to ordinary text is known: thresholds are fitted to a share of ordinary windows.

1. Each judged span is one observation. Ordinary: a near miss has the chance ``p = 1 - (1 - share) ** windows``.
   Otherwise somebody probes: then one span in five is a near miss on top of that, ``q = p + (1 - p) / 5``.
2. The likelihood ratio of the two is multiplied over the spans. Probing may begin at any turn ``k``, so the products
   from each beginning are added with weights ``1 / (k (k + 1))``, which sum to one. One number holds that sum.
3. For ordinary spans its expectation never grows, so by Ville's inequality it ever reaches ``1 / alpha`` in at most a
   share ``alpha`` of sessions, however long they are. The n-th alarm of a session needs ``2 ** n / alpha``: all
   together stay below alpha.

That holds where near misses of ordinary spans come with at most the stated shares, each whatever came before.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from clearance.detect.classifier.windows import OVERLAP, SIZE
from clearance.model.threat import SpanChannel

_PROBING: Final = 0.2
"""Share of spans that are near misses when somebody probes."""
_STEP: Final = SIZE - OVERLAP - OVERLAP // 2
"""The least code points by which a window lies behind the one before."""
_SPANS_A_TURN: Final = 16
"""Observations after which a beginning is thought possible though no new turn came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMissBudget:
    """What is expected of ordinary spans, and how often the test may be wrong."""

    share: float = 0.009
    """Of ordinary windows that pass the threshold for 1 % and not that for 0.1 %."""
    shares: Mapping[SpanChannel, float] = field(default_factory=dict)
    """Where it is another one for a channel."""
    alpha: float = 0.001
    """Share of ordinary sessions, of any length, in which the test may ever alarm."""

    def chance(self, channel: SpanChannel, characters: int) -> float:
        """How likely an ordinary span of a channel and size is a near miss, at most."""
        share = min(max(self.shares.get(channel, self.share), 1e-9), 0.5)
        return 1.0 - (1.0 - share) ** windows_at_most(characters)


def windows_at_most(characters: int) -> int:
    """How many windows a text of that size has at most."""
    return 1 + max(0, math.ceil((characters - SIZE) / _STEP))


class NearMissTest:
    """The e-process of one session: a few numbers."""

    def __init__(self, budget: NearMissBudget) -> None:
        self._budget = budget
        self._sum = 0.0
        self._beginnings = 0
        self._turn: int | None = None
        self._since = 0
        self.alarms = 0

    def observe(self, channel: SpanChannel, turn: int, characters: int, *, near_miss: bool) -> float | None:
        """Take one judged span; the evidence (a ratio) where it is enough for an alarm, else None."""
        if turn != self._turn or self._since >= _SPANS_A_TURN:
            self._turn, self._since = turn, 0
            self._beginnings += 1
            self._sum += 1.0 / (self._beginnings * (self._beginnings + 1))
        self._since += 1
        ordinary = min(self._budget.chance(channel, characters), 1.0 - 1e-9)
        probing = ordinary + (1.0 - ordinary) * _PROBING
        self._sum *= probing / ordinary if near_miss else (1.0 - probing) / (1.0 - ordinary)
        # What may still begin counts too: with it the whole has an expectation of at most one.
        evidence = self._sum + 1.0 / (self._beginnings + 1)
        if evidence < 2.0 ** (self.alarms + 1) / self._budget.alpha:
            return None
        self.alarms += 1
        self._sum = 0.0
        self._beginnings = 0
        self._turn = None
        return evidence

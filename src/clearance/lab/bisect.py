"""The search for the releases that brought a finding in and took it out.

1. The ends of the range are looked at. Where both are without the finding, releases between them are looked at in an
   order that halves the largest stretch nobody looked into, until one has it (or all were looked at).
2. Between a release without and one with it the middle is looked at, until they are neighbours: an edge.
3. That assumes one stretch of releases with the finding. With ``every`` all are looked at, and nothing is assumed.
4. A release that cannot be looked at (withdrawn, not for this machine) is said, and its neighbour taken.
"""

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from clearance.model.comparison import Edge, Probe

ONE_STRETCH = "One stretch of releases has the finding; releases between two that were looked at were not."
NOTHING_ASSUMED = "Every release of the range was looked at."

Look = Callable[[str], Probe]
"""Looks at one version."""


@dataclass(slots=True)
class EdgeSearch:
    """One search over versions, oldest first."""

    versions: Sequence[str]
    look: Look
    probes: dict[int, Probe] = field(default_factory=dict)

    def every(self) -> None:
        """Look at all."""
        for index in range(len(self.versions)):
            self._has(index)

    def edges(self) -> tuple[Edge, ...]:
        """Halve until every change between neighbours that were looked at is an edge."""
        last = len(self.versions) - 1
        if last < 0:
            return ()
        self._has(0)
        self._has(last)
        if not self._any() and not self._find_one():
            return ()
        while (stretch := self._open_stretch()) is not None:
            self._has(self._middle(*stretch))
        return self.found()

    def found(self) -> tuple[Edge, ...]:
        """Neighbours (but for those nobody could look at) of which one has the finding."""
        known = self._known()
        return tuple(
            Edge(
                without=self.versions[one if not self.probes[one].has else other],
                having=self.versions[one if self.probes[one].has else other],
                brings=bool(self.probes[other].has),
            )
            for one, other in itertools.pairwise(known)
            if self.probes[one].has != self.probes[other].has
        )

    def _has(self, index: int) -> bool | None:
        if index not in self.probes:
            self.probes[index] = self.look(self.versions[index])
        return self.probes[index].has

    def _known(self) -> list[int]:
        return sorted(i for i, probe in self.probes.items() if probe.has is not None)

    def _any(self) -> bool:
        return any(probe.has for probe in self.probes.values())

    def _find_one(self) -> bool:
        """Look into the middle of the largest stretch nobody looked into, until one has it."""
        stretches = [(-(len(self.versions) - 1), 0, len(self.versions) - 1)]
        while stretches:
            size, low, high = heapq.heappop(stretches)
            if -size < 2:
                continue
            middle = (low + high) // 2
            if self._has(middle):
                return True
            heapq.heappush(stretches, (-(middle - low), low, middle))
            heapq.heappush(stretches, (-(high - middle), middle, high))
        return False

    def _open_stretch(self) -> tuple[int, int] | None:
        """Two releases with another between them that was not looked at, of which one has the finding."""
        known = self._known()
        for one, other in itertools.pairwise(known):
            differ = self.probes[one].has != self.probes[other].has
            if differ and any(i not in self.probes for i in range(one + 1, other)):
                return one, other
        return None

    def _middle(self, low: int, high: int) -> int:
        """The release nearest to the middle that was not looked at."""
        left = [i for i in range(low + 1, high) if i not in self.probes]
        return min(left, key=lambda i: abs(2 * i - low - high))

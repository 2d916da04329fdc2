"""Counts what a room sends against its limits, on the way to the recorder."""

from collections.abc import Callable

from clearance.model.trace import Event, LimitReached

_EVENT_COST = 256
"""Bytes that each event counts for beside its own, so that a flood of tiny ones is bounded too."""


class Meter:
    """The one way into the trace for a room's traffic.

    At the first excess of a limit one ``LimitReached`` is recorded; ``on_full`` is called when it is the traffic's.
    """

    def __init__(
        self,
        *,
        sink: Callable[[Event], None],
        now: Callable[[], float],
        traffic_limit: int,
        connections_limit: int,
        on_full: Callable[[], None],
    ) -> None:
        self._sink, self._now, self._on_full = sink, now, on_full
        self._traffic_limit, self._connections_limit = traffic_limit, connections_limit
        self._traffic = self._connections = 0
        self._reached: set[str] = set()
        self._shut = False
        self.failure: BaseException | None = None
        """The first programmer's mistake that came up while serving."""

    def record(self, event: Event) -> None:
        """Puts an event in the trace. Its bytes were counted when they came; itself it counts a little."""
        self._traffic += _EVENT_COST
        self._put(event)

    def count(self, size: int) -> bool:
        """Counts bytes from the room; False when they are beyond the limit and not to be looked at."""
        self._traffic += size
        if self._traffic <= self._traffic_limit:
            return True
        if self._reach("traffic", f"{self._traffic_limit} bytes"):
            self._on_full()
        return False

    def admit(self) -> int:
        """The number of a new connection (from 1), or 0 when it is not to be served."""
        self._connections += 1
        if self._connections > self._connections_limit:
            self._reach("connections", str(self._connections_limit))
        return 0 if self._reached or self._shut or self.failure else self._connections

    def shut(self) -> None:
        """No connection is admitted from now on."""
        self._shut = True

    def failed(self, error: BaseException) -> None:
        """Keeps the first mistake for whoever closes the world."""
        self.failure = self.failure or error

    def _reach(self, what: str, limit: str) -> bool:
        if what in self._reached:
            return False
        self._reached.add(what)
        self._put(LimitReached(at=self._now(), what=what, limit=limit))
        return True

    def _put(self, event: Event) -> None:
        """A recorder that fails (a full disk) ends the traffic: what cannot be recorded is not served."""
        if self.failure is not None:
            return
        try:
            self._sink(event)
        except Exception as error:  # noqa: BLE001 - kept and raised by World.close
            self.failed(error)
            self._on_full()

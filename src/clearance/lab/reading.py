"""Reading a campaign's traces: rows for the experiment, and everything that is counted or searched on the way."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clearance.lab.errors import LabError
from clearance.lab.recorder import read_trace
from clearance.lab.run import RunRecord
from clearance.model.canary import Canary, Sighting
from clearance.model.facts import Leak
from clearance.model.ids import Digest, FactorName, LevelName, RunId
from clearance.model.trace import (
    ClientHelloSeen,
    DatagramSeen,
    Event,
    LimitReached,
    MessageSeen,
    NameAsked,
    RequestSeen,
)
from clearance.model.vetting import RunRow, TimelineRow
from clearance.observe.behaviour.endpoints import EndpointBook, timeline
from clearance.observe.behaviour.places import PRESENT, TALK
from clearance.observe.behaviour.row import Row
from clearance.observe.behaviour.rows import rows_of
from clearance.observe.behaviour.staged_clock import ClockWitness
from clearance.observe.canary_chunks import emitted
from clearance.observe.canary_search import CanarySearch

CLOCK = FactorName("clock")


@dataclass(slots=True)
class _LeakSeen:
    sighting: Sighting
    host: str
    runs: list[RunId] = field(default_factory=list)
    traces: list[Digest] = field(default_factory=list)


class CampaignReader:
    """Reads traces one at a time; holds counts, never traffic."""

    def __init__(self, *, canaries: Sequence[Canary], purposes: dict[str, str], requested: Iterable[str] = ()) -> None:
        self.endpoints = EndpointBook(purposes)
        self.runs: list[RunRow] = []
        self.timeline: tuple[TimelineRow, ...] = ()
        self.refused: Counter[str] = Counter()
        self.undecoded: Counter[str] = Counter()
        self.limits: Counter[tuple[str, str]] = Counter()
        self.outcomes: Counter[tuple[str, str]] = Counter()
        self.clock = ClockWitness()
        self.model_requests = 0
        """The most that one session sent to the model."""
        self.trace_bytes = 0
        self.room_cpu_s = 0.0
        self._canaries = {c.id: c for c in canaries}
        self._search = CanarySearch(tuple(canaries))
        self._requested = frozenset(requested)
        self._leaks: dict[tuple[str, str, str], _LeakSeen] = {}

    def read(self, record: RunRecord, changed: Mapping[FactorName, LevelName]) -> tuple[Row, ...]:
        """The rows of one run. ``changed``: its levels other than the baseline's. Raises LabError, TraceError."""
        if not record.trace.is_file():
            raise LabError(
                f"the trace of {record.cell.run} is not there: {record.trace}",
                advice="The campaign's folder was moved or cleaned in part; vet the release again.",
            )
        rows = rows_of(self._counted(record))
        self.endpoints.end_run()
        if not self.timeline and record.outcome == "exited":
            self.timeline = timeline(read_trace(record.trace))
        self._search_trace(record)
        self.clock.take(rows, staged=CLOCK in changed)
        for row in rows:
            self.model_requests = max(self.model_requests, row.model_requests)
            self.refused.update(row.refused)
            self.undecoded.update(row.undecoded)
        self.outcomes[record.outcome, record.detail[-200:]] += 1
        self.trace_bytes += _size(record.trace)
        self.room_cpu_s += record.cpu_s
        self.runs.append(
            RunRow(
                run=record.cell.run,
                phase=record.cell.phase,
                changed=dict(changed),
                outcome=record.outcome,
                wall_s=record.wall_s,
                cpu_s=record.cpu_s,
                requests=sum(
                    place.endswith(PRESENT) for row in rows for place in row.places if place != f"{TALK}{PRESENT}"
                ),
                trace=record.digest,
            )
        )
        return rows

    def _counted(self, record: RunRecord) -> Iterator[Event]:
        for event in read_trace(record.trace, digest=record.digest):
            self.endpoints.take(record.cell.run, event)
            if isinstance(event, LimitReached):
                self.limits[event.what, event.limit] += 1
            yield event

    def _search_trace(self, record: RunRecord) -> None:
        hosts: dict[str, str] = {}
        for sighting in self._search.search(_chunks(read_trace(record.trace), hosts)):
            host = hosts.get(sighting.place, "")
            key = (sighting.canary, " of ".join(sighting.disguise), host)
            seen = self._leaks.setdefault(key, _LeakSeen(sighting, host))
            if record.cell.run not in seen.runs:
                seen.runs.append(record.cell.run)
                seen.traces.append(record.digest)

    def leaks(self) -> tuple[Leak, ...]:
        """Every canary that left, once for each disguise and host."""
        found = []
        for (canary_id, disguise, host), seen in sorted(self._leaks.items()):
            canary = self._canaries[seen.sighting.canary]
            found.append(
                Leak(
                    canary=canary_id,
                    kind=canary.kind,
                    lay_in=canary.place,
                    disguise=disguise or "plain",
                    place=seen.sighting.place,
                    host=host,
                    expected=canary_id in self._requested,
                    runs=tuple(seen.runs),
                    traces=tuple(seen.traces[:10]),
                    excerpt=seen.sighting.excerpt,
                )
            )
        return tuple(found)


def _size(path: Path) -> int:
    return path.stat().st_size


def _chunks(events: Iterable[Event], hosts: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Everything that left, piece by piece; ``hosts`` learns where each place went."""
    for event in events:
        for place, payload in emitted(event):
            hosts[place] = _destination(event)
            yield place, payload


def _destination(event: Event) -> str:
    match event:
        case RequestSeen() | MessageSeen():
            return event.host
        case ClientHelloSeen():
            return event.server_name
        case NameAsked():
            return "the resolver"
        case DatagramSeen():
            return event.name or event.address
        case _:
            return ""

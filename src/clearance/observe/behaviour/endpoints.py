"""Which endpoints were contacted over a campaign, with bytes and purpose, and what one run looked like in time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from clearance.model.trace import (
    BytesSeen,
    ConnectionOpened,
    DatagramSeen,
    Event,
    FileTouched,
    MessageSeen,
    NameAsked,
    ProcessStarted,
    RequestSeen,
    ResponseSent,
    TlsRefused,
)
from clearance.model.vetting import EndpointRow, TimelineRow

_MOST_ENDPOINTS = 2000
_PURPOSES = {
    "model": "model API",
    "telemetry": "telemetry",
    "feature-flags": "feature flags",
    "update": "update",
    "auth": "account",
    "proxy-connect": "staged proxy",
}


@dataclass(slots=True)
class _Endpoint:
    requests: int = 0
    bytes_out: int = 0
    runs: set[str] = field(default_factory=set)
    paths: Counter[str] = field(default_factory=Counter)
    purposes: Counter[str] = field(default_factory=Counter)


class EndpointBook:
    """Counts endpoints over many traces. Names of the staged base URL are all written as ``api_name``."""

    def __init__(self, purposes: Mapping[str, str]) -> None:
        self._known = purposes
        self._rows: dict[tuple[str, str, int], _Endpoint] = {}
        self._waiting: dict[tuple[int, int], _Endpoint] = {}
        self._ports: dict[int, tuple[str, int]] = {}

    def take(self, run: str, event: Event) -> None:
        """Count one event of a run."""
        match event:
            case RequestSeen():
                row = self._row(event.scheme, event.host, event.port, run)
                self._add(row, len(event.head) + len(event.body), f"{event.method} {event.target.partition('?')[0]}")
                self._waiting[event.conn, event.stream] = row
            case ResponseSent():
                row_or_none = self._waiting.pop((event.conn, event.stream), None)
                if row_or_none is not None:
                    row_or_none.purposes[event.purpose.partition(":")[0]] += 1
            case MessageSeen():
                self._add(self._row("wss", event.host, 443, run), len(event.payload), event.target.partition("?")[0])
            case ConnectionOpened():
                self._ports[event.conn] = (event.name or event.address, event.port)
            case BytesSeen():
                host, port = self._ports.get(event.conn, ("(unknown)", 0))
                self._add(self._row("tls" if event.secured else "tcp", host, port, run), len(event.payload), "")
            case DatagramSeen():
                self._add(self._row("udp", event.name or event.address, event.port, run), len(event.payload), "")
            case NameAsked():
                self._add(self._row("dns", event.name, 53, run), 0, event.qtype)
            case TlsRefused():
                host, port = self._ports.get(event.conn, (event.server_name, 443))
                self._row("https", event.server_name or host, port, run).purposes["refused"] += 1
            case _:
                pass

    def end_run(self) -> None:
        """Connections of one run say nothing about the next."""
        self._waiting.clear()
        self._ports.clear()

    def _row(self, scheme: str, host: str, port: int, run: str) -> _Endpoint:
        key = (scheme, host.lower()[:255], port)
        if key not in self._rows and len(self._rows) >= _MOST_ENDPOINTS:
            key = (scheme, "(more endpoints)", 0)
        row = self._rows.setdefault(key, _Endpoint())
        row.runs.add(run)
        return row

    def _add(self, row: _Endpoint, size: int, path: str) -> None:
        row.requests += 1
        row.bytes_out += size
        if path and len(row.paths) < 200:
            row.paths[path[:200]] += 1

    def rows(self) -> tuple[EndpointRow, ...]:
        """Every endpoint, most bytes first; names that were only asked and then connected to are left out."""
        connected = {host for scheme, host, _ in self._rows if scheme != "dns"}
        found = [
            EndpointRow(
                scheme=scheme,
                host=host,
                port=port,
                purpose=self._purpose(host, row),
                requests=row.requests,
                bytes_out=row.bytes_out,
                runs=len(row.runs),
                paths=tuple(p for p, _ in row.paths.most_common(10)),
            )
            for (scheme, host, port), row in self._rows.items()
            if scheme != "dns" or host not in connected
        ]
        return tuple(sorted(found, key=lambda r: (-r.bytes_out, r.host, r.port)))

    def _purpose(self, host: str, row: _Endpoint) -> str:
        for pattern, purpose in self._known.items():
            if host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:])):
                return purpose
        most = next(iter(row.purposes.most_common(1)), ("", 0))[0]
        if most == "refused":
            return "refused our certificate"
        return _PURPOSES.get(most, "unknown")


def timeline(events: Iterable[Event], *, most: int = 400) -> tuple[TimelineRow, ...]:
    """One run as a person would tell it; files that were only read are left out."""
    rows: list[TimelineRow] = []
    for event in events:
        row = _timeline_row(event)
        if row is not None and len(rows) < most:
            rows.append(row)
    return tuple(rows)


def _timeline_row(event: Event) -> TimelineRow | None:
    match event:
        case NameAsked():
            return TimelineRow(at=event.at, what="dns", detail=f"{event.name} {event.qtype}")
        case ConnectionOpened():
            return TimelineRow(at=event.at, what="connect", detail=f"{event.name or event.address}:{event.port}")
        case RequestSeen():
            detail = f"{event.method} {event.scheme}://{event.host}{event.target.partition('?')[0]}"
            return TimelineRow(at=event.at, what="request", detail=detail[:300], size=len(event.head) + len(event.body))
        case MessageSeen():
            detail = f"{event.host}{event.target.partition('?')[0]}"
            return TimelineRow(at=event.at, what="message", detail=detail[:300], size=len(event.payload))
        case ProcessStarted() if event.ok:
            return TimelineRow(at=event.at, what="process", detail=" ".join(event.argv)[:300] or event.path)
        case FileTouched() if event.ok and event.operation != "read":
            return TimelineRow(at=event.at, what="file", detail=f"{event.operation} {event.path}"[:300])
        case DatagramSeen():
            detail = f"{event.name or event.address}:{event.port}"
            return TimelineRow(at=event.at, what="udp", detail=detail, size=len(event.payload))
        case TlsRefused():
            return TimelineRow(at=event.at, what="refused", detail=f"{event.server_name}: {event.reason}"[:300])
        case _:
            return None

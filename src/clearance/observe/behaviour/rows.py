"""Traces to rows: one row for each session of each run, place → text, with the gaps between requests in seconds.

A place reads like a path: ``model:turn-2 › json/system[text]/text``. Requests to the model API are named by the turn of
the conversation they belong to, all others by method, host and path, so that rows of different runs line up.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from clearance.model.cell import Cell
from clearance.model.trace import (
    BytesSeen,
    ConnectionOpened,
    DatagramSeen,
    Event,
    MessageSeen,
    NameAsked,
    RequestSeen,
    ResponseSent,
    RunStarted,
    SessionStarted,
    TlsRefused,
)
from clearance.observe.behaviour.body import MAX_PARSED, body_leaves, undo_content_coding

_ID_SEGMENT = re.compile(r"^(?:\d+|[0-9a-fA-F-]{8,}|[A-Za-z0-9_=-]{24,}|v?\d+\.\d+\.\d+.*)$")
MAX_LEAVES = 60_000
"""Places in one row; what lies beyond is dropped and counted, so that traffic cannot exhaust memory."""


@dataclass(slots=True, kw_only=True)
class Row:
    """What one session of one run sent."""

    cell: Cell
    session: int
    wall_clock: float
    """Unix seconds that the tool was meant to believe at the start of the run."""
    api_hosts: tuple[str, ...]
    places: dict[str, str] = field(default_factory=dict)
    gaps: dict[str, float] = field(default_factory=dict)
    """Place to seconds between the answer before and this request."""
    model_requests: int = 0
    refused: set[str] = field(default_factory=set)
    """Names whose certificate the tool did not accept."""
    undecoded: set[str] = field(default_factory=set)
    """Requests whose body could only be compared by size and digest, with the reason."""


def rows_of(events: Iterable[Event]) -> tuple[Row, ...]:
    """The rows of one trace, in the order of the sessions; empty when no session began."""
    reader = _Reader()
    for event in events:
        reader.take(event)
    return reader.finish()


class _Reader:
    """Follows one trace; holds a request until its answer says which turn it was."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.started: RunStarted | None = None
        self.waiting: dict[tuple[int, int], RequestSeen] = {}
        self.counts: dict[str, int] = {}
        self.sequence: list[str] = []
        self.last_answer: float | None = None

    def take(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.started = event
            case SessionStarted():
                self._begin(event)
            case _ if not self.rows:
                return
            case RequestSeen():
                self.waiting[event.conn, event.stream] = event
            case ResponseSent():
                request = self.waiting.pop((event.conn, event.stream), None)
                if request is not None:
                    self._request(request, event.purpose)
                self.last_answer = event.at
            case _:
                self._other(event)

    def finish(self) -> tuple[Row, ...]:
        self._end_session()
        return tuple(self.rows)

    def _begin(self, event: SessionStarted) -> None:
        if self.started is None:
            return
        self._end_session()
        self.rows.append(
            Row(
                cell=self.started.cell,
                session=event.number,
                wall_clock=self.started.wall_clock,
                api_hosts=self.started.api_hosts,
            )
        )
        self.counts, self.sequence, self.last_answer = {}, [], None

    def _end_session(self) -> None:
        for request in self.waiting.values():
            self._request(request, "unanswered")
        self.waiting.clear()
        if self.rows and self.sequence:
            self._put("order of requests", "\n".join(self.sequence))

    def _request(self, request: RequestSeen, purpose: str) -> None:
        row = self.rows[-1]
        is_model = purpose.startswith("model:turn") or purpose == "model:aside"
        row.model_requests += is_model
        where = purpose if is_model else f"{request.method} {self._host(request)}{_path_pattern(request.target)}"
        self.counts[where] = self.counts.get(where, 0) + 1
        key = where if self.counts[where] == 1 else f"{where} #{self.counts[where]}"
        self.sequence.append(key)
        if self.last_answer is not None and is_model and request.at >= self.last_answer:
            row.gaps[key] = request.at - self.last_answer
        for place, value in request_leaves(request, self._host(request), row):
            self._put(f"{key} › {place}", value)

    def _host(self, request: RequestSeen) -> str:
        return "api" if request.host.lower() in self.rows[-1].api_hosts else request.host.lower()

    def _put(self, place: str, value: str) -> None:
        places = self.rows[-1].places
        if len(places) >= MAX_LEAVES:
            self.rows[-1].undecoded.add(f"more than {MAX_LEAVES} places in one session")
            return
        name, number = place, 1
        while name in places:
            number += 1
            name = f"{place} ({number})"
        places[name] = value

    def _other(self, event: Event) -> None:
        row = self.rows[-1]
        match event:
            case NameAsked():
                name = "api" if event.name in row.api_hosts else event.name
                row.places[f"dns {name} {event.qtype}"] = "asked"
                raw = event.name_raw.rstrip(".")
                if raw != event.name:
                    row.places[f"dns case {name}"] = raw
            case ConnectionOpened():
                host = event.name or event.address
                row.places[f"connection {'api' if host in row.api_hosts else host}:{event.port}"] = "opened"
            case TlsRefused():
                row.refused.add(event.server_name or "(no name)")
            case MessageSeen():
                row.model_requests += event.host.lower() in row.api_hosts
                self._message(event)
            case BytesSeen():
                self._bytes("bytes", event.payload)
            case DatagramSeen():
                self._bytes(f"udp {event.name or event.address}:{event.port}", event.payload)
            case _:
                pass

    def _message(self, event: MessageSeen) -> None:
        host = "api" if event.host.lower() in self.rows[-1].api_hosts else event.host.lower()
        where = f"message {host}{_path_pattern(event.target)}"
        self.counts[where] = self.counts.get(where, 0) + 1
        key = f"{where} #{self.counts[where]}"
        self.sequence.append(key)
        self._put(f"{key} › present", "sent")
        for place, value in body_leaves(event.payload, ""):
            self._put(f"{key} › {place}", value)

    def _bytes(self, where: str, payload: bytes) -> None:
        self.counts[where] = self.counts.get(where, 0) + 1
        self._put(f"{where} #{self.counts[where]} › present", "sent")
        for place, value in body_leaves(payload, ""):
            self._put(f"{where} #{self.counts[where]} › {place}", value)


def _path_pattern(target: str) -> str:
    """The path without query, segments that look like ids replaced by ``*``."""
    path = target.split("?", 1)[0]
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return "/".join("*" if _ID_SEGMENT.match(part) else part for part in path.split("/"))


def request_leaves(request: RequestSeen, host: str, row: Row) -> Iterator[tuple[str, str]]:
    """The leaves of one request: line, header order, case and values, body."""
    yield "present", "sent"
    yield "line", f"{request.method} {_without_origin(request.target, host)} {request.version}"
    names = [name.decode("latin-1") for name, _ in request.headers]
    yield "header order", "\n".join(name.lower() for name in names)
    if request.version != "2":
        yield "header case", "\n".join(sorted(names, key=str.lower))
        yield "header layout", head_layout(request.head)
    values: dict[str, str] = {}
    for name_raw, value_raw in request.headers:
        name, value = name_raw.decode("latin-1").lower(), value_raw.decode("utf-8", "replace")
        values.setdefault(name, value)
        if name not in ("host", ":authority", "content-length", ":path", ":method", ":scheme"):
            yield f"header {name}", value
    yield "connection kind", "through proxy" if request.proxied else request.scheme
    body, left = undo_content_coding(request.body, values.get("content-encoding", ""))
    if left or len(body) > MAX_PARSED or not request.complete:
        row.undecoded.add(left or ("incomplete" if not request.complete else "larger than 8 MiB"))
    yield from body_leaves(body, values.get("content-type", ""))
    if request.body_raw:
        yield "chunk framing", _chunk_sizes(request.body_raw)


def _without_origin(target: str, host: str) -> str:
    """The target without scheme and authority, which a proxy's absolute form adds."""
    if host == "api" and "://" in target:
        return "/" + target.split("://", 1)[1].partition("/")[2]
    return target


def head_layout(head: bytes) -> str:
    """How the head is written: separators after colons, line ends, folded lines. One line for each kind seen."""
    kinds = set()
    for line in head.split(b"\n")[1:]:
        if not line.strip():
            continue
        end = "CRLF" if line.endswith(b"\r") else "LF"
        _, _, rest = line.partition(b":")
        space = len(rest) - len(rest.lstrip(b" \t"))
        trail = len(rest.rstrip(b"\r")) - len(rest.rstrip(b"\r").rstrip(b" \t"))
        kinds.add(f"{rest[:space]!r} {trail} {end}")
    return "\n".join(sorted(kinds))


def _chunk_sizes(raw: bytes) -> str:
    """Digest of the chunk framing: where the client cut its body."""
    sizes = re.findall(rb"(?:^|\r\n)([0-9A-Fa-f]+[^\r\n]{0,80})\r\n", raw[:4096])
    return hashlib.sha256(b",".join(sizes)).hexdigest()[:16]

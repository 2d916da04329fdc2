"""Traces to rows: one row for each session of each run, place → text, with the gaps between requests in seconds.

A place reads like a path: ``model:turn-2 > json/system[text]/text``. Requests to the model API are named by the turn of
the conversation they belong to, all others by method, host and path, so that rows of different runs line up.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

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
from clearance.observe.behaviour.body import MAX_PARSED, body_leaves, form_leaves, undo_content_coding
from clearance.observe.behaviour.lexical import WRITTEN, chunk_choices, gzip_choices, head_choices, path_choices
from clearance.observe.behaviour.paragraphs import BLOCK_END, is_long

_ID_SEGMENT = re.compile(r"^(?:\d+|[0-9a-fA-F-]{8,}|[A-Za-z0-9_=-]{24,}|v?\d+\.\d+\.\d+.*)$")
_SLASH = re.compile("%2[fF]")
_NUMBERED = re.compile(r"#\d+\]")
_ADDRESSES = ("A", "AAAA", "HTTPS")
"""Questions that a resolver asks on the way to a request."""
_WITH_PORT = ("connection", "bytes", "udp")
_MOST_CONNECTIONS = 20
"""Connections to one host that are counted in a session."""
PRESENT = " > present"
ORDER = "order of requests"
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
    custom_base_url: bool = False
    """True when ``api_hosts`` are a staged base URL's: places then call them ``base-url``."""
    api_scheme: str = ""
    """Scheme of the URL that the tool was configured with; empty when nobody knows it."""
    places: dict[str, str] = field(default_factory=dict)
    gaps: dict[str, float] = field(default_factory=dict)
    """Place to seconds between the answer before and this request."""
    model_requests: int = 0
    refused: set[str] = field(default_factory=set)
    """Names whose certificate the tool did not accept."""
    undecoded: set[str] = field(default_factory=set)
    """Requests whose body could only be compared by size and digest, with the reason."""
    _numbers: dict[str, int] = field(default_factory=dict)

    def put(self, place: str, value: str) -> None:
        """Keep one leaf; a place that is there already is numbered, and what is too much is noted.

        Long texts of one list are read as one text: a block that comes or goes must not rename the blocks after it.
        """
        if is_long(value):
            place = _NUMBERED.sub("]", place)
            if place in self.places and is_long(self.places[place]):
                self.places[place] += f"\n{BLOCK_END}\n{value}"
                return
        if len(self.places) >= MAX_LEAVES:
            self.undecoded.add(f"more than {MAX_LEAVES} places in one session")
            return
        name = place
        while name in self.places:
            self._numbers[place] = self._numbers.get(place, 1) + 1
            name = f"{place} ({self._numbers[place]})"
        self.places[name] = value

    def mark(self, place: str, value: str) -> None:
        """Keep a leaf that says that something happened; the first time counts."""
        if place not in self.places:
            self.put(place, value)


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
        self.connections: dict[int, str] = {}
        self.reached: set[str] = set()
        self.asked: set[tuple[str, str]] = set()
        self.opened: set[str] = set()
        self.carried: dict[str, set[int]] = {}
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
                custom_base_url=self.started.custom_base_url,
                api_scheme=self.started.api_url.partition("://")[0].lower(),
            )
        )
        self.counts, self.sequence, self.last_answer = {}, [], None
        self.reached, self.asked, self.opened, self.carried = set(), set(), set(), {}

    def _end_session(self) -> None:
        for request in self.waiting.values():
            self._request(request, "unanswered")
        self.waiting.clear()
        if self.rows:
            self._ways()
        if self.rows and self.sequence:
            self._put(ORDER, "\n".join(self.sequence))

    def _ways(self) -> None:
        """Names asked and connections opened, save those that the requests account for.

        How a request gets to where it goes (through a proxy, to an address) is the user's choice, not the tool's.
        """
        for name, qtype in sorted(self.asked):
            if name not in self.reached or qtype not in _ADDRESSES:
                self.rows[-1].mark(f"dns {name} {qtype}", "asked")
        for where in sorted(self.opened):
            if where not in self.reached:
                self.rows[-1].mark(f"connection {where}", "opened")
        for whom, used in sorted(self.carried.items()):
            for number in range(2, min(len(used), _MOST_CONNECTIONS) + 1):
                self.rows[-1].mark(f"connection {whom}:* #{number}", "opened")

    def _request(self, request: RequestSeen, purpose: str) -> None:
        row = self.rows[-1]
        self.reached.update((self._host(request), self.connections.get(request.conn, "")))
        if request.method == "CONNECT":
            return  # the staged proxy's door; what goes through it is seen as itself
        is_model = purpose.startswith("model:turn") or purpose == "model:aside"
        row.model_requests += is_model
        self.carried.setdefault("model" if is_model else self._host(request), set()).add(request.conn)
        where = purpose if is_model else f"{request.method} {self._host(request)}{_path_pattern(request.target)}"
        self.counts[where] = self.counts.get(where, 0) + 1
        key = where if self.counts[where] == 1 else f"{where} #{self.counts[where]}"
        self.sequence.append(key)
        if self.last_answer is not None and is_model and request.at >= self.last_answer:
            row.gaps[key] = request.at - self.last_answer
        for place, value in request_leaves(request, row):
            self._put(f"{key} > {place}", value)

    def _host(self, request: RequestSeen) -> str:
        return self._name(request.host.lower())

    def _name(self, host: str) -> str:
        """A host as places call it: the staged base URL's has one name, whatever the level."""
        row = self.rows[-1]
        return "base-url" if row.custom_base_url and host in row.api_hosts else host

    def _put(self, place: str, value: str) -> None:
        self.rows[-1].put(place, value)

    def _other(self, event: Event) -> None:
        row = self.rows[-1]
        match event:
            case NameAsked():
                name = self._name(event.name)
                self.asked.add((name, event.qtype))
                row.mark(f"dns {name} > {WRITTEN}case", _case_of(event.name_raw))
            case ConnectionOpened():
                where = f"{self._name(event.name or event.address)}:{event.port}"
                self.connections[event.conn] = where
                self.opened.add(where)
            case TlsRefused():
                row.refused.add(event.server_name or "(no name)")
            case MessageSeen():
                row.model_requests += event.host.lower() in row.api_hosts
                self.reached.update((self._name(event.host.lower()), self.connections.get(event.conn, "")))
                self._message(event)
            case BytesSeen():
                self._bytes(f"bytes {self.connections.get(event.conn, '(unknown)')}", event.payload)
            case DatagramSeen():
                self._bytes(f"udp {self._name(event.name or event.address)}:{event.port}", event.payload)
            case _:
                pass

    def _message(self, event: MessageSeen) -> None:
        where = f"message {self._name(event.host.lower())}{_path_pattern(event.target)}"
        self.counts[where] = self.counts.get(where, 0) + 1
        key = f"{where} #{self.counts[where]}"
        self.sequence.append(key)
        self._put(f"{key} > present", "sent")
        for place, value in body_leaves(event.payload, ""):
            self._put(f"{key} > {place}", value)

    def _bytes(self, where: str, payload: bytes) -> None:
        self.counts[where] = self.counts.get(where, 0) + 1
        self._put(f"{where} #{self.counts[where]} > present", "sent")
        for place, value in body_leaves(payload, ""):
            self._put(f"{where} #{self.counts[where]} > {place}", value)


def is_traffic(place: str) -> bool:
    """Whether a place is a request, a name or a connection, not the content of one."""
    return place.endswith(PRESENT) or (place.startswith(("dns ", "connection ")) and " > " not in place)


def host_of(place: str) -> str:
    """The host in a traffic place; empty for requests to the model API."""
    words = place.removesuffix(PRESENT).split(" ")
    if len(words) < 2 or place.startswith("model:"):
        return ""
    host = words[1].partition("/")[0]
    return host.rpartition(":")[0] if words[0] in _WITH_PORT else host


def _path_pattern(target: str) -> str:
    """The path without query, segments that look like ids replaced by ``*``."""
    path = _unquoted(target.split("?", 1)[0])
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return "/".join("*" if _ID_SEGMENT.match(part) else part for part in path.split("/"))


def request_leaves(request: RequestSeen, row: Row) -> Iterator[tuple[str, str]]:
    """The leaves of one request: line, header order, case and values, body."""
    yield "present", "sent"
    path, mark, query = _without_origin(request.target).partition("?")
    yield "line", f"{request.method} {_unquoted(path)} {request.version}"
    yield from ((WRITTEN + situation, choice) for situation, choice in path_choices(path))
    if mark:
        yield from form_leaves(query, "query")
    names = [name.decode("latin-1") for name, _ in request.headers]
    yield "header order", "\n".join(name.lower() for name in names)
    if request.version != "2":
        yield "header case", "\n".join(sorted(names, key=str.lower))
        yield from ((WRITTEN + situation, choice) for situation, choice in head_choices(request.head))
    values: dict[str, str] = {}
    for name_raw, value_raw in request.headers:
        name, value = name_raw.decode("latin-1").lower(), value_raw.decode("utf-8", "backslashreplace")
        values.setdefault(name, value)
        if name not in ("host", ":authority", "content-length", ":path", ":method", ":scheme"):
            yield f"header {name}", value
    meant = request.scheme == row.api_scheme and request.host.lower() in row.api_hosts
    yield "scheme", "as configured" if meant else request.scheme
    coding = values.get("content-encoding", "")
    if coding and request.body:
        yield from ((WRITTEN + situation, choice) for situation, choice in gzip_choices(request.body))
    body, left = undo_content_coding(request.body, coding)
    if left or len(body) > MAX_PARSED or not request.complete:
        row.undecoded.add(left or ("incomplete" if not request.complete else f"larger than {MAX_PARSED >> 20} MiB"))
    yield from body_leaves(body, values.get("content-type", ""))
    if request.body_raw:
        yield from ((WRITTEN + situation, choice) for situation, choice in chunk_choices(request.body_raw))


def _without_origin(target: str) -> str:
    """The target without scheme and authority, which a proxy's absolute form adds."""
    if "://" in target.partition("?")[0]:
        return "/" + target.split("://", 1)[1].partition("/")[2]
    return target


def _unquoted(path: str) -> str:
    """The path without percent signs; one that stands for a slash stays, it is no separator."""
    return unquote(_SLASH.sub("%252F", path), errors="backslashreplace") if "%" in path else path


def _case_of(name_raw: str) -> str:
    """``lower``, or the name as it was asked."""
    name = name_raw.rstrip(".")
    return "lower" if name == name.lower() else name

"""Traces to rows: one row for each session of each run, place → text, with the gaps between requests in seconds.

A place reads like a path: ``model:turn-2 > json/system[text]/text``. Requests to the model API are named by the turn of
the conversation they belong to, all others by method, host and path, so that rows of different runs line up.
"""

import re
from collections.abc import Iterable

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
from clearance.observe.behaviour.body import body_leaves
from clearance.observe.behaviour.lexical import WRITTEN
from clearance.observe.behaviour.places import (
    AS_CONFIGURED,
    AS_CONNECTED,
    BODY,
    DESTINATION,
    HOST,
    LOOKUPS,
    ORDER,
    PRESENT,
    SERVER,
    TALK,
)
from clearance.observe.behaviour.requests import body_in_words, path_pattern, request_leaves
from clearance.observe.behaviour.route import Route, Routes, bare
from clearance.observe.behaviour.row import Row

_TURN = re.compile(r"model:turn-(\d+)")
_ADDRESSES = ("A", "AAAA", "HTTPS")
"""Questions that a resolver asks on the way to a request."""
_MOST_CONNECTIONS = 20
"""Connections to one host that are counted in a session."""
_MOST_LOOKUPS = 200
"""Names whose order is kept."""


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
        self.waiting: dict[tuple[int, int], tuple[RequestSeen, Route]] = {}
        self.routes = Routes()
        self.connections: dict[int, str] = {}
        self._forget()

    def _forget(self) -> None:
        """What holds for one session only."""
        self.counts: dict[str, int] = {}
        self.reached: set[str] = set()
        self.asked: set[tuple[str, str]] = set()
        self.opened: set[str] = set()
        self.carried: dict[str, set[int]] = {}
        self.sequence: list[str] = []
        self.lookups: dict[str, None] = {}
        self.turn = 0
        self.last_answer: float | None = None

    def take(self, event: Event) -> None:
        self.routes.take(event)
        match event:
            case RunStarted():
                self.started = event
            case SessionStarted():
                self._begin(event)
            case _ if not self.rows:
                return
            case RequestSeen():
                self.waiting[event.conn, event.stream] = event, self.routes.of(event)
            case ResponseSent():
                waiting = self.waiting.pop((event.conn, event.stream), None)
                if waiting is not None:
                    self._request(*waiting, event.purpose)
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
                api_url=self.started.api_url,
            )
        )
        self._forget()

    def _end_session(self) -> None:
        for request, route in self.waiting.values():
            self._request(request, route, "unanswered")
        self.waiting.clear()
        if not self.rows:
            return
        self._ways()
        if self.sequence:
            self._put(ORDER, "\n".join(self.sequence))
        if len(self.lookups) > 1:
            self._put(LOOKUPS, "\n".join(self.lookups))
        if self.rows[-1].talks:
            self._put(f"{TALK}{PRESENT}", "held")

    def _ways(self) -> None:
        """Names asked and connections opened, save those that the requests account for.

        How a request gets to an address is the resolver's choice; a proxy between is a place of its own.
        """
        row = self.rows[-1]
        row.ways = {f"dns {name} {qtype}" for name, qtype in self.asked} | {f"connection {w}" for w in self.opened}
        for name, qtype in sorted(self.asked):
            if name not in self.reached or qtype not in _ADDRESSES:
                row.mark(f"dns {name} {qtype}", "asked")
        for where in sorted(self.opened):
            if where not in self.reached:
                row.mark(f"connection {where}", "opened")
        for whom, used in sorted(self.carried.items()):
            for number in range(2, min(len(used), _MOST_CONNECTIONS) + 1):
                row.mark(f"connection {whom}:* #{number}", "opened")

    def _request(self, request: RequestSeen, route: Route, purpose: str) -> None:
        row = self.rows[-1]
        self._reach(request, route)
        if request.method == "CONNECT":
            return  # a proxy's door; what goes through it is seen as itself
        is_model, where = self._named(request, purpose)
        self.carried.setdefault("model" if is_model else self._host(request), set()).add(request.conn)
        self.counts[where] = self.counts.get(where, 0) + 1
        key = where if self.counts[where] == 1 else f"{where} #{self.counts[where]}"
        self.sequence.append(key)
        if self.last_answer is not None and is_model and request.at >= self.last_answer:
            row.gaps[key] = request.at - self.last_answer
        for place, value in request_leaves(request, route, row, model=is_model):
            self._put(f"{key} > {place}", value)
            if (said := _told(place, value, request, route)) is not None:
                row.told[f"{key} > {place}"] = said

    def _named(self, request: RequestSeen, purpose: str) -> tuple[bool, str]:
        """Whether a request is part of the conversation with the model, and what it is called."""
        row = self.rows[-1]
        if purpose.startswith("model:unreadable"):
            row.unreadable += 1
            row.undecoded.add("a request to the model that its API does not describe")
            return True, f"model:turn-{self.turn + 1}"
        if turn := _TURN.match(purpose):
            self.turn = int(turn[1])
        if turn or purpose == "model:aside":
            row.model_requests += 1
            return True, purpose
        return False, f"{request.method.upper()} {self._host(request)}{path_pattern(request.target)}"

    def _reach(self, request: RequestSeen, route: Route) -> None:
        """What a request accounts for: the look-up of its host, and its connection where no proxy is between."""
        row, where = self.rows[-1], self.connections.get(request.conn, "")
        name = row.name_of(route.to.host)
        self.reached.add(name)
        if route.opened is None or route.opened[1:] == route.to[1:]:
            self.reached.add(where)
        row.contacted.update((name, f"{name}:{route.to.port}", self._host(request)))

    def _host(self, request: RequestSeen) -> str:
        return self._name(request.host)

    def _name(self, host: str) -> str:
        return self.rows[-1].name_of(bare(host))

    def _put(self, place: str, value: str) -> None:
        self.rows[-1].put(place, value)

    def _other(self, event: Event) -> None:
        row = self.rows[-1]
        match event:
            case NameAsked():
                name = self._name(event.name)
                self.asked.add((name, event.qtype))
                row.contacted.add(name)
                if len(self.lookups) < _MOST_LOOKUPS:
                    self.lookups.setdefault(name)
                row.mark(f"dns {name} > {WRITTEN}case", _case_of(event.name_raw))
            case ConnectionOpened():
                name = self._name(event.name or event.address)
                where = f"{name}:{event.port}"
                self.connections[event.conn] = where
                self.opened.add(where)
                row.contacted.update((name, where))
            case TlsRefused():
                row.refused.add(event.server_name or "(no name)")
            case MessageSeen():
                row.model_requests += event.host.lower() in row.api_hosts
                self.reached.update((self._name(event.host), self.connections.get(event.conn, "")))
                self._message(event)
            case BytesSeen():
                self._bytes(f"bytes {self.connections.get(event.conn, '(unknown)')}", event.payload)
            case DatagramSeen():
                name = self._name(event.name or event.address)
                row.contacted.update((name, f"{name}:{event.port}"))
                self._bytes(f"udp {name}:{event.port}", event.payload)
            case _:
                pass

    def _message(self, event: MessageSeen) -> None:
        where = f"message {self._name(event.host)}{path_pattern(event.target)}"
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


def _told(place: str, value: str, request: RequestSeen, route: Route) -> str | None:
    """What a report shows in place of a leaf's text; None where that says it all."""
    if place == BODY:
        return body_in_words(request.body, value)
    if place == DESTINATION:
        return f"{route.to.url} ({value})" if value == AS_CONFIGURED else route.to.url
    if place in (HOST, SERVER) and value == AS_CONNECTED:
        return f"{route.to.host} ({value})"
    return None


def _case_of(name_raw: str) -> str:
    """``lower``, or the name as it was asked."""
    name = name_raw.rstrip(".")
    return "lower" if name == name.lower() else name

"""The leaves of one request: whither, how carried, line, headers, body, and how all of it is written."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from clearance.model.trace import RequestSeen
from clearance.observe.behaviour.body import MAX_PARSED, body_leaves, form_leaves, undo_content_coding
from clearance.observe.behaviour.http2_choices import http2_choices
from clearance.observe.behaviour.lexical import WRITTEN, chunk_choices, gzip_choices, head_choices, path_choices
from clearance.observe.behaviour.places import (
    AS_CONFIGURED,
    BASE_URL,
    BODY,
    DESTINATION,
    HOST,
    NO_TLS,
    PROTOCOL,
    SERVER,
)
from clearance.observe.behaviour.route import Endpoint, Route, addressed, greeted, host_choices, target_choices
from clearance.observe.behaviour.row import Row

_ID_SEGMENT = re.compile(r"^(?:\d+|[0-9a-fA-F-]{8,}|[A-Za-z0-9_=-]{24,}|v?\d+\.\d+\.\d+.*)$")
_SLASH = re.compile("%2[fF]")
_ZEROS = re.compile(r"(0+)\d")
_NOT_CONTENT = frozenset({"host", ":authority", "content-length", ":path", ":method", ":scheme"})
Leaf = tuple[str, str]


def path_pattern(target: str) -> str:
    """The path without query, segments that look like ids replaced by ``*``."""
    path = _unquoted(_plain_path(_without_origin(target).split("?", 1)[0]))
    return "/".join("*" if _ID_SEGMENT.match(part) else part for part in path.split("/"))


def request_leaves(request: RequestSeen, route: Route, row: Row, *, model: bool) -> Iterator[Leaf]:
    """The leaves of one request. ``model``: it is part of the conversation, which has a configured destination."""
    yield "present", "sent"
    yield from _whither(request, route, row, model=model)
    yield PROTOCOL, f"HTTP/{request.version}{'' if request.scheme == 'https' else NO_TLS}"
    path, mark, query = _without_origin(request.target).partition("?")
    yield "request line", f"{request.method.upper()} {_unquoted(_plain_path(path))}"
    yield from _written(_line_choices(request, path))
    if mark:
        yield from form_leaves(query, "query")
    yield from _header_leaves(request.headers, version=request.version)
    yield from _written(_carriage_choices(request, route))
    yield from _body_leaves(request, row, model=model)


def _written(choices: Iterable[Leaf]) -> Iterator[Leaf]:
    return ((WRITTEN + situation, choice) for situation, choice in choices)


def _whither(request: RequestSeen, route: Route, row: Row, *, model: bool) -> Iterator[Leaf]:
    configured, own_name = row.configured, row.name_of(route.to.host)
    meant = route.to == configured and (model or own_name == BASE_URL)
    yield DESTINATION, AS_CONFIGURED if meant else Endpoint(route.to.scheme, own_name, route.to.port).url
    yield HOST, row.name_of(addressed(request, route))
    if name := greeted(route):
        yield SERVER, row.name_of(name)


def _line_choices(request: RequestSeen, path: str) -> Iterator[Leaf]:
    yield "method letters", "capitals" if request.method == request.method.upper() else request.method
    yield from path_choices(path)
    parts = path.split("/")[1:]
    empty = [str(n) for n, part in enumerate(parts[:-1], 1) if not part]
    yield "path slashes", f"more than one before part {', '.join(empty)}" if empty else "single"
    dots = [str(n) for n, part in enumerate(parts, 1) if part == "."]
    yield "path dots", f"a dot for part {', '.join(dots)}" if dots else "none"
    if path.strip("/"):
        yield "path end", "a slash" if parts[-1:] == [""] else "no slash"


def _header_leaves(headers: Sequence[tuple[bytes, bytes]], *, version: str) -> Iterator[Leaf]:
    """Order, case and values; a line that says again what another one said is how they are written."""
    kept, again = _once(headers)
    yield f"{WRITTEN}repeated headers", ", ".join(again) or "none"
    names = [name.decode("latin-1") for name, _ in kept]
    yield "header order", "\n".join(name.lower() for name in names)
    if version != "2":
        yield "header case", "\n".join(sorted(names, key=str.lower))
    for name_raw, value_raw in kept:
        name, value = name_raw.decode("latin-1").lower(), value_raw.decode("utf-8", "backslashreplace")
        if name not in _NOT_CONTENT:
            yield f"header {name}", value
        elif name == "content-length":
            zeros = _ZEROS.match(value)
            yield f"{WRITTEN}content-length", f"{len(zeros[1])} zeros before it" if zeros else "plain"


def _once(headers: Sequence[tuple[bytes, bytes]]) -> tuple[list[tuple[bytes, bytes]], list[str]]:
    """The headers without those that are there twice with the same value, and what was left out, in words."""
    seen: Counter[tuple[bytes, bytes]] = Counter()
    kept, again = [], []
    for number, (name, value) in enumerate(headers, 1):
        line = name.lower(), value
        seen[line] += 1
        if seen[line] > 1:
            again.append(f"{name.decode('latin-1')} again in line {number}")
        else:
            kept.append((name, value))
    return kept, again


def _carriage_choices(request: RequestSeen, route: Route) -> Iterator[Leaf]:
    """How the request is laid out on its connection."""
    yield from host_choices(request, route)
    if request.version != "2":
        yield from target_choices(request, route)
        yield from head_choices(request.head)
    if request.http2:
        yield from http2_choices(request.http2)
    if request.body_raw:
        yield from chunk_choices(request.body_raw)


def _body_leaves(request: RequestSeen, row: Row, *, model: bool) -> Iterator[Leaf]:
    values: dict[str, str] = {}
    for name, value in request.headers:
        values.setdefault(name.decode("latin-1").lower(), value.decode("utf-8", "backslashreplace"))
    coding = values.get("content-encoding", "")
    if coding and request.body:
        yield from _written(gzip_choices(request.body))
    body, left = undo_content_coding(request.body, coding)
    if left or len(body) > MAX_PARSED or not request.complete:
        row.undecoded.add(left or ("incomplete" if not request.complete else f"larger than {MAX_PARSED >> 20} MiB"))
    leaves = list(body_leaves(body, values.get("content-type", "")))
    yield BODY, _kind_of_body(body, leaves[0][0] if leaves else "", model=model)
    yield from leaves


def _kind_of_body(body: bytes, first: str, *, model: bool) -> str:
    """What a body is to a reader, told by the place of its first leaf. Telemetry sends one line of JSON or many."""
    if not body:
        return "none"
    if len(body) > MAX_PARSED:
        return f"more than {MAX_PARSED >> 20} MiB"
    if first.startswith(WRITTEN):
        return "lines of JSON" if model and first != f"{WRITTEN}JSON encoding" else "JSON"
    return next((kind for kind in ("form", "text") if first.startswith(kind)), "bytes")


def body_in_words(body: bytes, kind: str) -> str:
    """A body as a report shows it where it is not of the usual kind."""
    if kind in ("none", "JSON"):
        return f"{kind}, {len(body):,} bytes" if body else "no body"
    begins = f", begins with {body[:40].decode()!r}" if kind == "text" and body[:40].isascii() else ""
    return f"{kind}, {len(body):,} bytes, SHA-256 {hashlib.sha256(body).hexdigest()}{begins}"


def _without_origin(target: str) -> str:
    """The target without scheme and authority, which a proxy's absolute form adds."""
    if "://" in target.partition("?")[0]:
        return "/" + target.split("://", 1)[1].partition("/")[2]
    return target


def _plain_path(path: str) -> str:
    """The path without empty parts, single dots and a slash at its end: how those are written is told apart."""
    if not path.startswith("/"):
        return path
    return "/" + "/".join(part for part in path.split("/") if part not in ("", "."))


def _unquoted(path: str) -> str:
    """The path without percent signs; one that stands for a slash stays, it is no separator."""
    return unquote(_SLASH.sub("%252F", path), errors="backslashreplace") if "%" in path else path

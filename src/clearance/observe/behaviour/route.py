"""Where a request went, as against where it says it goes: connection, ``Host`` header and TLS server name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from clearance.model.trace import ClientHelloSeen, ConnectionOpened, Event, RequestSeen
from clearance.observe.behaviour.places import AS_CONNECTED

_DEFAULT = {"https": 443, "http": 80, "wss": 443, "ws": 80}
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?")
_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*")
_ADDRESS = re.compile(r"[\d.]+|.*:.*")


class Endpoint(NamedTuple):
    """A receiver."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """As a person writes it: a port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if _DEFAULT.get(self.scheme) != self.port else "")


def endpoint_of_url(url: str) -> Endpoint | None:
    """The receiver that a URL names; None when it names none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), bare(parts.hostname or "")
    return Endpoint(scheme, host, port or _DEFAULT.get(scheme, 0)) if host else None


def bare(host: str) -> str:
    """A host name in small letters without its last dot."""
    return host.lower().rstrip(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way of one request."""

    to: Endpoint
    """Where the connection leads, a proxy's tunnel to its end."""
    opened: Endpoint | None
    """Where the connection itself was opened to; None when nobody saw it."""
    direct: bool
    """False where a proxy carries it, so that its target has to name the host."""
    server_name: str | None
    """The name in the TLS greeting; None without one."""


class Routes:
    """Remembers where connections lead."""

    def __init__(self) -> None:
        self._opened: dict[int, tuple[str, int]] = {}
        self._tunnels: dict[int, tuple[str, int]] = {}
        self._greeted: dict[int, str] = {}

    def take(self, event: Event) -> None:
        """Learn from one event."""
        match event:
            case ConnectionOpened():
                self._opened[event.conn] = (bare(event.name or event.address), event.port)
            case ClientHelloSeen():
                self._greeted[event.conn] = bare(event.server_name)
            case RequestSeen() if event.method == "CONNECT":
                self._tunnels[event.conn] = (bare(event.host), event.port)
                self._greeted.pop(event.conn, None)
            case _:
                pass

    def opened(self, conn: int) -> tuple[str, int] | None:
        """Name or address and port that a connection was opened to."""
        return self._opened.get(conn)

    def of(self, request: RequestSeen) -> Route:
        """The way of a request."""
        opened, said = self._opened.get(request.conn), (bare(request.host), request.port)
        end = self._tunnels.get(request.conn)
        absolute = _origin(request) is not None
        carried = request.proxied and end is None and opened != said
        host, port = end or (said if carried else opened) or said
        return Route(
            to=Endpoint(request.scheme, host, port),
            opened=Endpoint(request.scheme, *opened) if opened else None,
            direct=not (carried and absolute),
            server_name=self._greeted.get(request.conn) if request.scheme == "https" else None,
        )


def addressed(request: RequestSeen, route: Route) -> str:
    """Whom the ``Host`` header (or ``:authority``) names: ``as connected`` where that is who is connected to."""
    values = dict.fromkeys(_authorities(request.headers))
    if not values:
        return "none"
    return ", ".join(_addressed(value, route) for value in values)


def _addressed(value: str, route: Route) -> str:
    host, port = _split(value)
    if bare(host) != route.to.host or port not in (None, route.to.port):
        return value.lower()
    return AS_CONNECTED


def greeted(route: Route) -> str:
    """Whom the TLS greeting names; empty where there is none, or nothing to name."""
    name = route.server_name
    if name is None or (not name and _ADDRESS.fullmatch(route.to.host)):
        return ""
    return AS_CONNECTED if name == route.to.host else name or "none"


def host_choices(request: RequestSeen, route: Route) -> Iterator[tuple[str, str]]:
    """How the ``Host`` header is written, whomever it names."""
    for value in dict.fromkeys(_authorities(request.headers)):
        where = "" if route.direct else " for a proxy"
        host, port = _split(value)
        yield f"host letters{where}", "small" if host == host.lower() else host
        yield f"host dot{where}", "no dot at the end" if not host.endswith(".") else "a dot at the end"
        usual = _DEFAULT.get(route.to.scheme) == route.to.port
        kind = "usual port" if usual else "unusual port"
        yield f"host {kind}{where}", "left out" if port is None else "written" if value[-1:] != ":" else "a colon only"


def target_choices(request: RequestSeen, route: Route) -> Iterator[tuple[str, str]]:
    """Whether the target is a path or a whole URL, where no proxy needs one."""
    if route.direct and request.version != "2":
        origin = _origin(request)
        yield "request target", "a path" if origin is None else f"a whole URL ({origin}…)"


def _origin(request: RequestSeen) -> str | None:
    """The scheme of the target as sent; None where it is a path. In ``target`` there is only the path."""
    words = request.head.lstrip(b"\r\n").partition(b"\n")[0].split()
    target = words[1].decode("latin-1") if len(words) > 1 and request.version != "2" else request.target
    match = _ABSOLUTE.match(target)
    return match[1] if match else None


def _authorities(headers: Sequence[tuple[bytes, bytes]]) -> list[str]:
    return [v.decode("latin-1").strip() for n, v in headers if n.lower() in (b"host", b":authority")]


def _split(value: str) -> tuple[str, int | None]:
    match = _AUTHORITY.fullmatch(value.removesuffix(":"))
    if match is None:
        return value, None
    return match[1].strip("[]"), int(match[2]) if match[2] else None

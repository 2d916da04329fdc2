"""A trace: everything seen of one run, in order, with times.

On disk a trace is a sequence of frames: four bytes of big-endian length, then one event as MessagePack. Its identity
is the SHA-256 of the file. ``encode_event`` and ``decode_events`` are the only ways in and out.
"""

import struct
from collections.abc import Iterable, Iterator

import msgspec

from clearance.model.cell import Cell
from clearance.model.ids import Digest

_MAX_FRAME = 1 << 28


class TraceError(Exception):
    """The bytes are not a trace."""

    advice = "The file may be cut or from another version; vet the release again."


class _Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at: float
    """Seconds since the run began (monotonic)."""


class RunStarted(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="run-started"):
    """A room is ready and the assistant is about to start."""

    cell: Cell
    argv: tuple[str, ...]
    wall_clock: float
    """What the assistant is meant to believe the time is: Unix seconds at ``at``; staged when the clock is staged."""
    api_hosts: tuple[str, ...]
    """Hosts that stand for the model API in this run (the vendor's or the staged base URL's)."""
    custom_base_url: bool = False
    """True when ``api_hosts`` are a staged base URL's and not the vendor's."""
    api_url: str = ""
    """The base URL that the assistant is configured with in this run, the vendor's own included."""


class SessionStarted(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="session-started"):
    """The command is started (1), or started again in the same home (2 …)."""

    number: int


class NameAsked(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="name-asked"):
    """A DNS question."""

    name: str
    """Lower case, without the last dot."""
    name_raw: str
    """As asked: case can carry information."""
    qtype: str
    """``A``, ``AAAA``, ``HTTPS``, ``TXT`` …"""
    transport: str
    """``udp``, ``tcp`` or ``https`` (DNS over HTTPS)."""
    server: str
    """Address that was asked."""
    answer: str = ""


class ConnectionOpened(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="connection-opened"):
    """A TCP connection reached the emulated world."""

    conn: int
    address: str
    port: int
    name: str = ""
    """The name whose answer that address was; empty when the address was not asked for."""


class ClientHelloSeen(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="client-hello"):
    """The first TLS record of a connection."""

    conn: int
    raw: bytes
    server_name: str = ""
    alpn: tuple[str, ...] = ()


class TlsRefused(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="tls-refused"):
    """The client gave up on our certificate: pinned, or it does not trust the room's CA."""

    conn: int
    server_name: str
    reason: str


class Http2Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a request came over HTTP/2: what its client chose beside header list and body."""

    settings: tuple[tuple[int, int], ...] = ()
    """Identifier and value of each setting in the client's first SETTINGS frame, as sent."""
    window: int = 0
    """Octets that the client added to the connection's window before its first request."""
    priority: tuple[int, int, bool] | None = None
    """Weight (1 to 256), stream depended on, exclusive; None where the HEADERS frame carries no priority."""
    data_frames: tuple[int, ...] = ()
    """Length of the payload of each DATA frame, padding included; of very many, the first."""


class RequestSeen(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="request"):
    """One HTTP request."""

    conn: int
    stream: int
    """HTTP/2 stream id; a running number from 1 for HTTP/1.1."""
    scheme: str
    host: str
    """From ``Host``/``:authority`` (without port), else the connection's name or address."""
    port: int
    method: str
    target: str
    """Path and query as sent."""
    version: str
    """``1.0``, ``1.1`` or ``2``."""
    headers: tuple[tuple[bytes, bytes], ...]
    """Order and case as sent; HTTP/2 pseudo-headers included, in place."""
    head: bytes
    """HTTP/1.1: exact bytes to the blank line, inclusive. HTTP/2: the header block fragment."""
    body: bytes
    """As sent, transfer coding removed, content coding kept."""
    complete: bool = True
    proxied: bool = False
    """True when it came through a staged proxy (CONNECT or absolute form)."""
    body_raw: bytes = b""
    """Exact body octets, transfer coding included, when they differ from ``body`` (chunked framing, trailers):
    the framing can carry information. Empty when they are the same."""
    http2: Http2Way | None = None
    """None for HTTP/1, and in traces of versions that did not record it."""


class ResponseSent(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="response"):
    """What the emulated world answered."""

    conn: int
    stream: int
    status: int
    size: int
    """Bytes of the body."""
    purpose: str
    """``model:turn-1``, ``model:aside``, ``model:count-tokens``, ``proxy-connect``, ``generic`` …"""


class MessageSeen(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ws-message"):
    """A WebSocket message from the client."""

    conn: int
    stream: int
    host: str
    target: str
    binary: bool
    payload: bytes


class BytesSeen(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="bytes"):
    """Bytes on a TCP connection that is neither TLS nor HTTP, or that broke the protocol."""

    conn: int
    payload: bytes
    secured: bool = False
    """True when they came inside TLS."""


class ConnectionClosed(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="connection-closed"):
    """A connection ended."""

    conn: int
    received: int
    """Bytes the client sent on it, TLS included."""


class DatagramSeen(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="datagram"):
    """A UDP datagram that is not DNS."""

    address: str
    port: int
    name: str
    payload: bytes


class ProcessStarted(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="process-started"):
    """An ``execve``."""

    pid: int
    path: str
    argv: tuple[str, ...]
    ok: bool = True
    error: str = ""


class FileTouched(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="file-touched"):
    """A file outside the system folders was opened, written, removed or renamed, or the attempt failed."""

    pid: int
    operation: str
    """``read``, ``write``, ``remove``, ``rename``, ``make-folder``, ``link`` or ``mode``."""
    path: str
    ok: bool = True
    error: str = ""


class AttemptFailed(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="attempt-failed"):
    """Something else the tool tried that the room refused (a socket, a trace of another process …)."""

    pid: int
    call: str
    detail: str
    error: str


class FileLeft(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="file-left"):
    """A file in the home, the project or /tmp that is there at the end and was not there, or not so, before."""

    path: str
    size: int
    sha256: Digest
    removed: bool = False


class LimitReached(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="limit-reached"):
    """A limit of the room or of the recorder was reached; what lies beyond is not in the trace."""

    what: str
    """``memory``, ``processes``, ``disk``, ``wall``, ``traffic``, ``connections``, ``events``."""
    limit: str


class RunEnded(_Event, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="run-ended"):
    """The room is closed and everything in it is dead."""

    outcome: str
    """``exited``, ``timeout``, ``killed-memory``, ``killed``, ``no-command``, ``interrupted`` or ``room-failed``."""
    exit_code: int | None
    wall_s: float
    cpu_s: float
    """CPU seconds of the room: tool, recorder's tracer and sandbox."""
    peak_rss_mb: float
    stdout_tail: str = ""
    stderr_tail: str = ""
    detail: str = ""


Event = (
    RunStarted
    | SessionStarted
    | NameAsked
    | ConnectionOpened
    | ClientHelloSeen
    | TlsRefused
    | RequestSeen
    | ResponseSent
    | MessageSeen
    | BytesSeen
    | ConnectionClosed
    | DatagramSeen
    | ProcessStarted
    | FileTouched
    | AttemptFailed
    | FileLeft
    | LimitReached
    | RunEnded
)

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Event)


def encode_event(event: Event) -> bytes:
    """One frame of a trace."""
    body = _ENCODER.encode(event)
    return struct.pack(">I", len(body)) + body


def decode_events(chunks: Iterable[bytes]) -> Iterator[Event]:
    """The events of a trace, however its bytes are cut.

    Raises:
        TraceError: the bytes are not frames of events, or end inside one.
    """
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while len(buffer) >= 4:
            (size,) = struct.unpack_from(">I", buffer)
            if size > _MAX_FRAME:
                raise TraceError(f"a frame of {size} bytes")
            if len(buffer) < 4 + size:
                break
            body = bytes(buffer[4 : 4 + size])
            del buffer[: 4 + size]
            try:
                yield _DECODER.decode(body)
            except msgspec.DecodeError as error:
                raise TraceError(str(error)) from error
    if buffer:
        raise TraceError(f"{len(buffer)} bytes after the last whole event")

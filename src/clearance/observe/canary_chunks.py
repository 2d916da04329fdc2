"""What of a trace can carry a canary out, as places and bytes for ``CanarySearch.search``."""

from collections.abc import Iterable, Iterator

from clearance.model.trace import (
    BytesSeen,
    ClientHelloSeen,
    DatagramSeen,
    Event,
    MessageSeen,
    NameAsked,
    RequestSeen,
)


def chunks(events: Iterable[Event]) -> Iterator[tuple[str, bytes]]:
    """Every emission of one run in order."""
    for event in events:
        yield from emitted(event)


def emitted(event: Event) -> Iterator[tuple[str, bytes]]:
    """Names, hellos, request heads and bodies, messages, raw bytes, datagrams; nothing for other events.

    Places of one kind share a name up to its numbers: what was cut over several of them is put together by it.
    """
    match event:
        case NameAsked():
            yield "DNS name", event.name_raw.encode("utf-8", "surrogateescape")
        case RequestSeen():
            yield from _request(event)
        case MessageSeen():
            yield f"WebSocket message to {event.host}", event.payload
        case BytesSeen():
            yield f"bytes on connection {event.conn}", event.payload
        case DatagramSeen():
            yield f"datagram to {event.name or event.address}:{event.port}", event.payload
        case ClientHelloSeen():
            yield "TLS client hello", event.raw
        case _:
            pass


def _request(event: RequestSeen) -> Iterator[tuple[str, bytes]]:
    path = event.target.partition("?")[0]
    where = f"{event.method} {event.host}{path if len(path) <= 80 else path[:80] + '…'}"
    lines = [f"{event.method} {event.target}".encode("utf-8", "surrogateescape")]
    # header values by name, because the head of HTTP/2 is compressed with a table of its own
    lines += [name + b": " + value for name, value in event.headers]
    yield f"head of {where}", b"\n".join(lines)
    yield f"body of {where}", event.body
    if event.body_raw:
        yield f"chunked framing of {where}", event.body_raw

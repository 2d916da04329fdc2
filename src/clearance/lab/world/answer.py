"""What the world says back: a reply, and whoever thinks of one."""

from dataclasses import dataclass
from typing import Protocol

from clearance.model.trace import RequestSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to one request. ``Content-Length``, ``Transfer-Encoding`` and ``Date`` are the world's business."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    chunks: tuple[bytes, ...] = ()
    """Each is sent as its own write. Empty ones are left out."""
    purpose: str = "generic"
    """``model:turn-1``, ``telemetry`` … as ``ResponseSent`` records it."""
    stream: bool = False
    """True: chunked (HTTP/1.1) or DATA frames without a length (HTTP/2), as a live stream would be."""


class Answerer(Protocol):
    """Whoever thinks of the answers. Asked once for each whole request, in the order of their arrival."""

    def answer(self, request: RequestSeen) -> Reply:
        """The reply to a request. Never raises for anything a client can send."""
        ...

    def accepts_websocket(self, request: RequestSeen) -> bool:
        """Whether an upgrade to WebSocket is granted; if not, ``answer`` says what is sent instead."""
        ...

    def message(self, request: RequestSeen, payload: bytes, binary: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - one call, one meaning
        """Text messages (UTF-8) to send back for a message on the WebSocket that ``request`` opened."""
        ...

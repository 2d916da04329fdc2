"""HTTP/1.1 answers as bytes."""

from http import HTTPStatus

from clearance.lab.world.answer import Reply
from clearance.lab.world.head import Head

OURS = frozenset({"content-length", "transfer-encoding", "date", "connection", "keep-alive"})
"""Headers that the world sets itself, whatever the reply says."""


def is_streamed(reply: Reply) -> bool:
    """Whether a reply goes out without a length: it says so, or comes in pieces."""
    return reply.stream or len(reply.chunks) > 1


def is_bodiless(method: str, status: int) -> bool:
    """Whether an answer may have no body."""
    return method.upper() == "HEAD" or status in {204, 304} or status < 200


def encode_head(reply: Reply, *, head: Head, chunked: bool, date: str, sized: bool) -> bytes:
    """Status line and headers, with the blank line."""
    lines = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers if name.lower() not in OURS]
    if date:
        lines.append(f"Date: {date}")
    if chunked and sized:
        lines.append("Transfer-Encoding: chunked")
    elif sized:
        lines.append(f"Content-Length: {sum(map(len, reply.chunks))}")
    if not head.keeps_alive:
        lines.append("Connection: close")
    elif head.version == "1.0":
        lines.append("Connection: keep-alive")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def encode_pieces(reply: Reply, *, chunked: bool) -> list[bytes]:
    """The body as the writes it is sent in."""
    pieces = [chunk for chunk in reply.chunks if chunk]
    if not chunked:
        return pieces
    return [*(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces), b"0\r\n\r\n"]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"

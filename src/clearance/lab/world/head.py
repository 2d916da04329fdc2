"""The head of an HTTP/1.x request, byte for byte."""

import re
from dataclasses import dataclass

from clearance.lab.world.body import Body, ChunkedBody, MalformedError, SizedBody

MOST_HEAD = 1 << 18
_LINE = re.compile(rb"(\S+) (\S+) HTTP/(1\.[01])")
_NAME = re.compile(rb"[^\s:\x00-\x1f][^:\x00-\x1f]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A request's head, and what it means for what follows."""

    raw: bytes
    method: str
    target: str
    """As sent."""
    version: str
    headers: tuple[tuple[bytes, bytes], ...]

    def first(self, name: bytes) -> bytes:
        """The first value of a header (name in lower case), or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def tokens(self, name: bytes) -> frozenset[bytes]:
        """A header's comma-separated words over all its lines, in lower case."""
        values = (value for key, value in self.headers if key.lower() == name)
        return frozenset(word.strip().lower() for value in values for word in value.split(b","))

    @property
    def keeps_alive(self) -> bool:
        """Whether another request may follow."""
        words = self.tokens(b"connection") | self.tokens(b"proxy-connection")
        return b"close" not in words and (self.version == "1.1" or b"keep-alive" in words)

    def new_body(self) -> Body:
        """The body to receive. Raises MalformedError."""
        if b"chunked" in self.tokens(b"transfer-encoding"):
            return ChunkedBody()
        sizes = self.tokens(b"content-length")
        if not sizes:
            return SizedBody(0)
        size = next(iter(sizes))
        if len(sizes) > 1 or not re.fullmatch(rb"[0-9]{1,18}", size):
            raise MalformedError("a body of no clear length")
        return SizedBody(int(size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Absolute:
    """Where an absolute target points."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""


def read_head(raw: bytes) -> Head:
    """Reads a head from its first byte to its blank line, inclusive. Raises MalformedError."""
    lines = raw.lstrip(b"\r\n").split(b"\n")
    match = _LINE.fullmatch(lines[0].rstrip(b"\r"))
    if match is None:
        raise MalformedError("not a request line")
    headers: list[tuple[bytes, bytes]] = []
    for line in (line.removesuffix(b"\r") for line in lines[1:]):
        if not line:
            continue
        if line[:1] in {b" ", b"\t"} and headers:  # a folded line belongs to the one before
            headers[-1] = (headers[-1][0], headers[-1][1] + b" " + line.strip())
            continue
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.fullmatch(name):
            raise MalformedError("not a header")
        headers.append((name, value.strip(b" \t")))
    method, target, version = (part.decode("latin-1") for part in match.groups())
    return Head(raw=raw, method=method, target=target, version=version, headers=tuple(headers))


def split_host(value: str, port: int) -> tuple[str, int]:
    """``host``, ``host:port`` or ``[v6]:port`` to host (lower case) and port; the given port when there is none."""
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{1,5}))?", value.strip())
    if match is None:
        return value.strip().lower(), port
    return match[1].strip("[]").lower(), int(match[2]) if match[2] else port


def read_absolute(target: str) -> Absolute | None:
    """An absolute-form target (``http://host/path``) in its parts; None for any other form."""
    match = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)", target)
    if match is None:
        return None
    scheme = match[1].lower()
    host, port = split_host(match[2].rpartition("@")[2], 443 if scheme in {"https", "wss"} else 80)
    rest = match[3] if match[3].startswith("/") else "/" + match[3]
    return Absolute(scheme=scheme, host=host, port=port, target=rest)

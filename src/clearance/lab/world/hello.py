"""Reads a TLS ClientHello: the name it wants and the protocols it offers."""

from dataclasses import dataclass

_MOST = 1 << 16


class HelloError(Exception):
    """The bytes are no ClientHello."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHello:
    """The first flight of a TLS client."""

    raw: bytes
    """Its records as sent (one, unless the client split it)."""
    server_name: str
    """As sent, case included; empty when there is none. Bytes outside ASCII as backslash escapes."""
    alpn: tuple[str, ...]


def read_hello(data: bytes) -> ClientHello | None:
    """The hello at the beginning of the data; None while it is not whole.

    Raises:
        HelloError: the bytes cannot become one, or not within 64 KiB.
    """
    message, at = b"", 0
    while True:
        if len(message) >= 4 and len(message) >= (size := 4 + int.from_bytes(message[1:4], "big")):
            name, alpn = _extensions(message[4:size])
            return ClientHello(raw=bytes(data[:at]), server_name=name, alpn=alpn)
        if data[at : at + 1] not in {b"", b"\x16"} or message[:1] not in {b"", b"\x01"} or at > _MOST:
            raise HelloError("not a handshake record")
        if len(data) < at + 5:
            return None
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if not 0 < length <= 1 << 14:
            raise HelloError("a record of impossible length")
        if len(data) < at + 5 + length:
            return None
        message += data[at + 5 : at + 5 + length]
        at += 5 + length


class _Reader:
    """Length-prefixed fields; runs off the end quietly, for TLS itself will complain."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        self._at += size
        return piece

    def vector(self, prefix: int) -> bytes:
        return self.take(int.from_bytes(self.take(prefix), "big"))

    def __bool__(self) -> bool:
        return self._at < len(self._data)


def _extensions(body: bytes) -> tuple[str, tuple[str, ...]]:
    reader = _Reader(body)
    reader.take(34)  # version and random
    reader.vector(1), reader.vector(2), reader.vector(1)  # session id, cipher suites, compression
    extensions = _Reader(reader.vector(2))
    name = ""
    alpn: tuple[str, ...] = ()
    while extensions:
        kind, content = int.from_bytes(extensions.take(2), "big"), extensions.vector(2)
        if kind == 0:
            entry = _Reader(_Reader(content).vector(2))
            name = _text(entry.vector(2)) if entry.take(1) == b"\0" else name
        elif kind == 16:
            alpn = _protocols(_Reader(_Reader(content).vector(2)))
    return name, alpn


def _protocols(entries: _Reader) -> tuple[str, ...]:
    found = []
    while entries:
        found.append(_text(entries.vector(1)))
    return tuple(found)


def _text(raw: bytes) -> str:
    return raw.decode("ascii", "backslashreplace")

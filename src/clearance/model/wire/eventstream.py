"""Amazon's binary event stream, written: how Bedrock carries the events of another dialect."""

import base64
import struct
import zlib

from clearance.model.wire.jsontree import encode

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7
"""Header value type for UTF-8 text."""


def chunk(payload: bytes) -> bytes:
    """One ``chunk`` message around an event of the inner dialect: prelude, headers, body, each part with its CRC-32."""
    headers = b"".join(
        _header(name, value)
        for name, value in ((":event-type", "chunk"), (":content-type", "application/json"), (":message-type", "event"))
    )
    body = encode({"bytes": base64.b64encode(payload).decode()})
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def _header(name: str, value: str) -> bytes:
    return struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", _STRING, len(value)) + value.encode()

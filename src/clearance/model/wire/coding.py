"""Content codings of a message body, undone within a bound."""

import io
import zlib
from collections.abc import Callable

import zstandard

from clearance.model.wire.jsontree import WireError

MAX_BODY = 64 << 20
"""Bytes; a body that unpacks to more is refused."""


def decode_body(body: bytes, content_encoding: str) -> bytes:
    """The body without its content codings.

    ``content_encoding`` is the header's value: codings in the order they were applied, comma between.

    Raises:
        WireError: a coding is unknown or has no library here, the bytes do not follow it, or they unpack to more
            than ``MAX_BODY``.
    """
    codings = [word.strip().lower() for word in content_encoding.split(",") if word.strip()]
    if len(codings) > 4:
        raise WireError(f"{len(codings)} content codings")
    for coding in reversed(codings):
        undo = _CODINGS.get(coding)
        if undo is None:
            raise WireError(f"content coding {coding[:40]!r} cannot be read here")
        body = undo(body)
    return body


def _identity(body: bytes) -> bytes:
    return body


def _gzip(body: bytes) -> bytes:
    return _inflate(body, 16 + zlib.MAX_WBITS)


def _deflate(body: bytes) -> bytes:
    try:
        return _inflate(body, zlib.MAX_WBITS)
    except WireError:
        return _inflate(body, -zlib.MAX_WBITS)  # many clients send raw deflate under this name


def _inflate(body: bytes, wbits: int) -> bytes:
    inflater = zlib.decompressobj(wbits)
    try:
        out = inflater.decompress(body, MAX_BODY)
    except zlib.error as error:
        raise WireError(f"broken deflate stream: {error}") from error
    if inflater.unconsumed_tail:
        raise WireError(f"body unpacks to more than {MAX_BODY} bytes")
    if not inflater.eof:
        raise WireError("compressed body is cut short")
    return out


def _zstd(body: bytes) -> bytes:
    try:
        out: bytes = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)).read(MAX_BODY + 1)
    except zstandard.ZstdError as error:
        raise WireError(f"broken zstd stream: {error}") from error
    if len(out) > MAX_BODY:
        raise WireError(f"body unpacks to more than {MAX_BODY} bytes")
    return out


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "identity": _identity,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "zstd": _zstd,
}

"""Private keys in PEM: begin line, a body that decodes, whether under a password."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.chance import entropy
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.seen import SeenSecret
from clearance.detect.secrets.structure import unbase64
from clearance.model.finding import Confidence, Severity

_ROW: Final = PatternRow(
    id="private-key",
    expression=r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----",
    keywords=("PRIVATE KEY",),
)
_LONGEST: Final = 24_000
_LINES: Final = re.compile(rb"(?:[ \t\r\n\"',+#*/>]|\\[nrt]|[A-Za-z][A-Za-z-]{2,30}: [^\n\\]{1,200})*+")
_BODY: Final = re.compile(rb"(?:[A-Za-z0-9+/]{1,4096}+={0,2}(?:[ \t\r\n\"',+#*>]|\\[nrt])*+){1,2000}+")
_FILLING: Final = re.compile(rb"[ \t\r\n\"',#*>]|\\[nrt]")
_LEAST: Final = 64
"""Characters of base64 of the shortest key, Ed25519 in PKCS 8."""
_KNOWN: Final = (b"openssh-key-v1\0", b"\x30")


def pem_reader() -> Reader:
    """The reader of private keys."""
    return Reader(row=_ROW, read=_read)


def _read(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    window = text[end : end + _LONGEST]
    stop = window.find(b"-----END")
    body = _body(window if stop < 0 else window[:stop])
    if len(body) < _LEAST or entropy(body) < 3.5:
        return
    sealed = b"ENCRYPTED" in text[start:end] or b"ENCRYPTED" in window[:200]
    whole = unbase64(body).startswith(_KNOWN)
    yield SeenSecret(
        id="private-key",
        provider="",
        what="private key under a password" if sealed else "private key",
        start=start,
        end=end + (stop if stop >= 0 else min(len(window), len(body) + 200)),
        severity=Severity.MEDIUM if sealed else Severity.CRITICAL,
        confidence=Confidence.HIGH if whole and stop >= 0 else Confidence.MEDIUM,
        rank=0,
    )


def _body(window: bytes) -> bytes:
    """The base64 behind the begin line, headers and line ends left out; nothing where something else stands there."""
    head = _LINES.match(window)
    found = _BODY.match(window, head.end() if head else 0)
    return _FILLING.sub(b"", found.group()) if found else b""

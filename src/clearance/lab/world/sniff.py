"""Tells a protocol by its first bytes."""

import enum
import re

HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_MOST_LINE = 1 << 16
_METHOD = re.compile(rb"[A-Za-z!#$%&'*+.^_`|~0-9-]{1,40}")
_REQUEST_LINE = re.compile(rb"\S+ [^\r\n]+ HTTP/1\.[01]\r?\n")


class Spoken(enum.Enum):
    """The protocols that the world answers; everything else is ``RAW``."""

    TLS = "tls"
    HTTP1 = "http/1"
    HTTP2 = "http/2"
    DNS = "dns"
    SOCKS = "socks"
    RAW = "raw"


def sniff(data: bytes, port: int) -> Spoken | None:
    """What is spoken; None while the bytes could still become more than one thing.

    ``port`` matters only for DNS (53, and 853 inside TLS): its first bytes are a length and tell nothing.
    """
    if not data:
        return None
    if data[0] == 0x16:
        return _by_prefix(data, b"\x16\x03", Spoken.TLS)
    if port in {53, 853}:
        return Spoken.DNS
    if data[0] in {4, 5}:
        return _sniff_socks(data)
    if HTTP2_PREFACE.startswith(data[: len(HTTP2_PREFACE)]):
        return Spoken.HTTP2 if len(data) >= len(HTTP2_PREFACE) else None
    return _sniff_http1(data)


def _by_prefix(data: bytes, prefix: bytes, spoken: Spoken) -> Spoken | None:
    if data.startswith(prefix):
        return spoken
    return None if prefix.startswith(data) else Spoken.RAW


def _sniff_socks(data: bytes) -> Spoken | None:
    if len(data) < 2:
        return None
    if data[0] == 5:
        return Spoken.SOCKS if 0 < data[1] <= 16 else Spoken.RAW  # a count of methods; nobody offers more
    return Spoken.SOCKS if data[1] in {1, 2} else Spoken.RAW


def _sniff_http1(data: bytes) -> Spoken | None:
    line = data.lstrip(b"\r\n")  # an empty line before a request is allowed
    end = line.find(b"\n")
    if end >= 0:
        return Spoken.HTTP1 if _REQUEST_LINE.fullmatch(line[: end + 1]) else Spoken.RAW
    method = line.partition(b" ")[0]
    possible = not line or (_METHOD.fullmatch(method) and len(data) < _MOST_LINE)
    return None if possible else Spoken.RAW

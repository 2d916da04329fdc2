"""JSON web tokens: the header decodes to an object that names an algorithm."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.seen import SeenSecret
from clearance.detect.secrets.structure import jwt_header, unbase64
from clearance.detect.secrets.tokens import stands_alone
from clearance.model.finding import Confidence, Severity

_ROW: Final = PatternRow(id="jwt", expression=r"\.ey[JA][A-Za-z0-9_-]{7}", keywords=(".eyJ", ".eyA"))
_WRAPPED: Final = PatternRow(id="jwt-in-base64", expression=r"ZXlK[A-Za-z0-9+/]{60}", keywords=("ZXlK",))
_HEADER: Final = 4096
_REVERSED: Final = re.compile(rb"={0,2}[\w-]+")
_TOKEN: Final = re.compile(rb"([\w-]{1,4096}+)={0,2}\.([\w/-]{1,65536}+)={0,2}\.([\w/-]{0,4096}+)={0,2}")

_RUN: Final = re.compile(rb"[A-Za-z0-9+/]{1,65536}+={0,2}")


def jwt_readers() -> Iterator[Reader]:
    """Readers of tokens, plain and once more in base64."""
    yield Reader(row=_ROW, read=_read)
    yield Reader(row=_WRAPPED, read=_read_wrapped)


def _read(text: bytes, start: int, _end: int) -> Iterator[SeenSecret]:
    # The claims begin like this; the header is what stands before, read backwards, so that no text is read twice.
    before = _REVERSED.match(text[max(0, start - _HEADER) : start][::-1])
    start -= before.end() if before else 0
    found = _TOKEN.match(text, start)
    if found and stands_alone(text, start, found.end()) and _is_jwt(found):
        yield _seen(found.start(), found.end(), signed=bool(found[3]))


def _read_wrapped(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    run = _RUN.match(text, end)
    end = run.end() if run else end
    whole = unbase64(text[start:end])
    found = _TOKEN.match(whole)
    header = jwt_header(whole.partition(b".")[0])
    if stands_alone(text, start, end) and ((found and _is_jwt(found)) or "alg" in header):
        yield _seen(start, end, signed=True)


def _is_jwt(found: re.Match[bytes]) -> bool:
    header = jwt_header(found[1])
    return isinstance(header.get("alg"), str) or isinstance(header.get("enc"), str)


def _seen(start: int, end: int, *, signed: bool) -> SeenSecret:
    return SeenSecret(
        id="jwt",
        provider="",
        what="JSON web token" if signed else "JSON web token without a signature",
        start=start,
        end=end,
        severity=Severity.MEDIUM if signed else Severity.LOW,
        confidence=Confidence.HIGH if signed else Confidence.MEDIUM,
        rank=2,
    )

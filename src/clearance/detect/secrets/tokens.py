"""Tokens that show by themselves: whole, alone in the text, no placeholder, of sound structure."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.chance import entropy, placeholder
from clearance.detect.secrets.formats import Provider, TokenFormat, providers
from clearance.detect.secrets.reader import Reader, Reading
from clearance.detect.secrets.seen import SeenSecret
from clearance.detect.secrets.structure import CHECKS
from clearance.model.finding import Confidence, Severity

_MORE: Final = re.compile(rb"[A-Za-z0-9+/_-]{1,4096}+={0,3}")
_WORD: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


def token_readers() -> Iterator[Reader]:
    """A reader for each token of the table."""
    for provider in providers():
        for format_ in provider.formats:
            row = PatternRow(id=format_.id, expression=format_.find, keywords=format_.keywords)
            yield Reader(row=row, read=_reading(provider, format_))


def stands_alone(text: bytes, start: int, end: int) -> bool:
    r"""Whether nothing that could belong to the token touches it; an escape (``\n``, ``%3D``) before it is none."""
    if end < len(text) and text[end] in _WORD:
        return False
    if start == 0 or text[start - 1] not in _WORD or text[start] not in _WORD:
        return True
    return text[start - 2 : start] in (b"\\n", b"\\t", b"\\r") or text[start - 3 : start - 2] == b"%"


def _reading(provider: Provider, format_: TokenFormat) -> Reading:
    check = CHECKS[format_.check] if format_.check else None
    severity = Severity.LOW if format_.public else format_.severity

    def read(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
        if format_.open and (more := _MORE.match(text, end)):
            end = more.end()
        value = text[start:end]
        if not stands_alone(text, start, end) or (format_.entropy and _idle(value, format_.entropy)):
            return
        confidence = check(text, start, end) if check else Confidence.MEDIUM
        if confidence is not None:
            yield SeenSecret(
                id=format_.id,
                provider=provider.name,
                what=format_.what,
                start=start,
                end=end,
                severity=Severity.LOW if confidence is Confidence.LOW else severity,
                confidence=confidence,
                rank=0 if not format_.public else 2,
            )

    return read


def _idle(value: bytes, bits: float) -> bool:
    return entropy(value) < bits or placeholder(value)

"""Kubernetes secrets: a manifest of that kind with values in base64."""

import re
from collections.abc import Iterator
from typing import Final

from clearance.detect.patterns import PatternRow
from clearance.detect.secrets.chance import placeholder
from clearance.detect.secrets.reader import Reader
from clearance.detect.secrets.seen import SeenSecret
from clearance.detect.secrets.structure import unbase64
from clearance.model.finding import Confidence, Severity

_ROW: Final = PatternRow(
    id="kubernetes-secret",
    expression=r"""(?i)\bkind:[ \t]{0,8}["']?secret["']?[ \t]{0,20}[\r\n]""",
    keywords=("secret",),
)
_BEFORE: Final = 4_000
_AFTER: Final = 1 << 20
"""Bytes that Kubernetes takes of a secret at most."""
_INDENT: Final = 80
_EDGE: Final = re.compile(rb"\n(?:---|[ \t-]{0,80}kind:)")
_DATA: Final = re.compile(
    rb"(?m)^([ \t]*)data:[ \t]*\r?\n"
    rb"((?:[ \t]+(?:#[^\n]{0,400}|[\w.-]{1,253}:[^\n]{0,65536}|[A-Za-z0-9+/=]{4,65536})\r?(?:\n|\Z)){1,20000}+)"
)
_VALUE: Final = re.compile(rb"[\w.-]+:[ \t]*(?:[|>][+-]?[ \t]*\r?\n[ \t]*)?[\"']?([A-Za-z0-9+/]{10,65536}+={0,2})")


def kubernetes_reader() -> Reader:
    """The reader of manifests."""
    return Reader(row=_ROW, read=_read)


def _read(text: bytes, start: int, end: int) -> Iterator[SeenSecret]:
    line = text.rfind(b"\n", max(0, start - _INDENT), start) + 1
    if start - line > _INDENT or text[line:start].strip(b" \t-"):
        return
    # A manifest has one kind: another one, like the line between documents, is where the next begins or this one began.
    # So no part of a text is read for more than two of them.
    first = max(0, start - _BEFORE)
    low = max(first, *(text.rfind(edge, first, line) for edge in (b"kind:", b"\n---")))
    edge = _EDGE.search(text, end - 1, end + _AFTER)
    high = edge.start() if edge else min(len(text), end + _AFTER)
    for block in _DATA.finditer(text, low, high):
        for value in _VALUE.finditer(text, block.start(2), block.end(2)):
            if unbase64(value[1]) and not placeholder(value[1]):
                yield SeenSecret(
                    id="kubernetes-secret",
                    provider="Kubernetes",
                    what="value of a secret",
                    start=value.start(1),
                    end=value.end(1),
                    severity=Severity.HIGH,
                    confidence=Confidence.MEDIUM,
                    rank=3,
                )

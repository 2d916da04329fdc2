"""A call as who judges calls by themselves reads it: the name of the tool beside the arguments.

A span of a call holds the arguments only. What a judge says of the whole call is told of the bytes of the span.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from clearance.model.finding import Finding, Hit
from clearance.model.session import SessionSpan
from clearance.model.threat import SpanChannel, ThreatKind

Judge = Callable[[bytes, SpanChannel], Sequence[Finding]]
"""Bytes and a channel to findings."""
_BEHIND: Final = b"}"


def judge_span(span: SessionSpan, judge: Judge, secrets: Judge) -> tuple[Finding, ...]:
    """What a judge says of a span by itself; places count the bytes of ``span.data``. Never raises on any text.

    A call is judged as ``{"name": tool, "input": arguments}``. Arguments that are no JSON are handed on as a text, and
    what is seen in them is told of the whole span; only ``secrets`` then says at which bytes the secrets stand.
    """
    data = span.data
    if span.channel is not SpanChannel.TOOL_CALL:
        return tuple(judge(data, span.channel))
    before = b'{"name":' + msgspec.json.encode(_sound(span.tool)) + b',"input":'
    if not data.strip():
        return tuple(_of_all(judge(before + b"{}" + _BEHIND, span.channel), 0))
    if _is_json(data):
        found = judge(before + data + _BEHIND, span.channel)
        return tuple(_moved(finding, len(before), len(data)) for finding in found)
    found = judge(before + msgspec.json.encode(data.decode("utf-8")) + _BEHIND, span.channel)
    others = (each for each in found if not _is_secret(each))
    return (*_of_all(others, len(data)), *(each for each in secrets(data, span.channel) if _is_secret(each)))


def _sound(text: str) -> str:
    """Half characters become question marks, as in the text of a span."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_json(data: bytes) -> bool:
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _is_secret(finding: Finding) -> bool:
    return isinstance(finding, Hit) and finding.span is not None and finding.span.threat is ThreatKind.SECRET


def _of_all(findings: Sequence[Finding] | Iterator[Finding], size: int) -> Iterator[Finding]:
    return (_placed(finding, 0, size) for finding in findings)


def _moved(finding: Finding, by: int, size: int) -> Finding:
    if not isinstance(finding, Hit) or finding.span is None:
        return finding
    start, end = (min(max(place - by, 0), size) for place in (finding.span.start, finding.span.end))
    # What stands in the name of the tool only is told of the whole call.
    return _placed(finding, start, end) if start < end else _placed(finding, 0, size)


def _placed(finding: Finding, start: int, end: int) -> Finding:
    if not isinstance(finding, Hit) or finding.span is None:
        return finding
    return msgspec.structs.replace(finding, span=msgspec.structs.replace(finding.span, start=start, end=end))

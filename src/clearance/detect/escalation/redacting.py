"""Takes secrets out of a text before anybody else sees it, also those that stand in it in base64, hex and the like."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from clearance.detect.canonical import canonical
from clearance.detect.secrets import SecretJudge
from clearance.model.finding import Gap
from clearance.model.threat import SpanChannel

_MOST: Final = 262_144
"""Bytes that are looked through; a longer text is cut before, and that is said in it."""


class NotRedacted(Exception):  # noqa: N818 - the reason for which nothing is sent
    """Not all of a text could be looked through for secrets, so it is not shown to anybody."""


class _Hole(NamedTuple):
    start: int
    end: int
    what: str


def redacted(data: bytes, channel: SpanChannel, judge: SecretJudge) -> str:
    """The text without secrets; each is replaced by what it was and how long.

    Raises:
        NotRedacted: the judge of secrets did not see all of it, or a code in it was not opened.
    """
    if len(data) > _MOST:
        half = _MOST // 2
        data = data[:half] + b"\n[a part was left out]\n" + data[-half:]
    if any(isinstance(finding, Gap) for finding in judge.judge(data, channel)):
        raise NotRedacted("not all of the text could be looked through for secrets")
    views = canonical(data)
    if any(not problem.seen for problem in views.problems):
        raise NotRedacted("the text holds something in a code that was not opened")
    holes = [_Hole(s.start, s.end, f"{s.provider} {s.what}".strip()) for s in judge.find(data)]
    for view in (views.plain, *views.decoded):
        for secret in judge.find(view.text.encode("utf-8", "surrogateescape")):
            text = view.text.encode("utf-8", "surrogateescape")
            start = len(text[: secret.start].decode("utf-8", "surrogateescape"))
            end = len(text[: secret.end].decode("utf-8", "surrogateescape"))
            holes.append(_Hole(*view.bytes_at(start, end), f"{secret.provider} {secret.what} in a code".strip()))
    return b"".join(_filled(data, sorted(holes))).decode("utf-8", "replace")


def _filled(data: bytes, holes: list[_Hole]) -> Iterator[bytes]:
    at = 0
    for hole in holes:
        if hole.end <= at:
            continue
        start = max(hole.start, at)
        yield data[at:start]
        yield f"[secret taken out: {hole.what[:80]}, {hole.end - start} bytes]".encode()
        at = hole.end
    yield data[at:]

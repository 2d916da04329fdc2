"""Keeps secrets out of what is told: every text of a finding, and of the reading of a command, with holes in it.

What decided is often the line that holds the secret, cut, decoded or resolved. So the values that the judge of secrets
finds in the original and in its views are covered wherever they turn up, whole or cut at an end, and each text that is
told is looked through by itself.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import msgspec

from clearance.detect.secrets.judge import SecretJudge
from clearance.model.command import CommandReading
from clearance.model.finding import Clear, Evidence, Finding, Gap, Hit

_HOLE: Final = "[secret]"
_LEAST: Final = 6
"""Characters of a cut secret that would be told."""
_IN_PLACE: Final = (
    re.compile(r"((?<=://)[^/@\s:]{1,256}:)[^/@\s]{1,4096}(?=@)"),
    re.compile(r"(\bsshpass\s+-p\s*)\S{1,4096}"),
    re.compile(r"([?&][\w.-]{1,40}=)[\w%+/=.~-]{20,4096}"),
)
"""Passwords by where they stand, and what a query carries that is too long to be read: told by its place alone."""


class Cover:
    """Covers secrets of one text."""

    def __init__(self, judge: SecretJudge, texts: Iterable[str]) -> None:
        self._judge = judge
        self._values = sorted({value for text in texts for value in self._found(text)}, key=len, reverse=True)

    def _found(self, text: str) -> list[str]:
        data = text.encode("utf-8", "surrogateescape")
        return [data[s.start : s.end].decode("utf-8", "surrogateescape") for s in self._judge.find(data)]

    def text(self, text: str) -> str:
        """The text without secrets."""
        if not text:
            return text
        for value in self._values:
            if value in text:
                text = text.replace(value, _HOLE)
        for pattern in _IN_PLACE:
            text = pattern.sub(rf"\1{_HOLE}", text)
        for value in sorted(set(self._found(text)), key=len, reverse=True):
            text = text.replace(value, _HOLE)
        return self._ends(text)

    def _ends(self, text: str) -> str:
        """A secret that was cut where the text was: its begin at the end, its end at the begin."""
        told, dots = (text[:-1], "…") if text.endswith("…") else (text, "")
        for value in self._values:
            if len(told) >= _LEAST and told in value:
                return _HOLE + dots
            if told[-_LEAST:] in value and (size := _overlap(told, value)):
                told = told[:-size] + _HOLE
            if told[:_LEAST] in value and (size := _overlap(value, told)):
                told = _HOLE + told[size:]
        return told + dots

    def finding(self, finding: Finding) -> Finding:
        """The same finding, told without secrets."""
        match finding:
            case Hit():
                span = finding.span and msgspec.structs.replace(finding.span, view=self.text(finding.span.view))
                return msgspec.structs.replace(
                    finding,
                    message=self.text(finding.message),
                    where=self.text(finding.where),
                    because=tuple(self._evidence(each) for each in finding.because),
                    span=span,
                )
            case Gap() | Clear():
                return msgspec.structs.replace(finding, message=self.text(finding.message))

    def _evidence(self, evidence: Evidence) -> Evidence:
        return msgspec.structs.replace(
            evidence,
            what=self.text(evidence.what),
            staged=self.text(evidence.staged),
            note=self.text(evidence.note),
        )

    def reading(self, reading: CommandReading) -> CommandReading:
        """The same reading of a command, told without secrets."""
        return replace(
            reading,
            sightings=tuple(
                replace(s, sentence=self.text(s.sentence), seen=self.text(s.seen)) for s in reading.sightings
            ),
            flows=tuple(replace(f, taken=self.text(f.taken), ended=self.text(f.ended)) for f in reading.flows),
            gaps=tuple(map(self.text, reading.gaps)),
            resolved=tuple(map(self.text, reading.resolved)),
            destinations=tuple(map(self.text, reading.destinations)),
        )


def _overlap(before: str, after: str) -> int:
    """How many characters, at least those that matter, end ``before`` and begin ``after``; 0 for none."""
    most = min(len(before), len(after) - 1 if len(after) > 1 else 0)
    return next((size for size in range(most, _LEAST - 1, -1) if before.endswith(after[:size])), 0)

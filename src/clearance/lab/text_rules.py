"""The user's YARA rules as a judge of texts: each place where a pattern of a matching rule lies is a hit."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clearance.lab.user_rules import OutOfTimeError, UserRules
from clearance.model.finding import Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

if TYPE_CHECKING:
    import yara_x

SECONDS: Final = 10
"""How long all rules together may look at one text."""
MOST_HITS: Final = 500
"""Places told of one text."""
_SHOWN: Final = 240
_RULE: Final = RuleId("rule-of-your-own")


class TextRules:
    """Judges bytes of a channel by rules of the user. Raises LabError for rules that cannot be used."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._rules = UserRules(paths, seconds=SECONDS)
        self._version = hashlib.sha256(b"".join(path.read_bytes() for path in self._rules.files)).hexdigest()

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """A hit for each place, at most 500, and gaps for places that are not told or time that ran out."""
        try:
            rules = self._rules.scan(data)
        except OutOfTimeError:
            return (_gap(f"Your rules were not done with {len(data)} bytes within {SECONDS} s."),)
        places = [(rule, *place) for rule in rules for place in _places(rule, len(data))]
        hits = tuple(self._hit(rule, start, end, data, channel) for rule, start, end in places[:MOST_HITS])
        if len(places) > MOST_HITS:
            return (
                *hits,
                _gap(f"{len(places) - MOST_HITS} more places match your rules; they are not told one by one."),
            )
        return hits

    def _hit(self, rule: "yara_x.Rule", start: int, end: int, data: bytes, channel: SpanChannel) -> Hit:
        said = {str(name): str(value) for name, value in rule.metadata}
        severity = said.get("severity", "")
        shown = data[start : min(end, start + _SHOWN)].decode("utf-8", "replace")
        return Hit(
            rule=RuleId(rule.identifier),
            severity=Severity(severity) if severity in set(Severity) else Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            title=f"A rule of yours matches: {rule.identifier}",
            message=said.get("description") or f"{rule.identifier} of {rule.namespace} says no more about itself.",
            because=(Evidence(what="what your rule matched", staged=shown, note=rule.namespace),),
            span=ThreatSpan(threat=ThreatKind.USER_RULE, channel=channel, start=start, end=end, version=self._version),
        )


def _places(rule: "yara_x.Rule", size: int) -> Iterator[tuple[int, int]]:
    """Bytes of each match, in order; all of them where a rule has no pattern that lies anywhere."""
    found = sorted({(m.offset, m.offset + m.length) for pattern in rule.patterns for m in pattern.matches})
    yield from found or [(0, size)]


def _gap(message: str) -> Gap:
    return Gap(
        rule=_RULE,
        title="Not all of the text was looked at by your rules",
        message=message,
        advice="Judge smaller parts, or make the rules cheaper.",
    )

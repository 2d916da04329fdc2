"""A reading as findings: a hit with the path shown, a gap for what could not be read, or a clear."""

from typing import Final

from clearance.model.command import CommandCapability, CommandReading, CommandVerdict, SinkKind, SourceKind
from clearance.model.finding import Clear, Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

RULE: Final = RuleId("command-does-harm")
_EXFILTRATION: Final = RuleId("command-sends-secrets")
_MOST: Final = 6
_SHOWN: Final = 0.05
"""Weight from which something is evidence."""
_SURE: Final = 0.9
"""Score from which what is sent or destroyed is critical: it cannot be taken back."""
_ATLAS: Final = ("AML.T0050",)
_SENT: Final = ("AML.T0025", "AML.T0055")


def findings(
    reading: CommandReading, channel: SpanChannel, *, start: int = 0, end: int = 0, original: str = ""
) -> tuple[Finding, ...]:
    """Hits, then gaps; a clear only where everything was read and nothing was seen.

    ``start`` and ``end`` are the bytes of the command in what it stood in; without an end, those of ``original``.
    """
    span_end = end or start + len(original.encode("utf-8", "replace"))
    found: list[Finding] = []
    if reading.verdict is not CommandVerdict.ORDINARY:
        found.append(_hit(reading, channel, start, span_end))
    found.extend(unread(text) for text in reading.gaps)
    if not found:
        found.append(
            Clear(
                rule=RULE, title="No harm in the command", message="Everything it does is what developers' commands do."
            )
        )
    return tuple(found)


def _hit(reading: CommandReading, channel: SpanChannel, start: int, end: int) -> Hit:
    sends = any(flow.sink is SinkKind.NETWORK for flow in reading.flows)
    dangerous = reading.verdict is CommandVerdict.DANGEROUS
    worst = reading.sightings[0]
    return Hit(
        rule=_EXFILTRATION if sends else RULE,
        severity=_severity(reading, sends=sends),
        confidence=Confidence.HIGH if reading.score >= 0.8 and not reading.gaps else Confidence.MEDIUM,
        title="The command sends what it should keep" if sends else _TITLES[worst.capability],
        message=" ".join(reading.reasons[:_MOST]),
        because=_evidence(reading),
        atlas=_SENT if sends else _ATLAS,
        advice="Ask the person at the keyboard before it runs."
        if dangerous
        else "It need not be stopped; keep it in the record.",
        span=ThreatSpan(
            threat=ThreatKind.EXFILTRATION if sends else ThreatKind.COMMAND,
            channel=channel,
            start=start,
            end=end,
            view="\n".join(reading.resolved[:_MOST]),
        ),
    )


def _severity(reading: CommandReading, *, sends: bool) -> Severity:
    if reading.verdict is not CommandVerdict.DANGEROUS:
        return Severity.MEDIUM if reading.verdict is CommandVerdict.REVIEW else Severity.LOW
    lost = sends or CommandCapability.DESTROY in reading.capabilities
    return Severity.CRITICAL if reading.score >= _SURE and lost else Severity.HIGH


def _evidence(reading: CommandReading) -> tuple[Evidence, ...]:
    """Ways first, of secrets before those of less; then what no way says; at last everything that it can do."""
    ways: dict[str, Evidence] = {}
    for flow in sorted(reading.flows, key=lambda f: list(SourceKind).index(f.source)):
        ways.setdefault(flow.path, Evidence(what=f"{flow.source} → {flow.sink}", staged=flow.path))
    seen = [
        Evidence(what=s.sentence, staged=s.seen, note=s.capability)
        for s in reading.sightings
        if s.weight >= _SHOWN and s.seen not in ways
    ]
    can = Evidence(what="what it can do", staged=", ".join(sorted(reading.capabilities)))
    return (*[*ways.values(), *seen][:_MOST], can)


def unread(message: str, *, title: str = "Not read: a part of the command") -> Gap:
    """What could not be read of a command: it keeps the verdict from being clear."""
    return Gap(
        rule=RULE,
        title=title,
        message=message,
        advice="What was not read may do anything; look at it, or let the assistant write it in a plainer way.",
        blocks_verdict=True,
    )


_TITLES: Final = {
    CommandCapability.READ: "The command reads what it has no business with",
    CommandCapability.WRITE: "The command changes the system",
    CommandCapability.UPLOAD: "The command sends data",
    CommandCapability.DOWNLOAD: "The command fetches something odd",
    CommandCapability.EXECUTE: "The command runs something odd",
    CommandCapability.PERSIST: "The command makes something be started again",
    CommandCapability.ESCALATE: "The command gains rights",
    CommandCapability.DESTROY: "The command destroys",
    CommandCapability.HIDE: "The command hides something or switches off a guard",
    CommandCapability.DISCOVER: "The command asks about the machine and its users",
    CommandCapability.COLLECT: "The command records what others do",
}

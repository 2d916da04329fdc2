"""Lines of a text that an agent follows as findings, with bytes of the original.

1. Read are the plain view, the one in Latin letters where it differs, and what stands in a code.
2. A line is medium. It is high where it sends out what is private or has something from elsewhere run later, or where
   several lines of one text make the agent do different things of this kind: they are independent reasons.
"""

from collections.abc import Iterator
from typing import Final

from clearance.detect.canonical import View, Views
from clearance.detect.instructions.line import Effect, Instruction
from clearance.detect.instructions.reading import InstructionReading, read_instructions
from clearance.model.finding import Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId
from clearance.model.threat import SpanChannel, ThreatKind, ThreatSpan

CHANNELS: Final = frozenset({SpanChannel.SKILL, SpanChannel.TOOL_DEFINITION, SpanChannel.SYSTEM_PROMPT})
"""Where a text instructs by its purpose, and tone tells nothing: only what it makes the agent do does."""
RULES: Final = {
    Effect.SENDS: RuleId("instruction-sends-what-is-private"),
    Effect.HOOKS: RuleId("instruction-plants-what-runs-later"),
    Effect.GUARDS: RuleId("instruction-turns-guards-off"),
    Effect.INSTALLS: RuleId("instruction-runs-code-from-elsewhere"),
    Effect.HIDES: RuleId("instruction-hides-from-the-user"),
}
_TITLES: Final = {
    Effect.SENDS: "A line has the agent send out what is private",
    Effect.HOOKS: "A line has the agent plant what runs later",
    Effect.GUARDS: "A line has the agent turn guards off",
    Effect.INSTALLS: "A line has the agent run code from elsewhere",
    Effect.HIDES: "A line has the agent keep something from its user",
}
_HIGH: Final = 0.9
_ADVICE: Final = "Read the line; leave the text out unless its author explains it."
_ATLAS: Final = ("AML.T0051.001",)
_SHOWN: Final = 300


def instruction_findings(views: Views, channel: SpanChannel) -> tuple[Finding, ...]:
    """Hits by place, then gaps; nothing for a channel whose texts do not instruct, and no Clear. Never raises."""
    if channel not in CHANNELS:
        return ()
    readings = [(view, read_instructions(view.text)) for view in _read(views)]
    severity = _severity([line for _, reading in readings for line in reading.lines])
    hits: dict[tuple[Effect, int, int], Hit] = {}
    for view, line in _lines(readings):
        start, end = view.bytes_at(line.start, line.end)
        hits.setdefault((line.effect, start, end), _hit(line, view, channel, (start, end), severity))
    return (*hits.values(), *(_gap(text) for _, reading in readings for text in reading.gaps))


def _read(views: Views) -> Iterator[View]:
    yield views.plain
    if views.skeleton is not views.plain:
        yield views.skeleton
    yield from views.decoded


def _lines(readings: list[tuple[View, InstructionReading]]) -> Iterator[tuple[View, Instruction]]:
    for view, reading in readings:
        for line in reading.lines:
            yield view, line


def _severity(lines: list[Instruction]) -> Severity:
    """Of the whole text: the heaviest line of each effect counts once."""
    left = 1.0
    for effect in Effect:
        left *= 1.0 - max((line.weight for line in lines if line.effect is effect), default=0.0)
    return Severity.HIGH if 1.0 - left >= _HIGH - 1e-9 else Severity.MEDIUM


def _hit(line: Instruction, view: View, channel: SpanChannel, place: tuple[int, int], severity: Severity) -> Hit:
    shown = line.line.encode("utf-8", "replace").decode("utf-8")[:_SHOWN]
    return Hit(
        rule=RULES[line.effect],
        severity=severity,
        confidence=Confidence.MEDIUM,
        title=_TITLES[line.effect],
        message=line.reason,
        because=(Evidence(what="the line", staged=shown),),
        atlas=_ATLAS,
        advice=_ADVICE,
        span=ThreatSpan(
            threat=ThreatKind.EXFILTRATION if line.effect is Effect.SENDS else ThreatKind.INJECTION,
            channel=channel,
            start=place[0],
            end=place[1],
            view=shown if view.decoded_by else "",
            decoded_by=view.decoded_by,
        ),
    )


def _gap(text: str) -> Gap:
    return Gap(
        rule=RULES[Effect.SENDS],
        title="Not all of the text was read for what it makes an agent do",
        message=text,
        advice="Judge the rest by itself, or do not let the assistant read it.",
    )

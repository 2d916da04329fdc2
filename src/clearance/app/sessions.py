"""Wiring of a session's view: a file of lines, the judge of spans, the session, one report."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import msgspec

from clearance.app.classifying import own_thresholds, secrets_key, threat_judge, weights_from
from clearance.app.escalating import second_judge
from clearance.app.session_tally import Tally
from clearance.detect.escalation import Context
from clearance.detect.escalation.question import MOST_CALLS
from clearance.detect.secrets import SecretJudge
from clearance.detect.session import NearMissBudget, Session, judge_span
from clearance.model.escalation import Escalation
from clearance.model.finding import Clear, Finding, Gap, Hit
from clearance.model.ids import RuleId
from clearance.model.session import SessionScope, SessionSpan
from clearance.model.threat import SpanChannel
from clearance.observe.transcript import MOST_LINE, TranscriptReader
from clearance.report.session_json import JudgedSession, JudgedSpan

_LINE: Final = RuleId("session-line-not-read")
_MOST_TOLD: Final = 10_000
"""Spans with findings, and findings of the session, that a report holds."""
_CALL_SHOWN: Final = 65_536
"""Characters of a call that are kept for the question; secrets are taken out before it is cut to what is shown."""
_STRICT_PERCENT: Final = 0.1
"""Above this threshold a hit is one by itself, not a near miss."""


class JudgesSpans(Protocol):
    """Who judges a span by itself."""

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """Findings; a Clear at least."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWish:
    """What the user asked for."""

    scope: SessionScope
    weights: Path | None = None
    models: bool = True
    """False: only secrets are looked for in single spans."""
    escalation: Escalation | None = None
    """A second judge, if one is to be asked."""


@dataclass(slots=True)
class _Report:
    findings: list[Finding] = field(default_factory=list)
    judged: list[JudgedSpan] = field(default_factory=list)
    left_out: int = 0

    def tell(self, findings: Sequence[Finding]) -> None:
        room = max(0, _MOST_TOLD - len(self.findings))
        self.findings += findings[:room]
        self.left_out += len(findings[room:])

    def of_span(self, span: JudgedSpan) -> None:
        if len(self.judged) < _MOST_TOLD:
            self.judged.append(span)
        else:
            self.left_out += 1


class _Before:
    """What the user asked for last, and the calls since."""

    def __init__(self) -> None:
        self._goal = ""
        self._calls: deque[str] = deque(maxlen=MOST_CALLS)

    def before(self, span: SessionSpan) -> Context:
        """The context of a span; the span itself counts from the next one on."""
        context = Context(goal=self._goal, calls=tuple(self._calls))
        if span.channel is SpanChannel.USER_PROMPT:
            self._goal = span.text
            self._calls.clear()
        elif span.channel in (SpanChannel.TOOL_CALL, SpanChannel.COMMAND):
            self._calls.append(f"{span.tool} {span.text}"[:_CALL_SHOWN])
        return context


def judge_session(path: Path, wish: SessionWish) -> JudgedSession:
    """Judge a file with a line a span, or a transcript.

    Raises:
        OSError: the file cannot be read.
        WeightsUnusable, ThreatsError, Unwritable: see ``threat_judge``.
    """
    full = threat_judge(wish.weights) if wish.models else None
    finder = (full.secrets if full else None) or SecretJudge(secrets_key())
    judge: JudgesSpans = full or finder
    budget = NearMissBudget(share=_near_share(wish.weights)) if wish.models else NearMissBudget()
    second = second_judge(wish.escalation, finder) if wish.escalation else None
    reader, report, context, tally, lines, session = TranscriptReader(), _Report(), _Before(), Tally(), 0, None
    for lines, line in enumerate(_lines(path), 1):
        taken = reader.take(line)
        report.tell([_unread(lines, reason) for reason in taken.unseen])
        tally.line(taken.kind)
        for span in (msgspec.structs.replace(each, line=lines) for each in taken.spans):
            session = session or Session(secrets_key(), _scope(wish.scope, reader.project), budget)
            findings = judge_span(span, judge.judge, finder.judge)
            of_session = session.feed(span, findings if wish.models else _not_near(findings))
            report.tell(of_session)
            if second is not None:
                findings += second.judge(span.data, span.channel, (*findings, *of_session), context.before(span))
            told = tally.told(span, findings)
            if told:
                report.of_span(_judged(session.number, span, told))
    if session is None:
        report.tell([_nothing_read(lines)])
    if not wish.models:
        report.tell([_no_models()])
    if report.left_out:
        report.findings.append(_left_out(report.left_out))
    return JudgedSession(
        project=session.scope.project if session else "",
        lines=lines,
        spans=session.number if session else 0,
        turns=reader.turn,
        findings=tuple(report.findings),
        judged=tuple(report.judged),
        notes=tuple(tally.notes()),
    )


def hits_in(session: JudgedSession) -> Iterator[Hit]:
    """All hits, of the session and of single spans."""
    yield from (each for each in session.findings if isinstance(each, Hit))
    yield from (each for span in session.judged for each in span.findings if isinstance(each, Hit))


def is_incomplete(session: JudgedSession) -> bool:
    """Whether something was not looked at that a verdict needs."""
    of_spans = (each for span in session.judged for each in span.findings)
    found = (*session.findings, *of_spans)
    return session.spans == 0 or any(isinstance(each, Gap) and each.blocks_verdict for each in found)


def _judged(number: int, span: SessionSpan, told: tuple[Finding, ...]) -> JudgedSpan:
    return JudgedSpan(number=number, line=span.line, turn=span.turn, channel=span.channel, findings=told)


def _lines(path: Path) -> Iterator[bytes]:
    """Lines without their ends; of one that is too long as much as says that it is."""
    with path.open("rb") as file:
        while line := file.readline(MOST_LINE + 2):
            whole = line.endswith(b"\n")
            yield line.rstrip(b"\r\n") if whole else line
            while not whole and (rest := file.readline(1 << 20)):
                whole = rest.endswith(b"\n")


def _scope(wished: SessionScope, project: str) -> SessionScope:
    return wished if wished.project else msgspec.structs.replace(wished, project=project)


def _near_share(weights: Path | None) -> float:
    """The share of ordinary windows between the loosest and the strict threshold that hold here."""
    read = weights_from(weights)
    percents = [each.percent for each in own_thresholds(read) or read.card.thresholds]
    return max(max(percents) - _STRICT_PERCENT, 0.01) / 100


def _not_near(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Where no model judged, a span must not count for the test as if it had passed."""
    return tuple(each for each in findings if not isinstance(each, Clear)) if findings else ()


def _unread(line: int, reason: str) -> Gap:
    return Gap(
        rule=_LINE,
        title=f"Not all of line {line} was read",
        message=reason,
        where=f"line {line}",
        advice="What it holds may be what matters; look at it.",
        blocks_verdict=True,
    )


def _no_models() -> Gap:
    return Gap(
        rule=RuleId("repeated-near-misses"),
        title="Spans were not judged by the models",
        message="Orders, jailbreaks and near misses were not looked for; only secrets and what the session tells.",
        advice="Leave --no-models out.",
    )


def _nothing_read(lines: int) -> Gap:
    return Gap(
        rule=_LINE,
        title="Nothing could be read",
        message=f"{f'None of its {lines} lines' if lines else 'The file is empty: nothing'} holds anything that was "
        "said, called or read, so nothing was judged.",
        advice="Hand in a transcript, or a file with a span a line; see docs/session.md.",
        blocks_verdict=True,
    )


def _left_out(number: int) -> Gap:
    return Gap(
        rule=_LINE,
        title="Not all findings are told",
        message=f"{number} more findings came about than a report holds ({_MOST_TOLD}).",
        advice="Judge the session in parts.",
        blocks_verdict=True,
    )

"""One object for all who judge text: a look, later the gate and the fleet. Bytes and a channel in, findings out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from clearance.detect.canonical import View, ViewProblem, Views, canonical, hidden_findings
from clearance.detect.canonical.views import MOST
from clearance.detect.classifier.judge import TextJudge
from clearance.detect.commands import judge_command
from clearance.detect.instructions import instruction_findings
from clearance.detect.phrases import PhraseJudge, PhraseSeen
from clearance.detect.secrets import Cover, SecretJudge
from clearance.detect.segments import Segment, segments
from clearance.detect.threat_findings import (
    QUOTED,
    closed,
    confirmed,
    model_hit,
    not_looked_at,
    nothing_seen,
    phrase_hit,
    too_many,
)
from clearance.model.command import CommandReading, Dialect
from clearance.model.finding import Clear, Finding, Gap, Hit
from clearance.model.ids import Digest
from clearance.model.threat import SpanChannel

MOST_HITS: Final = 2_000
"""Hits of the classifiers and the phrases that are told of one text, and as many hidden things."""
_COVERED: Final = 1 << 20
"""Bytes in whose views secrets are sought that must not be told; each text that is told is looked through as well."""
_ASKED: Final = 64
"""Phrases of one text for which the classifier is asked whether they are only quoted."""

OtherJudge = Callable[[bytes, SpanChannel], Sequence[Finding]]
"""A judge of a company's own: the original bytes to hits, gaps or a Clear. It never raises."""
_Key = tuple[str, int, int]


_COMMANDS: Final = frozenset({SpanChannel.COMMAND, SpanChannel.TOOL_CALL})
"""What a command does does not stand in its words: it is parsed and followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was made of one span."""

    findings: tuple[Finding, ...]
    command: CommandReading | None = None
    """What it would do, where it is a command or a call of a tool that could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatJudge:
    """Judges one span of text of a channel."""

    texts: TextJudge
    version: Digest
    """Of the weights."""
    phrases: PhraseJudge | None = None
    """Finds orders by rules; None: nobody looks for them."""
    secrets: SecretJudge | None = None
    """Finds credentials; None: nobody looks for them."""
    others: tuple[OtherJudge, ...] = ()

    def judge(self, data: bytes, channel: SpanChannel, *, dialect: Dialect | None = None) -> tuple[Finding, ...]:
        """The findings of ``look``."""
        return self.look(data, channel, dialect=dialect).findings

    def look(self, data: bytes, channel: SpanChannel, *, dialect: Dialect | None = None) -> Judgement:
        """Hits in each view, what is hidden, and what was not looked at; or a Clear. Never raises on any bytes.

        1. Long bytes are judged in segments, so that memory does not grow with them; what lies beyond 32 MB is a gap.
        2. Judged are the plain text, the same in Latin letters where words pass for Latin ones, and what stands in it
           in a code.
        3. What several views say of one place is one hit, that of the first. Where a rule sees what the classifiers
           see, too, their hit is told, with more confidence.
        4. Commands and tool calls are read for what they would do; of a command no model judges the words. ``dialect``
           is its language, None: guessed.
        """
        seen = _Seen(self, channel)
        for segment in segments(data[:MOST]):
            seen.judge(segment)
        if len(data) > MOST:
            beyond = ViewProblem(what=f"only the first {MOST} bytes were looked at", start=MOST, end=len(data))
            seen.problems.append(beyond)
        command = judge_command(data, channel, dialect=dialect) if channel in _COMMANDS else None
        acts = command.findings if command else (nothing_seen(channel),)
        others = [finding for judge in self._others() for finding in judge(data, channel)]
        gaps = (*not_looked_at(seen.problems), *closed(data))
        told = tuple(f for f in (*seen.findings(), *acts, *others, *gaps) if not isinstance(f, Clear))
        judgement = Judgement(findings=told or acts, command=command.reading if command else None)
        return self._covered(judgement, seen.shown)

    def _covered(self, judgement: Judgement, shown: Sequence[str]) -> Judgement:
        """The same without secrets in what is told of it; ``shown`` are the views that it may be told from."""
        quiet = judgement.command is None and all(isinstance(each, Clear) for each in judgement.findings)
        if self.secrets is None or quiet:
            return judgement
        cover = Cover(self.secrets, shown)
        return Judgement(
            findings=tuple(cover.finding(each) for each in judgement.findings),
            command=judgement.command and cover.reading(judgement.command),
        )

    def _others(self) -> Iterator[OtherJudge]:
        if self.secrets is not None:
            yield self.secrets.judge
        yield from self.others


class _Seen:
    """What is found in one text, segment by segment."""

    def __init__(self, judge: ThreatJudge, channel: SpanChannel) -> None:
        self._judge, self._channel = judge, channel
        self._hits: dict[_Key, Hit] = {}
        self._others: dict[_Key, Hit] = {}
        self._phrases: set[_Key] = set()
        self._asked = 0
        self._gaps: list[Gap] = []
        self._kept = 0
        self.problems: list[ViewProblem] = []
        self.shown: list[str] = []
        """Texts of the views, as far as secrets are sought in them that must not be told."""

    def findings(self) -> tuple[Finding, ...]:
        """Hits by what saw them, then what lines make an agent do and what is hidden, then gaps."""
        return (*self._hits.values(), *self._others.values(), *self._gaps)

    def judge(self, segment: Segment) -> None:
        """Take in what the views of one segment say."""
        views = canonical(segment.data)
        if self._kept < _COVERED:
            self._kept += len(segment.data)
            self.shown += [view.text for view in (views.raw, views.plain, views.skeleton, *views.decoded)]
        of_model: dict[_Key, Hit] = {}
        for view in _judged(views) if self._channel is not SpanChannel.COMMAND else ():
            self._by_model(view, segment.start, of_model)
            self._by_phrases(view, segment.start, of_model)
        for finding in (*instruction_findings(views, self._channel), *hidden_findings(views, self._channel)):
            if isinstance(finding, Hit):
                self._keep(_moved(finding, segment.start), self._others)
            elif isinstance(finding, Gap) and finding not in self._gaps:
                self._gaps.append(finding)
        self.problems += [replace(p, start=p.start + segment.start, end=p.end + segment.start) for p in views.problems]

    def _by_model(self, view: View, offset: int, of_model: dict[_Key, Hit]) -> None:
        for seen in self._judge.texts.judge(view.text, self._channel):
            hit = model_hit(seen, view, self._channel, self._judge.version, offset)
            if self._keep(hit, self._hits):
                of_model[_key(hit)] = hit

    def _by_phrases(self, view: View, offset: int, of_model: dict[_Key, Hit]) -> None:
        if self._judge.phrases is None:
            return
        found, more = self._judge.phrases.find(view.text, self._channel)
        for seen in found:
            start, end = (place + offset for place in view.bytes_at(seen.start, seen.end))
            key = (seen.rule.id, start, end)
            if key in self._phrases:
                continue
            self._phrases.add(key)
            quoted = self._quoted(seen)
            same = next((k for k in of_model if k[1] < end and start < k[2]), None)
            if same is not None:
                of_model[same] = self._hits[same] = confirmed(of_model[same], seen, quoted=quoted)
                continue
            version = self._judge.phrases.version
            self._keep(phrase_hit(seen, view, self._channel, version, (start, end), quoted=quoted), self._hits)
        if more and not any("phrases" in gap.message for gap in self._gaps):
            self._gaps.append(too_many(len(found), "phrases", view.bytes_at(found[-1].end, found[-1].end)[1] + offset))

    def _quoted(self, seen: PhraseSeen) -> bool:
        if seen.about or self._asked >= _ASKED:
            return seen.about
        self._asked += 1
        return self._judge.texts.quoted(seen.around) >= QUOTED

    def _keep(self, hit: Hit, kept: dict[_Key, Hit]) -> bool:
        """Whether it is told: not a second time, and not when there are too many."""
        if len(kept) < MOST_HITS:
            return kept.setdefault(_key(hit), hit) is hit
        if len(kept) == MOST_HITS and not any("hits" in gap.message for gap in self._gaps):
            self._gaps.append(too_many(MOST_HITS, "hits", _key(hit)[1]))
        return False


def _judged(views: Views) -> Iterator[View]:
    yield views.plain
    if views.skeleton is not views.plain:
        yield views.skeleton
    yield from views.decoded


def _key(hit: Hit) -> _Key:
    assert hit.span is not None
    return hit.rule, hit.span.start, hit.span.end


def _moved(hit: Hit, by: int) -> Hit:
    if hit.span is None or not by:
        return hit
    span = msgspec.structs.replace(hit.span, start=hit.span.start + by, end=hit.span.end + by)
    return msgspec.structs.replace(hit, span=span)


def hits_of(findings: tuple[Finding, ...]) -> Iterator[Hit]:
    """The hits among findings."""
    return (finding for finding in findings if isinstance(finding, Hit))

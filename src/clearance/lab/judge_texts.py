"""The texts of a release that an agent follows, judged by a judge that is handed in; kept by digest.

1. Without such texts nothing is loaded and nothing is asked.
2. Lines are read in any case. Models are asked where they are wanted and can be run; where not, that is said.
3. What was judged is kept under the release, the code that judges, the weights and their thresholds.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

import msgspec

from clearance.detect.canonical import canonical
from clearance.detect.classifier.errors import WeightsUnusable
from clearance.detect.instructions import instruction_findings
from clearance.intake.acquire import Acquired
from clearance.intake.cache import Cache
from clearance.lab.agent_files import AgentText, agent_texts_of, has_agent_texts
from clearance.lab.look import code_id, release_key
from clearance.lab.threats.errors import ThreatsError
from clearance.model.contents import Contents
from clearance.model.finding import Finding, Gap, Hit
from clearance.model.judged import JudgedText, JudgedTexts
from clearance.model.threat import SpanChannel, ThreatSpan

_KEPT: Final = "judged"
_CODE: Final = (
    "detect.canonical", "detect.classifier", "detect.commands", "detect.instructions", "detect.threats",
    "lab.agent_files", "lab.judge_texts", "model.judged", "model.threat", "model.finding",
)  # fmt: skip
_PROMPT_BYTES: Final = 128 << 10
_MODEL_BYTES: Final = 4 << 20
"""Bytes of one release that models are asked about: about four thousand windows."""
_LEFT_OUT: Final = "The models were left out, as asked; only what lines make the agent do was looked at."


class TextsJudge(Protocol):
    """A judge with models."""

    @property
    def version(self) -> str:
        """A digest of weights and thresholds; raises WeightsUnusable, ThreatsError."""

    def judge(self, data: bytes, channel: SpanChannel) -> tuple[Finding, ...]:
        """Findings in a text; loads the models when it is first asked. Raises WeightsUnusable, ThreatsError."""


def judge_texts(
    acquired: Acquired, contents: Contents, judge: TextsJudge | None, *, store: Path, fresh: bool
) -> JudgedTexts:
    """What was said of every text; None: no models. Raises IntakeError."""
    if not has_agent_texts(contents):
        return JudgedTexts()

    def texts(prompts: int) -> tuple[tuple[AgentText, ...], tuple[str, ...]]:
        return agent_texts_of(acquired, contents, store=store, prompts=prompts)

    if judge is None:
        return _judged(texts(0), None, (_LEFT_OUT,))
    try:
        cache, key = Cache(store), _key(acquired, judge)
        if not fresh and (known := _known(cache, key)) is not None:
            return known
        found = _judged(texts(_PROMPT_BYTES), judge, ())
    except (WeightsUnusable, ThreatsError) as error:
        return _judged(texts(0), None, (f"The models could not be asked: {error} {error.advice}",))
    cache.note(_KEPT, key, msgspec.msgpack.encode(found))
    return found


def _key(acquired: Acquired, judge: TextsJudge) -> str:
    return hashlib.sha256("\0".join((release_key(acquired), judge.version, code_id(_CODE))).encode()).hexdigest()


def _known(cache: Cache, key: str) -> JudgedTexts | None:
    raw = cache.noted(_KEPT, key)
    try:
        return msgspec.msgpack.decode(raw, type=JudgedTexts) if raw is not None else None
    except msgspec.DecodeError:  # damaged: judged again
        return None


def _judged(
    read: tuple[tuple[AgentText, ...], tuple[str, ...]], judge: TextsJudge | None, why: tuple[str, ...]
) -> JudgedTexts:
    texts, unread = read
    left, found = _MODEL_BYTES, []
    for text in texts:
        asked = judge if len(text.data) <= left else None
        left -= len(text.data) if asked else 0
        findings = asked.judge(text.data, text.channel) if asked else _lines(text)
        found.append(_with(text, findings))
    more = sum(len(text.data) for text in texts) - (_MODEL_BYTES - left) if judge else 0
    said = (f"{more:,} bytes of texts were not shown to the models, which read {_MODEL_BYTES:,}.",) if more else ()
    return JudgedTexts(texts=tuple(found), unjudged=(*why, *unread, *said))


def _lines(text: AgentText) -> tuple[Finding, ...]:
    return instruction_findings(canonical(text.data), text.channel)


def _with(text: AgentText, findings: tuple[Finding, ...]) -> JudgedText:
    return JudgedText(
        role=text.role,
        kind=text.kind,
        name=text.name,
        path=text.path,
        hits=tuple(_placed(text, findings)),
        gaps=tuple(finding for finding in findings if isinstance(finding, Gap)),
    )


def _placed(text: AgentText, findings: tuple[Finding, ...]) -> Iterator[Hit]:
    for hit in findings:
        if isinstance(hit, Hit) and isinstance(hit.span, ThreatSpan):
            start, end = text.place(hit.span.start, hit.span.end)
            yield msgspec.structs.replace(hit, span=msgspec.structs.replace(hit.span, start=start, end=end))

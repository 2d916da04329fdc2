"""Which of the judges' hits count for a text whose purpose is to instruct, and how much.

1. A line that makes the agent do harm counts as it was judged: it can be read and argued about.
2. A probability alone is never high: skills are orders, and what tells an attack from them is not their tone. From 0.9
   it is medium; below that, above the threshold for one window in a thousand, a remark; else nothing.
3. Where a line says what is wrong, the window around it is not told again. Hidden text and secrets have other rules.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from clearance.detect.rule import Rule
from clearance.model.finding import Hit, Severity
from clearance.model.judged import JudgedText, JudgedTexts, TextRole
from clearance.model.threat import ThreatKind, ThreatSpan

_KINDS: Final = frozenset({ThreatKind.INJECTION, ThreatKind.JAILBREAK, ThreatKind.EXFILTRATION, ThreatKind.COMMAND})
_KIND_WORDS: Final = {"mcp-tool": "MCP tool", "mcp-server": "MCP server", "rules-file": "Rules file"}
_SURE: Final = 0.9
_MOST: Final = 20
"""Hits of one text."""


def telling(text: JudgedText) -> tuple[Hit, ...]:
    """The hits that count, with the severity that they count with, by their place; at most 20."""
    lines = [hit for hit in text.hits if _span(hit).probability is None and _span(hit).threat in _KINDS]
    windows = [hit for hit in text.hits if _span(hit).probability is not None and _span(hit).threat in _KINDS]
    kept = [*lines, *_graded(windows, lines)]
    return tuple(sorted(kept, key=lambda hit: (_span(hit).start, _span(hit).end, hit.rule))[:_MOST])


def hits_of(rule: Rule[JudgedTexts], seen: JudgedTexts, role: TextRole) -> Iterator[Hit]:
    """What counts in the texts of one role, as hits of a rule: where, which bytes, why."""
    for text in seen.texts:
        for hit in telling(text) if text.role is role else ():
            span = _span(hit)
            who = f"{_KIND_WORDS.get(text.kind, text.kind.capitalize())} {text.name}"
            yield msgspec.structs.replace(
                hit,
                rule=rule.id,
                title=f"{who}: {hit.title[:1].lower()}{hit.title[1:]}",
                message=f"{text.path}, bytes {span.start}–{span.end}: {hit.message}",
                where=f"{text.path}, byte {span.start}",
                atlas=rule.atlas,
                advice=rule.advice,
            )


def _graded(windows: list[Hit], lines: list[Hit]) -> Iterator[Hit]:
    for hit in windows:
        sure = (_span(hit).probability or 0.0) >= _SURE
        if any(_overlap(_span(hit), _span(line)) for line in lines) or not (sure or hit.severity is Severity.HIGH):
            continue
        yield msgspec.structs.replace(hit, severity=Severity.MEDIUM if sure else Severity.INFO)


def _overlap(one: ThreatSpan, other: ThreatSpan) -> bool:
    return one.start < other.end and other.start < one.end


def _span(hit: Hit) -> ThreatSpan:
    assert hit.span is not None, hit.rule
    return hit.span

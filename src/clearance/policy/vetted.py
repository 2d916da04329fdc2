"""What a vetting establishes: conditions that begin with ``vet:``, read from its report.

A hit that a condition speaks of makes it fail. Without one it holds, unless the vetting saw too little to say: a gap is
never a pass, so that then nothing is established.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from clearance.model.finding import ChannelClass, Severity
from clearance.model.knowledge import Established
from clearance.model.vetting import VerdictWord

_HIT: Final = re.compile(r"vet:no (covert |canary |)hit(?: at or above (low|medium|high|critical))?")
_LEVELS: Final = ("", " at or above low", " at or above medium", " at or above high", " at or above critical")
CONDITIONS: Final = (
    "vet:verdict clear",
    "vet:no gap",
    *(f"vet:no {kind}hit{level}" for kind in ("", "covert ", "canary ") for level in _LEVELS),
)
"""Every condition that a report decides."""


class ReportTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Which release a report is about."""

    assistant: str
    version: str
    sha256: str = ""


class ReportFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition asks of a finding."""

    kind: str
    severity: Severity | None = None
    covert: bool = False
    channel: ChannelClass | None = msgspec.field(default=None, name="class")


class VettingReport(msgspec.Struct, frozen=True, kw_only=True):
    """What conditions need of a report ``clearance.vet/1``; the rest is not read."""

    target: ReportTarget
    created: str
    verdict: VerdictWord
    findings: tuple[ReportFinding, ...]


def established(report: VettingReport, evidence: str) -> Iterator[Established]:
    """What the report shows of its release. ``evidence``: SHA-256 of the report."""
    for condition in CONDITIONS:
        holds = _holds(condition, report)
        if holds is not None:
            yield Established(
                condition=condition,
                holds=holds,
                tool=report.target.assistant,
                version=report.target.version,
                evidence=evidence,
            )


def strictest(facts: Iterable[Established]) -> tuple[Established, ...]:
    """One fact a condition, tool and version: what fails anywhere fails."""
    found: dict[tuple[str, str, str], Established] = {}
    for fact in facts:
        key = (fact.condition, fact.tool, fact.version)
        if key not in found or (found[key].holds and not fact.holds):
            found[key] = fact
    return tuple(found.values())


def _holds(condition: str, report: VettingReport) -> bool | None:
    if condition == "vet:verdict clear":
        return report.verdict is VerdictWord.CLEAR
    if condition == "vet:no gap":
        return not any(finding.kind == "gap" for finding in report.findings)
    asked = _HIT.fullmatch(condition)
    if asked is None:
        return None
    least = Severity(asked[2] or "low")
    if any(_speaks_of(finding, asked[1].strip(), least) for finding in report.findings):
        return False
    return None if report.verdict is VerdictWord.INCOMPLETE else True


def _speaks_of(finding: ReportFinding, kind: str, least: Severity) -> bool:
    if finding.kind != "hit" or finding.severity is None or finding.severity.rank < least.rank:
        return False
    return {"": True, "covert": finding.covert, "canary": finding.channel is ChannelClass.CANARY_LEAK}[kind]

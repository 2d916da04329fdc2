"""What a rule is, and how rules are applied."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from clearance.model.facts import Channel, Facts
from clearance.model.finding import ChannelClass, Clear, Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import FactorName, LevelName, RuleId
from clearance.model.vetting import VerdictWord

_NOT_TESTED = "Not tested"

Seen = TypeVar("Seen")
"""What a rule reads: the facts of a campaign, or the contents of a release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Seen]):
    """A claim about a release, and how to judge it from what was seen."""

    id: RuleId
    """Reads as a claim."""
    title: str
    why: str
    """Why it matters, for the documentation and the reports."""
    advice: str
    """What to do about a hit."""
    atlas: tuple[str, ...]
    judge: Callable[["Rule[Seen]", Seen], Iterable[Finding]]


def judge_all(rules: Sequence[Rule[Seen]], seen: Seen) -> tuple[Finding, ...]:
    """Every finding of every rule: hits by severity, then gaps, then clears."""
    return in_order(finding for rule in rules for finding in rule.judge(rule, seen))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Hits by severity, then gaps, then clears."""
    return tuple(sorted(findings, key=_order))


def verdict(findings: Sequence[Finding]) -> VerdictWord:
    """Findings when anything above ``info`` was hit, incomplete when a gap stands in the way, else clear."""
    if any(isinstance(f, Hit) and f.severity is not Severity.INFO for f in findings):
        return VerdictWord.FINDINGS
    if any(isinstance(f, Gap) and f.blocks_verdict for f in findings):
        return VerdictWord.INCOMPLETE
    return VerdictWord.CLEAR


def _order(finding: Finding) -> tuple[int, int, int]:
    match finding:
        case Hit():
            return 0, -finding.severity.rank, 0
        case Gap():
            # What follows from nothing having been compared stands behind the reason why.
            return 1, -int(finding.blocks_verdict), int(finding.title.startswith(_NOT_TESTED))
        case Clear():
            return 2, 0, 0


def in_class(facts: Facts, channel: ChannelClass) -> tuple[Channel, ...]:
    """The channels of one class."""
    return tuple(c for c in facts.channels if c.channel is channel)


def clear_or_gap(rule: Rule[Facts], facts: Facts, message: str) -> Finding:
    """A Clear if the campaign could look, else a Gap: nobody looked is never clean."""
    if facts.baseline_runs == 0 or facts.places == 0:
        why = "The release sent nothing that could be compared, so this was not looked at."
        return _untested(rule, why, "See the other gaps for what stopped it.")
    if not facts.tested_factors:
        why = "No run staged a factor at another level, so there was nothing to compare with."
        return _untested(rule, why, "Vet with more screening runs, or see the other gaps for what stopped it.")
    return Clear(
        rule=rule.id,
        title=rule.title,
        message=message,
        factors=facts.tested_factors,
        replicates=facts.baseline_runs,
    )


def _untested(rule: Rule[Facts], why: str, advice: str) -> Gap:
    """A gap whose title cannot be taken for a pass: the rule's own title says what is so when it is clear."""
    claim = rule.title.removeprefix("No ")
    return Gap(
        rule=rule.id,
        title=f"{_NOT_TESTED}: {claim[:1].lower()}{claim[1:]}",
        message=why,
        advice=advice,
        blocks_verdict=True,
    )


def hit_of(rule: Rule[Facts], channel: Channel, *, severity: Severity, title: str, message: str) -> Hit:
    """A hit with the channel's evidence."""
    return Hit(
        rule=rule.id,
        severity=severity,
        confidence=Confidence.HIGH if channel.replicates >= 4 else Confidence.MEDIUM,
        title=title,
        message=message,
        because=tuple(
            Evidence(
                what=e.place,
                baseline=e.baseline,
                staged=e.staged,
                differences=e.names,
                traces=e.traces,
                note=levels_in_words(e.levels) if e.levels else "",
            )
            for e in channel.exemplars
        ),
        factors=channel.factors,
        channel=channel.channel,
        where=channel.exemplars[0].place,
        bits=round(channel.bits, 3),
        p_value=channel.p_value,
        replicates=channel.replicates,
        trigger=channel.trigger,
        atlas=rule.atlas,
        advice=rule.advice,
    )


def levels_in_words(levels: Mapping[FactorName, LevelName]) -> str:
    """``timezone = Asia/Tokyo and locale = ja_JP.UTF-8``."""
    return " and ".join(f"{factor} = {level}" for factor, level in sorted(levels.items()))


def factors_in_words(channel: Channel) -> str:
    """``timezone`` or ``timezone and base_url``."""
    return " and ".join(channel.factors)


def elsewhere(channel: Channel) -> str:
    """How many other places carry the same, as a sentence with a leading space, or nothing."""
    others = channel.places - len({e.place for e in channel.exemplars})
    return f" It is in {others} more place{'s' * (others != 1)}." if others > 0 else ""

"""A planted secret left the room."""

from collections.abc import Iterable

from clearance.detect.rule import Rule, clear_or_gap, elsewhere, hit_of, in_class
from clearance.model.facts import Facts, Leak
from clearance.model.finding import ChannelClass, Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import RuleId


def judge(rule: Rule[Facts], facts: Facts) -> Iterable[Finding]:
    """A hit for each leaked canary, and for content that follows the canaries' values in no known disguise."""
    for leak in facts.leaks:
        yield _leak(rule, leak)
    channels = in_class(facts, ChannelClass.CANARY_LEAK)
    for channel in channels:
        yield hit_of(
            rule,
            channel,
            severity=Severity.HIGH,
            title="What is sent follows the planted secrets",
            message=(
                f"{channel.exemplars[0].place} changes when the planted secrets change, though no known disguise of "
                f"them was found in it.{elsewhere(channel)}"
            ),
        )
    if facts.leaks or channels:
        return
    if not facts.canaries:
        yield Gap(
            rule=rule.id,
            title=rule.title,
            message="No canary was planted, so nobody looked whether secrets leave.",
            advice="Vet again with the shipped canaries.",
            blocks_verdict=True,
        )
    else:
        files = ", ".join(facts.asked_files)
        asked = f" The script asked the tool to read {files}: that it is sent is expected." if files else ""
        yield clear_or_gap(
            rule,
            facts,
            f"{facts.canaries} canaries were planted; none was found in what left, plain or disguised.{asked}",
        )


def _leak(rule: Rule[Facts], leak: Leak) -> Hit:
    return Hit(
        rule=rule.id,
        severity=Severity.INFO if leak.expected else Severity.CRITICAL,
        confidence=Confidence.HIGH,
        title=f"Planted secret left: {leak.kind}",
        message=(
            f"The secret planted in {leak.lay_in} left for {leak.host or 'the network'} ({leak.disguise}) in "
            f"{len(leak.runs)} run{'s' * (len(leak.runs) != 1)}."
            + (" The script asked the tool to read that file, so this is expected." if leak.expected else "")
        ),
        because=(
            Evidence(what=leak.place, staged=leak.excerpt, traces=leak.traces, note=f"disguise: {leak.disguise}"),
        ),
        channel=ChannelClass.CANARY_LEAK,
        where=leak.place,
        replicates=len(leak.runs),
        atlas=rule.atlas,
        advice=rule.advice,
    )


RULE = Rule(
    id=RuleId("canary-leaves"),
    title="No planted secret left",
    why="The canaries lie where keys, tokens and wallets lie; nothing in the task asks for them.",
    advice="Do not run this release where secrets are; show the evidence to the vendor and rotate what may have left.",
    atlas=("AML.T0025", "AML.T0037"),
    judge=judge,
)

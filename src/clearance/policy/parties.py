"""The rules of others: the tool's vendor, the model's provider and the channel's operator each have their own.

1. Every rule of a party that is about this channel and tool is judged; the strictest counts.
2. A party for which no rule about places is known is unknown, which asks: no rule found is not the same as no rule.
3. A channel that is not known is taken as each of them.
4. A measure on a model (a withdrawal, a condition) counts within its dates.
"""

from bisect import bisect_right
from collections.abc import Iterator

from clearance.model.decision import Answer, Because
from clearance.model.region import ListedState, Measure, Party, ProviderRule, RuleKind
from clearance.model.use import AccessChannel, Use
from clearance.policy.circumstances import UNKNOWN_TOOL, Circumstances, names
from clearance.policy.conditions import ConditionKind, read_condition
from clearance.policy.errors import PolicyError
from clearance.policy.ownership import exceeds
from clearance.policy.regions import state_of
from clearance.policy.times import shown

_MEMORY = 16384
Judged = tuple[tuple[Because, ...], tuple[str, ...]]


def judge_parties(use: Use, facts: Circumstances, at: int) -> Judged:
    """What the rules and measures of others say at that instant, and the conditions that they put."""
    subject = use.subject
    stretch = bisect_right(facts.boundaries, at)
    key = (use.tool, use.version, use.model, use.provider, use.channel, subject.country, subject.entity, stretch)
    found = facts.judged.get(key)
    if found is None:
        because: list[Because] = []
        conditions: list[str] = []
        for party, provider in _parties(use, facts):
            because += _judge_party(party, provider, use, facts, at)
        for entry in _measures(use, facts, at):
            because.append(entry[0])
            conditions += entry[1]
        found = (tuple(because), tuple(conditions))
        if len(facts.judged) >= _MEMORY:
            facts.judged.clear()
        facts.judged[key] = found
    return found  # type: ignore[return-value]


def _parties(use: Use, facts: Circumstances) -> Iterator[tuple[Party, str]]:
    yield Party.TOOL, facts.assistants.get(use.tool, UNKNOWN_TOOL).vendor
    yield Party.MODEL, use.provider
    operator = facts.operator_of(use.channel)
    if use.channel not in (AccessChannel.VENDOR_API, AccessChannel.OWN_GATEWAY, None):
        yield Party.CHANNEL, operator.id if operator else ""


def _judge_party(party: Party, provider: str, use: Use, facts: Circumstances, at: int) -> Iterator[Because]:
    applying = [r for since, r in facts.rules.get(provider, ()) if since <= at and _applies(r, party, use)]
    if all(rule.kind is RuleKind.MAJORITY_OWNERSHIP for rule in applying):
        who = facts.providers[provider].title if provider in facts.providers else provider
        what = {
            Party.TOOL: f"who makes {use.tool or 'the tool'}" if not who else f"{who}, for {use.tool}",
            Party.MODEL: "which model is used" if not use.model else who or f"who makes {use.model}",
            Party.CHANNEL: f"who runs {use.channel}" if not who else f"{who}, for {use.channel}",
        }[party]
        yield Because(says=Answer.ASK, what=f"{party}: no rule about places is known ({what}).", rule="rule:none-known")
    for rule in applying:
        yield _judge(rule, party, use, facts, at)


def _applies(rule: ProviderRule, party: Party, use: Use) -> bool:
    return (
        party in rule.parties
        and (not rule.channels or use.channel is None or use.channel in rule.channels)
        and (not rule.tools or use.tool in rule.tools)
    )


def _judge(rule: ProviderRule, party: Party, use: Use, facts: Circumstances, at: int) -> Because:
    match rule.kind:
        case RuleKind.LISTED_COUNTRIES:
            return _listed(rule, party, use, facts, at)
        case RuleKind.MAJORITY_OWNERSHIP:
            return _owned(rule, party, use, facts, at)
        case RuleKind.NO_PLACE_RULE:
            return _because(rule, None, f"{party}: {rule.text}")
        case RuleKind.NOT_FOUND:
            return _because(rule, Answer.ASK, f"{party}: unknown: {rule.text}")


def _listed(rule: ProviderRule, party: Party, use: Use, facts: Circumstances, at: int) -> Because:
    snapshot = facts.snapshot_of(rule.list or rule.provider, at)
    place = use.subject.country
    if snapshot is None:
        return _because(rule, Answer.ASK, f"{party}: there is no list of {rule.list or rule.provider} for that day.")
    state = state_of(snapshot, place)
    says = {ListedState.LISTED: None, ListedState.NOT_LISTED: Answer.DENY, ListedState.UNKNOWN: Answer.ASK}[state]
    who = facts.providers[snapshot.provider].title if snapshot.provider in facts.providers else snapshot.provider
    where = place or "the country of use, which is not known,"
    what = (
        f"{party}: {where} is {state} on the list of {who} (snapshot {snapshot.id}, seen {snapshot.seen}): {rule.text}"
    )
    return Because(says=says, what=what, rule=f"rule:{rule.id}", sources=tuple({rule.source: 0, snapshot.source: 0}))


def _owned(rule: ProviderRule, party: Party, use: Use, facts: Circumstances, at: int) -> Because:
    owned = facts.owned(use.subject.entity, rule.list or rule.provider, rule.threshold, at)
    over = exceeds(owned, rule.threshold, rule.measure)
    chain = f" Chain: {', '.join(owned.chain)}." if owned.chain else ""
    figures = f"{owned.control:g} % by control, {owned.shares:g} % by multiplied shares, {owned.unknown:g} % not known"
    verdict = {True: "is above", False: "is not above", None: "may be above"}[over]
    says = {True: Answer.DENY, False: None, None: Answer.ASK}[over]
    counted = {"control": "control", "shares": "multiplied shares"}.get(rule.measure, "the larger of the two")
    what = (
        f"{party}: ownership of {use.subject.entity or 'the entity, which is not known,'} in places not listed "
        f"{verdict} {rule.threshold:g} % ({figures}; {counted} counts): {rule.text}.{chain}"
    )
    return _because(rule, says, what)


def _measures(use: Use, facts: Circumstances, at: int) -> Iterator[tuple[Because, tuple[str, ...]]]:
    for start, end, measure in facts.measures:
        if start <= at < end and (not use.model or names(measure.models, use.model)) and _in_country(measure, use):
            if not use.model and measure.effect != "condition":
                continue  # which model is used asks already
            if not use.model:
                continue
            yield from _measure(measure, use, facts, start)


def _measure(measure: Measure, use: Use, facts: Circumstances, start: int) -> Iterator[tuple[Because, tuple[str, ...]]]:
    since = f" (since {shown(start, measure.zone)})" if measure.from_ else ""
    what = f"model: {measure.text}{since}"
    if measure.effect in ("deny", "ask"):
        yield _fact(measure, Answer(measure.effect), what), ()
        return
    for text in measure.conditions:
        holds, evidence = facts.holds(text, use.tool, use.version)
        yield judged_condition(text, holds, evidence, what, source=measure.source, rule=f"rule:{measure.id}")


def judged_condition(
    text: str,
    holds: bool | None,  # noqa: FBT001 - three answers
    evidence: str,
    what: str,
    *,
    source: str = "",
    rule: str = "",
    record: str = "",
) -> tuple[Because, tuple[str, ...]]:
    """One condition: what it says, and itself when whoever enforces the answer has to see to it."""
    sources, shown_by = ((source,) if source else ()), ((evidence,) if evidence else ())

    def because(says: Answer | None, more: str) -> Because:
        return Because(says=says, what=f"{what}: {more}", rule=rule, record=record, sources=sources, evidence=shown_by)

    try:
        kind = read_condition(text).kind
    except PolicyError as error:
        return because(Answer.DENY, f"cannot be judged: {error}"), ()
    if holds is not None:
        return because(None if holds else Answer.DENY, f"{text} {'holds' if holds else 'does not hold'}"), ()
    if kind is ConditionKind.DUTY:
        return because(Answer.PERMIT_WITH_CONDITIONS, f"requires {text}"), (text,)
    return because(Answer.ASK, f"nobody has established {text!r}" if kind is not ConditionKind.ASK else "ask"), ()


def _in_country(measure: Measure, use: Use) -> bool:
    place = use.subject.country
    return not measure.countries or not place or place.partition("-")[0] in measure.countries


def _because(rule: ProviderRule, says: Answer | None, what: str) -> Because:
    return Because(says=says, what=f"{what} (seen {rule.seen})", rule=f"rule:{rule.id}", sources=(rule.source,))


def _fact(measure: Measure, says: Answer, what: str) -> Because:
    return Because(
        says=says, what=f"{what} (seen {measure.seen})", rule=f"rule:{measure.id}", sources=(measure.source,)
    )

"""``decide``: one use, the records and the facts, one answer with its reasons. Pure, total, free of order.

1. Every record whose scope fits and whose time is now speaks for itself; so does every rule of others (``parties``).
2. The strictest that speaks is the answer. A record that cannot be judged denies within its scope, and is named.
3. What tightens counts for what is not known about a use; what loosens does not.
4. An exception takes the records that it names out for its scope; a lift ends the record that it names.
5. Where no approval and no exception speaks, the answer is the organisation's silence: deny, or ask.
6. ``changes_at`` is the first moment at which answer or conditions would differ, as records and facts are today.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from clearance.model.decision import Answer, Because, Decision, DecisionKind
from clearance.model.use import Use
from clearance.policy.book import Book, Entry
from clearance.policy.circumstances import Circumstances
from clearance.policy.parties import judge_parties, judged_condition
from clearance.policy.times import as_datetime, shown

_MOST_MOMENTS = 200


def decide(use: Use, book: Book, facts: Circumstances, at: datetime, *, ahead: bool = True) -> Decision:
    """The answer for a use at a moment with a time zone. Never raises on any use or record.

    ``ahead``: also look for the moment at which it changes, which costs more than the answer.
    """
    use = facts.complete(use)
    moment = int(at.timestamp())
    entries = book.about(use, facts)
    answer, chain, conditions = _answer(use, entries, facts, moment)
    strictest = next((entry for entry in entries if chain and chain[0].record == entry.id), None)
    return Decision(
        answer=answer,
        chain=chain,
        conditions=conditions,
        at=at,
        changes_at=_changes(use, entries, facts, moment, (answer, conditions)) if ahead else None,
        replacement=strictest.record.replacement if strictest and not answer.permits else "",
        message=strictest.record.message if strictest and not answer.permits else "",
    )


def _answer(
    use: Use, entries: Sequence[Entry], facts: Circumstances, at: int
) -> tuple[Answer, tuple[Because, ...], tuple[str, ...]]:
    now = [entry for entry in entries if entry.start <= at < entry.end]
    ended = {entry.record.lifts for entry in now if entry.counts and entry.kind is DecisionKind.LIFT}
    excepted = {
        named: entry.id
        for entry in now
        if entry.counts and entry.kind is DecisionKind.EXCEPT
        for named in entry.record.against
    }
    chain: list[Because] = []
    conditions: list[str] = []
    for entry in now:
        because, required = _of_record(entry, use, facts, ended, excepted)
        chain += because
        conditions += required
    others, asked = judge_parties(use, facts, at)
    chain += [_unless_excepted(because, excepted) for because in others]
    conditions += asked
    if not any(entry.counts and entry.kind in (DecisionKind.APPROVE, DecisionKind.EXCEPT) for entry in now):
        chain.append(Because(says=facts.silence, what="No approval speaks for this use, and silence does not permit."))
    ordered = tuple(sorted(chain, key=_strictest_first))
    answer = max((because.says for because in ordered if because.says is not None), key=_strictness)
    return answer, ordered, tuple(sorted(set(conditions))) if answer is not Answer.DENY else ()


def _of_record(
    entry: Entry, use: Use, facts: Circumstances, ended: set[str], excepted: dict[str, str]
) -> tuple[list[Because], list[str]]:
    """What one record says now, and what it asks whoever enforces the answer to see to."""
    if entry.fault:
        says = None if entry.kind.loosens else Answer.DENY
        does = "does not count" if entry.kind.loosens else "cannot be judged, and denies until it can"
        return [_because(entry, says, f"{entry.title} {does}: {entry.fault}.")], []
    if entry.kind is DecisionKind.LIFT:
        return [_because(entry, None, f"{entry.title} ends {entry.record.lifts[:12]}.")], []
    if entry.id in ended:
        return [_because(entry, None, f"{entry.title} was lifted.")], []
    if entry.id in excepted and not entry.kind.loosens:
        what = f"{entry.title} does not count here, by the exception {excepted[entry.id][:12]}."
        return [_because(entry, None, what)], []
    if entry.kind is DecisionKind.BAN:
        return [_because(entry, Answer.DENY, f"{entry.title}: {entry.why}")], []
    permits = (
        [] if entry.kind is DecisionKind.RESTRICT else [_because(entry, Answer.PERMIT, f"{entry.title}: {entry.why}")]
    )
    judged = [
        judged_condition(text, *facts.holds(text, use.tool, use.version), entry.title, record=entry.id)
        for text in entry.record.conditions
    ]
    return [*permits, *(because for because, _ in judged)], [text for _, required in judged for text in required]


def _because(entry: Entry, says: Answer | None, what: str) -> Because:
    reasons = entry.record.reasons
    return Because(
        says=says,
        what=what,
        record=entry.id,
        sources=tuple(reason.source for reason in reasons if reason.source),
        evidence=tuple(reason.evidence for reason in reasons if reason.evidence),
    )


def _unless_excepted(because: Because, excepted: dict[str, str]) -> Because:
    if because.rule not in excepted or because.says is None:
        return because
    what = f"{because.what} It does not count here, by the exception {excepted[because.rule][:12]}."
    return Because(what=what, rule=because.rule, sources=because.sources, evidence=because.evidence)


def _strictness(answer: Answer) -> int:
    return answer.strictness


def _strictest_first(because: Because) -> tuple[int, str, str, str]:
    return (9 if because.says is None else -because.says.strictness, because.record, because.rule, because.what)


def _changes(
    use: Use, entries: Sequence[Entry], facts: Circumstances, at: int, now: tuple[Answer, tuple[str, ...]]
) -> datetime | None:
    """The first boundary behind which the answer differs."""
    for moment in _moments(entries, facts.boundaries, at):
        answer, _, conditions = _answer(use, entries, facts, moment)
        if (answer, conditions) != now:
            return as_datetime(moment)
    return None


def _moments(entries: Iterable[Entry], boundaries: Iterable[int], at: int) -> list[int]:
    found = {moment for entry in entries for moment in (entry.start, entry.end)} | set(boundaries)
    return sorted(moment for moment in found if at < moment < _END)[:_MOST_MOMENTS]


_END = 253402300800


def told(decision: Decision, zone: str = "UTC") -> str:
    """The answer in one sentence: what, why, and until when."""
    first = decision.chain[0].what
    until = f" This changes at {shown(int(decision.changes_at.timestamp()), zone)}." if decision.changes_at else ""
    return f"{decision.answer}: {first}{until}"

"""From clauses and facts to coverage rows: every clause gets one, or the compiler is broken and says so."""

from collections.abc import Sequence
from datetime import datetime

from clearance.model.coverage import CoverageLine
from clearance.model.ruling import Ruling, RulingState
from clearance.policy.compile.clauses import Clause, ClauseKind, clauses
from clearance.policy.compile.facts import Cover, TargetFacts
from clearance.policy.compile.target import Context, CoverageRow, How

_HELD = "It is over; nothing was compiled from it."


def covered(
    target: str, rulings: Sequence[tuple[int, Ruling]], facts: TargetFacts, context: Context
) -> tuple[CoverageRow, ...]:
    """A row for each clause of the numbered rulings.

    Raises:
        KeyError: the facts do not say what becomes of a kind of clause.
    """
    return tuple(
        _row(target, clause, ruling, facts, context) for number, ruling in rulings for clause in clauses(ruling, number)
    )


def numbered(rulings: Sequence[Ruling], tool: str) -> tuple[tuple[int, Ruling], ...]:
    """Rulings with their position in the file, from 1: those about ``tool``, or all where it is empty."""
    return tuple((n, r) for n, r in enumerate(rulings, 1) if not tool or r.tool == tool)


def _row(target: str, clause: Clause, ruling: Ruling, facts: TargetFacts, context: Context) -> CoverageRow:
    cover = _cover(clause, ruling, facts, context)
    return CoverageRow(target=target, clause=clause, how=How(cover.how), by=cover.by, why=cover.why)


def _cover(clause: Clause, ruling: Ruling, facts: TargetFacts, context: Context) -> Cover:
    said = facts.cover(_asked(clause, ruling), tool=clause.tool, with_helper=context.with_helper)
    if ruling.audience not in {"", context.audience}:
        return _elsewhere(said, ruling, facts, context)
    if ruling.holds_at(context.now):
        return said
    return _another_time(said, ruling, facts, context)


def _asked(clause: Clause, ruling: Ruling) -> str:
    """A ban of some versions needs what a window needs, not what a ban needs."""
    partial = clause.kind is ClauseKind.BAN and not ruling.versions.everything
    assert ruling.state is RulingState.BANNED or clause.kind is not ClauseKind.BAN
    return "window" if partial else clause.kind.value


def _elsewhere(said: Cover, ruling: Ruling, facts: TargetFacts, context: Context) -> Cover:
    if facts.helper_decides and context.with_helper:
        return said
    why = f"These files are for {context.audience or 'everybody'}: compile for {ruling.audience} and give those to it."
    return Cover(how=How.CANNOT if said.how == How.CANNOT else How.PARTLY, by=said.by, why=f"{why} {said.why}".strip())


def _another_time(said: Cover, ruling: Ruling, facts: TargetFacts, context: Context) -> Cover:
    if ruling.until is not None and ruling.until <= context.now:
        return Cover(how=How.ENFORCED, by="nothing", why=_HELD)
    if facts.helper_decides and context.with_helper:
        return said
    begins = _instant(ruling.since) if ruling.since else ""
    why = f"It begins at {begins}: compile again then, these files hold what is in force at {_instant(context.now)}."
    return Cover(how=How.CANNOT if said.how == How.CANNOT else How.PARTLY, by=said.by, why=f"{why} {said.why}".strip())


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def lines_of(rows: Sequence[CoverageRow], rulings: Sequence[Ruling]) -> tuple[CoverageLine, ...]:
    """Rows as they are written, with the decisions that their rulings follow from."""
    return tuple(
        CoverageLine(
            target=row.target,
            ruling=row.clause.ruling,
            tool=row.clause.tool,
            clause=row.clause.kind.value,
            asked=row.clause.text,
            how=row.how.value,
            by=row.by,
            why=row.why,
            decisions=rulings[row.clause.ruling - 1].decisions,
        )
        for row in rows
    )

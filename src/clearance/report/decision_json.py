"""JSON of decisions: ``clearance.decision-answer/1``, ``clearance.policy-test/1`` and ``clearance.dry-run/1``."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from clearance.model.decision import Answer, Because, Decision
from clearance.report.json import published
from clearance.report.portable import portable_json

ANSWER_SCHEMA_ID: Final = "clearance.decision-answer/1"
POLICY_TEST_SCHEMA_ID: Final = "clearance.policy-test/1"
DRY_RUN_SCHEMA_ID: Final = "clearance.dry-run/1"


class BecauseRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One link of the chain of reasons."""

    says: Answer | None
    """What this link alone asks for; null for a note that changes nothing."""
    what: str
    record: str
    rule: str
    sources: tuple[str, ...]
    evidence: tuple[str, ...]


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer for one use at one moment."""

    answer: Answer
    chain: tuple[BecauseRow, ...]
    """The strictest first."""
    conditions: tuple[str, ...]
    at: datetime.datetime
    changes_at: datetime.datetime | None
    """Null: never, as records and facts are today."""
    replacement: str
    message: str


class AnswerReport(AnswerRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``check --json``."""

    schema: Literal["clearance.decision-answer/1"]


class CaseRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of one case."""

    name: str
    decision: AnswerRow
    wrong: tuple[str, ...]
    """Empty when it is as expected."""


class PolicyTestReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``policy test --json``."""

    schema: Literal["clearance.policy-test/1"]
    cases: tuple[CaseRow, ...]


class DryRunReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``policy dry-run --json``."""

    schema: Literal["clearance.dry-run/1"]
    answers: dict[str, int]
    """How often each answer was given."""
    reasons: dict[str, int]
    """The fifty most frequent reasons of answers that do not permit."""


def render_answer_json(decision: Decision) -> str:
    """The answer with every key."""
    row = _row(decision)
    said = {name: getattr(row, name) for name in row.__struct_fields__}
    return portable_json(AnswerReport(schema=ANSWER_SCHEMA_ID, **said))


def render_policy_test_json(cases: Iterable[tuple[str, Decision, tuple[str, ...]]]) -> str:
    """Cases as name, decision, and what is wrong with it."""
    rows = tuple(CaseRow(name=name, decision=_row(decision), wrong=wrong) for name, decision, wrong in cases)
    return portable_json(PolicyTestReport(schema=POLICY_TEST_SCHEMA_ID, cases=rows))


def render_dry_run_json(answers: Mapping[str, int], reasons: Mapping[str, int]) -> str:
    """Counts of past uses decided anew."""
    return portable_json(DryRunReport(schema=DRY_RUN_SCHEMA_ID, answers=dict(answers), reasons=dict(reasons)))


def render_answer_schema() -> str:
    """The published JSON Schema of an answer."""
    return published(ANSWER_SCHEMA_ID, AnswerReport)


def render_policy_test_schema() -> str:
    """The published JSON Schema of tested cases."""
    return published(POLICY_TEST_SCHEMA_ID, PolicyTestReport)


def render_dry_run_schema() -> str:
    """The published JSON Schema of a dry run."""
    return published(DRY_RUN_SCHEMA_ID, DryRunReport)


def _row(decision: Decision) -> AnswerRow:
    return AnswerRow(
        answer=decision.answer,
        chain=tuple(_because(link) for link in decision.chain),
        conditions=decision.conditions,
        at=decision.at,
        changes_at=decision.changes_at,
        replacement=decision.replacement,
        message=decision.message,
    )


def _because(link: Because) -> BecauseRow:
    return BecauseRow(
        says=link.says,
        what=link.what,
        record=link.record,
        rule=link.rule,
        sources=link.sources,
        evidence=link.evidence,
    )

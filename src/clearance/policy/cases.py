"""Uses with the answer that is expected of them: what a team writes down so that a change of records shows.

A case is YAML: ``use`` as on the command line, ``at`` with a time zone, ``expect`` the answer, and optionally words
that the reasons must hold (``because``) and the moment at which the answer changes (``changes_at``). Records in the
file name each other by their place in it: ``@2``.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
import yaml

from clearance.model.decision import Answer, Decision, DecisionRecord
from clearance.model.knowledge import Organisation
from clearance.model.use import AccessChannel, Subject, Use
from clearance.policy.book import Book
from clearance.policy.circumstances import Circumstances
from clearance.policy.decide import decide
from clearance.policy.errors import PolicyError
from clearance.policy.records import record_id


class UseSaid(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A use as a person or an event writes it."""

    tool: str = ""
    """``claude-code@2.1.320`` or the name alone."""
    model: str = ""
    provider: str = ""
    channel: str = ""
    data_class: str = ""
    who: str = ""
    entity: str = ""
    country: str = ""
    groups: tuple[str, ...] | None = None
    ring: str = ""

    def use(self) -> Use:
        """The use. Raises PolicyError for a channel that there is not."""
        name, _, version = self.tool.partition("@")
        try:
            channel = AccessChannel(self.channel) if self.channel else None
        except ValueError as error:
            raise PolicyError(
                f"{self.channel!r} is no channel.", advice=f"Channels: {', '.join(AccessChannel)}."
            ) from error
        groups = frozenset(self.groups) if self.groups is not None else None
        return Use(
            subject=Subject(who=self.who, entity=self.entity, country=self.country, groups=groups, ring=self.ring),
            tool=name,
            version=version,
            model=self.model,
            provider=self.provider,
            channel=channel,
            data_class=self.data_class,
        )


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One expectation."""

    name: str
    use: UseSaid
    at: datetime
    expect: Answer
    because: tuple[str, ...] = ()
    changes_at: datetime | None = None


class Cases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file of cases; records and organisation may stand in it, so that it needs nothing else."""

    cases: tuple[Case, ...]
    records: tuple[DecisionRecord, ...] = ()
    organisation: Organisation | None = None
    unsafe_unsigned: bool = False
    """The records in the file count without signatures; for examples and drafts."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of a case."""

    name: str
    decision: Decision
    wrong: tuple[str, ...]
    """Empty when it is as expected."""


def read_cases(raw: bytes, name: str) -> Cases:
    """The file's cases. Raises PolicyError that names the file and the place."""
    try:
        cases = msgspec.convert(yaml.safe_load(raw), Cases, strict=False)
        return msgspec.structs.replace(cases, records=_named(cases.records))
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        raise PolicyError(f"{name} is not YAML: {' '.join(str(error).split())}.", advice="Mend that place.") from error
    except (msgspec.ValidationError, ValueError) as error:
        raise PolicyError(f"{name}: {error}.", advice="docs/deciding.md shows a case.") from error


def _named(records: Sequence[DecisionRecord]) -> tuple[DecisionRecord, ...]:
    """The records with ``@2`` replaced by the id of the second; they name only those before them."""
    done: list[DecisionRecord] = []
    for record in records:
        ids = {f"@{number}": record_id(other) for number, other in enumerate(done, 1)}
        done.append(
            msgspec.structs.replace(
                record,
                against=tuple(ids.get(each, each) for each in record.against),
                lifts=ids.get(record.lifts, record.lifts),
            )
        )
    return tuple(done)


def run_cases(cases: Cases, book: Book, facts: Circumstances) -> Iterator[Outcome]:
    """Decide each case and say what is not as expected."""
    for case in cases.cases:
        if case.at.tzinfo is None:
            raise PolicyError(f"{case.name}: {case.at} has no time zone.", advice="Write 2026-07-10T00:00:00+08:00.")
        decision = decide(case.use.use(), book, facts, case.at)
        yield Outcome(name=case.name, decision=decision, wrong=tuple(_wrong(case, decision)))


def _wrong(case: Case, decision: Decision) -> Iterator[str]:
    if decision.answer is not case.expect:
        yield f"expected {case.expect}, the answer is {decision.answer}: {decision.chain[0].what}"
    said = " ".join(because.what for because in decision.chain)
    for words in case.because:
        if words.lower() not in said.lower():
            yield f"no reason says {words!r}"
    if case.changes_at is not None and decision.changes_at != case.changes_at:
        yield f"expected to change at {case.changes_at}, it changes at {decision.changes_at or 'no time'}"

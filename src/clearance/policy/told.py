"""Decision records as a third party reads them: the scope in words, instants in place of days, who signed."""

from collections.abc import Iterable
from typing import Final

from clearance.model.decision import DecisionRecord, Scope
from clearance.model.dossier import DossierDecision
from clearance.model.ids import Digest
from clearance.model.knowledge import Person
from clearance.policy.book import Entry
from clearance.policy.signing import signers
from clearance.policy.times import ALWAYS, NEVER, as_datetime

_PARTS: Final = (
    "models", "providers", "channels", "entities", "countries", "groups", "rings", "data_classes", "people",
)  # fmt: skip


def told(entry: Entry, name: str, people: Iterable[Person], now: int) -> DossierDecision:
    """The record as it stands in a dossier; ``name`` is what its owner calls it, ``now`` the second of judgement."""
    record = entry.record
    return DossierDecision(
        id=name,
        kind=record.kind.value,
        sha256=Digest(entry.id),
        subject=scope_in_words(record.scope) if not record.lifts else f"lifts {record.lifts[:12]}",
        valid_from=as_datetime(entry.start).isoformat() if entry.start > ALWAYS else record.created,
        until=as_datetime(entry.end).isoformat() if entry.end < NEVER else "",
        owner=record.owner,
        signers=signers(record, people, now),
        text=" ".join(_sentences(record)) or f"{record.kind.value.capitalize()}.",
        reasons=tuple(
            "; ".join(filter(None, (reason.text, reason.source, reason.evidence))) for reason in record.reasons
        ),
    )


def scope_in_words(scope: Scope) -> str:
    """``claude-code, versions >=2.1.300,<2.2; countries HK``; a part that is not named is everything."""
    what = ", ".join(scope.tools) or "all tools"
    window = f", versions {scope.versions}" if scope.versions else ", any version"
    named = (f"{part.replace('_', ' ')} {', '.join(getattr(scope, part))}" for part in _PARTS if getattr(scope, part))
    return "; ".join((what + window, *named))


def _sentences(record: DecisionRecord) -> Iterable[str]:
    if record.message:
        yield record.message
    for what, texts in (
        ("Under the conditions", record.conditions),
        ("Lifted when", record.lift_when),
        ("Met", record.meets),
        ("Not counted within this scope", tuple(each[:12] for each in record.against)),
    ):
        if texts:
            yield f"{what}: {'; '.join(texts)}."
    if record.permanent:
        yield "It is permanent."
    if record.replacement:
        yield f"In its place: {record.replacement}."

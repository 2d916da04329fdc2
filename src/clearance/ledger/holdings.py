"""Which evidence the log says is kept, which was deleted and why; and whether the bytes agree with that."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from clearance.ledger.errors import KeyRefused, LedgerDamaged, LedgerMissing, NoKey
from clearance.ledger.evidence import Evidence, evidence_path
from clearance.model.evidence import EvidenceChecked
from clearance.model.ids import Digest
from clearance.model.record import EvidenceDeleted, EvidenceKept, Record
from clearance.model.verification import Flaw, Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The last that the log says of one digest."""

    kept: EvidenceKept
    kept_in: int
    """Number of the record."""
    at: str
    """When it was kept."""
    deleted: EvidenceDeleted | None = None
    deleted_in: int = -1


class Holdings:
    """By digest, from records in the order of the log. Memory grows with the pieces of evidence, not with the log."""

    def __init__(self) -> None:
        self.by_digest: dict[Digest, Holding] = {}

    def note(self, record: Record) -> str:
        """Take a record in; the empty text, so that it can stand as the judge of a verification."""
        match record.what:
            case EvidenceKept() as kept:
                self.by_digest[kept.evidence] = Holding(kept=kept, kept_in=record.index, at=record.at)
            case EvidenceDeleted() as deleted if deleted.evidence in self.by_digest:
                held = self.by_digest[deleted.evidence]
                self.by_digest[deleted.evidence] = Holding(
                    kept=held.kept, kept_in=held.kept_in, at=held.at, deleted=deleted, deleted_in=record.index
                )
        return ""

    def found(self, named: str) -> Holding:
        """The one whose digest begins so. Raises LedgerMissing."""
        matching = [held for digest, held in self.by_digest.items() if named and digest.startswith(named)]
        if len(matching) == 1:
            return matching[0]
        what = "is the begin of several digests" if matching else "is no evidence that the ledger knows"
        raise LedgerMissing(f"{named!r} {what}.", advice="`clearance ledger evidence list` shows every digest.")

    def checked(self, evidence: Evidence) -> tuple[EvidenceChecked, tuple[Flaw, ...]]:
        """Every piece against its digest: what was counted, and what is missing, changed, or there though deleted."""
        checked = sealed = deleted = 0
        flaws: list[Flaw] = []
        for digest, held in self.by_digest.items():
            if held.deleted is not None:
                deleted += 1
                flaws += _left(evidence, digest, held)
                continue
            try:
                evidence.read(digest)
                checked += 1
            except NoKey:
                sealed += 1
            except (LedgerMissing, KeyRefused, LedgerDamaged, OSError) as error:
                flaws.append(Flaw(path=_shown(digest), record=held.kept_in, what=f"{error}"))
        return EvidenceChecked(whole=checked, sealed=sealed, deleted=deleted), tuple(flaws)


def with_evidence(found: Verification, holdings: Holdings, evidence: Evidence) -> Verification:
    """The verification of a log together with that of its evidence."""
    checked, flaws = holdings.checked(evidence)
    return msgspec.structs.replace(found, evidence=checked, flaws=(*found.flaws, *flaws))


def _left(evidence: Evidence, digest: Digest, held: Holding) -> Iterator[Flaw]:
    try:
        there = evidence.is_there(digest)
    except (LedgerMissing, OSError):
        return  # what is no digest has no file
    if there:
        what = f"record {held.deleted_in} says that it was deleted, and it is there"
        yield Flaw(path=_shown(digest), record=held.deleted_in, what=what)


def _shown(digest: Digest) -> str:
    try:
        return evidence_path(digest)
    except LedgerMissing:
        return "evidence"

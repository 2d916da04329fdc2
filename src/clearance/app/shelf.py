"""The evidence of this machine's ledger on its disk: kept, shown, deleted; and the log verified together with it.

Evidence lies beside the ledger, not in it: a copy of the ledger's folder says nothing of what was in the evidence.
"""

import os
from pathlib import Path

from clearance.app.ledgers import Clock, append_event, ledger_folder, reader, refuse_too_long, writer
from clearance.app.places import state_folder
from clearance.ledger.errors import KeyRefused, LedgerMissing, NotKept
from clearance.ledger.evidence import Evidence
from clearance.ledger.holdings import Holding, Holdings, with_evidence
from clearance.ledger.note import Verifier
from clearance.ledger.verify import verify
from clearance.model.ids import Digest
from clearance.model.record import EvidenceDeleted, EvidenceKept
from clearance.model.verification import Verification
from clearance.store.files import Files

LARGEST = 256 << 20
"""Bytes of one piece of evidence: it is sealed as a whole."""
_KEY_BYTES = 32


def own_shelf(key: Path | None) -> Evidence:
    """The evidence of this machine's ledger. Raises KeyRefused."""
    return _evidence(state_folder(), key)


def shelf_at(folder: Path | None, key: Path | None) -> Evidence | None:
    """Evidence in a folder that holds ``evidence/``; None where none is named. Raises KeyRefused."""
    return _evidence(folder, key) if folder else None


def keep_evidence(file: Path, media_type: str, key: Path | None, clock: Clock) -> tuple[EvidenceKept, int]:
    """Keep a file's bytes and record it; the event and its number. Raises LedgerError, OSError."""
    shelf = own_shelf(key)
    held = holdings()  # without a ledger nothing is kept
    data = _read(file)
    refuse_too_long(
        EvidenceKept(evidence=Digest(64 * "0"), size=len(data), media_type=media_type, encrypted=True), clock
    )
    kept = shelf.keep(data, media_type)
    before = held.by_digest.get(kept.evidence)
    if before is not None and before.deleted is None and before.kept == kept:
        return kept, before.kept_in
    return kept, append_event(kept, clock)


def delete_evidence(named: str, reason: str, person: str, clock: Clock) -> tuple[Holding, int]:
    """Take the bytes away and record why; what was deleted, and the record's number. Raises LedgerError, OSError.

    The bytes go first: a record never tells of a deletion that has not happened. Where recording fails, call it again.
    """
    held = holdings().found(named)
    if held.deleted is not None:
        raise LedgerMissing(f"{held.kept.evidence[:12]} was deleted already.", advice=f"See record {held.deleted_in}.")
    digest = held.kept.evidence
    refuse_too_long(EvidenceDeleted(evidence=digest, reason=reason, person=person), clock)
    with writer(ledger_folder()):  # whoever keeps it again meanwhile has to wait
        event = own_shelf(None).delete(digest, reason=reason, person=person)
    return held, append_event(event, clock)


def holdings() -> Holdings:
    """What this machine's ledger says of evidence. Raises LedgerError."""
    found = Holdings()
    for record in reader(ledger_folder(), None).of(EvidenceKept, EvidenceDeleted):
        found.note(record)
    return found


def verify_with_evidence(
    files: Files, verifier: Verifier, *, against: bytes | None, shelf: Evidence | None
) -> Verification:
    """A log verified, and its evidence where that is at hand."""
    if shelf is None:
        return verify(files, verifier, against=against)
    found = Holdings()
    return with_evidence(verify(files, verifier, against=against, judge=found.note), found, shelf)


def _evidence(folder: Path, key: Path | None) -> Evidence:
    return Evidence(Files(folder), key=_key(key) if key else None, nonce=lambda: os.urandom(12))


def _key(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            key = file.read(_KEY_BYTES + 1)
    except OSError as error:
        raise KeyRefused(f"{path} cannot be read: {error.strerror}.", advice="Name the file of the key.") from error
    if len(key) != _KEY_BYTES:
        raise KeyRefused(f"{path} has no key of 32 bytes.", advice=f"Make one: openssl rand -out {path} 32")
    return key


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise NotKept(f"{file} cannot be read: {error.strerror}.", advice="Name a file that you may read.") from error
    if len(data) > LARGEST:
        raise NotKept(f"{file} has more than {LARGEST:,} bytes.", advice="Cut it into parts and keep each.")
    return data

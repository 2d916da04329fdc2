"""JSON of the ledger: the contracts ``clearance.ledger-verification/1`` and ``clearance.proof/1``."""

from typing import Final, Literal

import msgspec

from clearance.model.evidence import EvidenceChecked
from clearance.model.verification import Flaw, Verification
from clearance.report.json import published
from clearance.report.portable import portable_json

VERIFICATION_SCHEMA_ID: Final = "clearance.ledger-verification/1"
PROOF_SCHEMA_ID: Final = "clearance.proof/1"


class VerificationReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One verification; without flaws the log is as it was sealed."""

    schema: Literal["clearance.ledger-verification/1"]
    origin: str
    size: int
    root: str
    """Hex."""
    waiting: int
    """Records that are acknowledged and not yet under a checkpoint."""
    evidence: EvidenceChecked | None
    """Null: evidence was not looked at."""
    flaws: tuple[Flaw, ...]


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a record is in a log."""

    schema: Literal["clearance.proof/1"]
    index: int
    record: str
    """Base64 of its canonical bytes."""
    hashes: tuple[str, ...]
    """Base64, from the leaf to the root."""
    checkpoint: str


def render_verification_json(found: Verification) -> str:
    """``ledger verify --json``."""
    return portable_json(
        VerificationReport(
            schema=VERIFICATION_SCHEMA_ID,
            origin=found.origin,
            size=found.size,
            root=found.root,
            waiting=found.waiting,
            evidence=found.evidence,
            flaws=found.flaws,
        )
    )


def render_verification_schema() -> str:
    """The published JSON Schema of a verification."""
    return published(VERIFICATION_SCHEMA_ID, VerificationReport)


def render_proof_schema() -> str:
    """The published JSON Schema of a proof: what ``ledger prove`` writes and ``ledger check-proof`` reads."""
    return published(PROOF_SCHEMA_ID, Proof)

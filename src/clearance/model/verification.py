"""What a verification of a ledger found."""

import msgspec

from clearance.model.evidence import EvidenceChecked


class Flaw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is not as it was sealed."""

    path: str
    """File of the ledger."""
    record: int = -1
    """Number of the record, where it is one."""
    what: str


class Verification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a verification found; without flaws the log is as it was sealed."""

    origin: str = ""
    size: int = 0
    root: str = ""
    """Hex."""
    waiting: int = 0
    """Records in the journal: acknowledged, not yet under a checkpoint."""
    evidence: EvidenceChecked | None = None
    """None: the evidence that records speak of was not looked at."""
    flaws: tuple[Flaw, ...] = ()

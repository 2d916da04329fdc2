"""What a check of evidence came to."""

import msgspec


class EvidenceChecked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many pieces of evidence were as the log says; what was not is among the flaws."""

    whole: int
    """Read, and with their digest."""
    sealed: int
    """There, but sealed, and no key was handed in: nobody looked inside."""
    deleted: int
    """Deleted, as a record says."""

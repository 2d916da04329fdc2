"""What happened goes into this machine's ledger, where there is one; without one nothing is recorded."""

import hashlib
from datetime import UTC, datetime

from clearance.app.places import state_folder
from clearance.model.ids import Digest
from clearance.model.record import Event


def record(event: Event) -> int | None:
    """Write the event if ``clearance ledger init`` made a ledger here; its number. Raises LedgerError."""
    if not (state_folder() / "ledger" / "checkpoint").is_file():
        return None
    from clearance.app.ledgers import append_event  # a look without a ledger needs no cryptography

    return append_event(event, lambda: datetime.now(tz=UTC))  # noqa: TID251 - here the time comes in


def digest_of(report: str) -> Digest:
    """SHA-256 of a report's text."""
    return Digest(hashlib.sha256(report.encode("utf-8", "backslashreplace")).hexdigest())

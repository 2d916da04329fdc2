"""Logs to test with: a signer whose key is no secret, and records."""

from memory import Memory

from clearance.ledger.log import Log
from clearance.ledger.note import Signer
from clearance.model.record import Noted, Record, record_bytes

SIGNER = Signer.of("ledger.acme.example", b"\7" * 32)
ORIGIN = "ledger.acme.example/log"


def entry(index: int, text: str = "") -> bytes:
    noted = Noted(person="ann@acme.example", text=text or f"note {index}")
    return record_bytes(Record(index=index, at="2026-07-10T00:00:00.000Z", what=noted))


def written(size: int, keeper: Memory | None = None, *, group: int = 100) -> Memory:
    """A published log of so many records."""
    keeper = keeper or Memory()
    log = Log.create(keeper, SIGNER, ORIGIN)
    for index in range(size):
        log.append(entry(index))
        if index % group == group - 1:
            log.commit()
    log.commit()
    log.publish()
    return keeper

"""Evidence is what its digest says or nothing; sealed it opens with its key alone; deleted it is gone and told."""

import itertools

import pytest
from logged import ORIGIN, SIGNER
from memory import Memory

from clearance.ledger.errors import KeyRefused, LedgerDamaged, LedgerError, LedgerMissing
from clearance.ledger.evidence import Evidence
from clearance.ledger.log import Log
from clearance.ledger.verify import verify
from clearance.model.ids import Digest
from clearance.model.record import Event, Record, record_bytes

DATA = b"the traffic of one run, with a password in it: hunter2"


def nonces() -> "itertools.count[int]":
    return itertools.count()


def sealed(keeper: Memory, key: bytes = b"k" * 32) -> Evidence:
    numbers = nonces()
    return Evidence(keeper, key=key, nonce=lambda: next(numbers).to_bytes(12))


@pytest.mark.parametrize("make", [Evidence, sealed])
def test_what_was_kept_is_read_by_its_digest(make) -> None:
    evidence = make(Memory())
    kept = evidence.keep(DATA, "application/octet-stream")
    assert evidence.read(kept.evidence) == DATA
    assert (kept.size, kept.encrypted) == (len(DATA), make is sealed)


def test_sealed_bytes_say_nothing_and_open_with_their_key_alone() -> None:
    keeper = Memory()
    digest = sealed(keeper).keep(DATA, "text/plain").evidence
    assert all(b"hunter2" not in data for data in keeper.files.values())
    with pytest.raises(KeyRefused, match="sealed with another key"):
        sealed(keeper, b"x" * 32).read(digest)
    with pytest.raises(KeyRefused, match="is sealed"):
        Evidence(keeper).read(digest)


@pytest.mark.parametrize("make", [Evidence, sealed])
def test_every_changed_bit_shows(make) -> None:
    keeper = Memory()
    evidence = make(keeper)
    digest = evidence.keep(DATA, "text/plain").evidence
    (path,) = keeper.files
    whole = keeper.files[path]
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        keeper.files[path] = bytes(changed)
        with pytest.raises((LedgerDamaged, KeyRefused)):
            evidence.read(digest)


def test_one_file_cannot_stand_in_for_another() -> None:
    keeper = Memory()
    evidence = sealed(keeper)
    one, other = (evidence.keep(data, "text/plain").evidence for data in (b"one", b"other"))
    first, second = sorted(keeper.files, key=lambda path: one not in path)
    keeper.files[first] = keeper.files[second]
    assert evidence.read(other) == b"other"
    with pytest.raises(KeyRefused):
        evidence.read(one)


@pytest.mark.parametrize("text", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(LedgerError, match="no digest"):
        Evidence(Memory()).read(Digest(text))


def test_what_is_missing_is_named_by_its_record_and_what_was_deleted_is_not() -> None:
    keeper, store = Memory(), Memory()
    evidence = Evidence(store)
    kept = [evidence.keep(data, "text/plain") for data in (b"one", b"two", b"three")]
    gone = evidence.delete(kept[1].evidence, reason="retention", person="ann")
    store.files.pop(f"evidence/{kept[2].evidence[:2]}/{kept[2].evidence}")
    log = Log.create(keeper, SIGNER, ORIGIN)
    events: list[Event] = [*kept, gone]
    for event in events:
        log.append(record_bytes(Record(index=log.next_index, at="2026-07-10T00:00:00.000Z", what=event)))
    log.commit()
    log.publish()
    found = verify(keeper, SIGNER.verifier, judge=evidence.wrong(frozenset({gone.evidence})))
    assert [flaw.record for flaw in found.flaws] == [2]
    assert "is not there" in found.flaws[0].what
    with pytest.raises(LedgerMissing):
        evidence.read(gone.evidence)

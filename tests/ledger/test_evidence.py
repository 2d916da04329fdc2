"""Evidence is what its digest says or nothing; sealed it opens with its key alone; deleted it is gone and told."""

import itertools

import pytest
from logged import ORIGIN, SIGNER
from memory import Memory

from clearance.ledger.errors import KeyRefused, LedgerDamaged, LedgerError, LedgerMissing
from clearance.ledger.evidence import Evidence, evidence_path
from clearance.ledger.holdings import Holdings, with_evidence
from clearance.ledger.log import Log
from clearance.ledger.verify import verify
from clearance.model.evidence import EvidenceChecked
from clearance.model.ids import Digest
from clearance.model.record import Event, EvidenceDeleted, EvidenceKept, Record, record_bytes
from clearance.model.verification import Verification

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


def test_what_was_kept_sealed_does_not_lie_there_in_plain_any_more() -> None:
    keeper = Memory()
    Evidence(keeper).keep(DATA, "text/plain")
    digest = sealed(keeper).keep(DATA, "text/plain").evidence
    assert all(b"hunter2" not in data for data in keeper.files.values())
    Evidence(keeper).keep(DATA, "text/plain")
    assert Evidence(keeper).read(digest) == DATA
    assert len(keeper.files) == 1


def logged(*events: Event) -> Memory:
    keeper = Memory()
    log = Log.create(keeper, SIGNER, ORIGIN)
    for event in events:
        log.append(record_bytes(Record(index=log.next_index, at="2026-07-10T00:00:00.000Z", what=event)))
    log.commit()
    log.publish()
    return keeper


def verified(keeper: Memory, evidence: Evidence) -> Verification:
    holdings = Holdings()
    return with_evidence(verify(keeper, SIGNER.verifier, judge=holdings.note), holdings, evidence)


def test_what_is_missing_or_changed_is_named_by_digest_and_what_was_deleted_is_not() -> None:
    store = Memory()
    evidence = Evidence(store)
    kept = [evidence.keep(data, "text/plain") for data in (b"one", b"two", b"three", b"four")]
    gone = evidence.delete(kept[1].evidence, reason="retention", person="ann")
    missing, changed = (evidence_path(kept[n].evidence) for n in (2, 3))
    store.files.pop(missing)
    store.files[changed] = b"five"
    found = verified(logged(*kept, gone), evidence)
    assert [(flaw.record, flaw.path) for flaw in found.flaws] == [(2, missing), (3, changed)]
    assert "is not there" in found.flaws[0].what
    assert "was changed" in found.flaws[1].what
    assert found.evidence == EvidenceChecked(whole=1, sealed=0, deleted=1)
    with pytest.raises(LedgerMissing):
        evidence.read(gone.evidence)


def test_what_a_record_says_was_deleted_and_is_there_is_named() -> None:
    evidence = Evidence(Memory())
    kept = evidence.keep(DATA, "text/plain")
    found = verified(logged(kept, EvidenceDeleted(evidence=kept.evidence, reason="x", person="ann")), evidence)
    assert [(flaw.record, flaw.path) for flaw in found.flaws] == [(1, evidence_path(kept.evidence))]
    again = verified(logged(kept, EvidenceDeleted(evidence=kept.evidence, reason="x", person="ann"), kept), evidence)
    assert again.flaws == ()


def test_sealed_evidence_without_its_key_is_counted_as_not_looked_into() -> None:
    store = Memory()
    kept = sealed(store).keep(DATA, "text/plain")
    found = verified(logged(kept), Evidence(store))
    assert (found.flaws, found.evidence) == ((), EvidenceChecked(whole=0, sealed=1, deleted=0))
    assert [flaw.record for flaw in verified(logged(kept), sealed(store, b"x" * 32)).flaws] == [0]


def test_a_record_with_a_digest_that_is_none_leads_nowhere() -> None:
    hostile = EvidenceKept(evidence=Digest("../../etc/passwd"), size=1, media_type="text/plain", encrypted=False)
    gone = EvidenceDeleted(evidence=hostile.evidence, reason="x", person="ann")
    assert "is no digest" in verified(logged(hostile), Evidence(Memory())).flaws[0].what
    assert verified(logged(hostile, gone), Evidence(Memory())).flaws == ()

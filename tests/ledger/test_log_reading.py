"""A published log is read by number and by kind of event, also while somebody goes on writing it."""

import pytest
from logged import ORIGIN, SIGNER, entry, written
from memory import Memory

from clearance.ledger.errors import LedgerDamaged, LedgerMissing, ProofRefused
from clearance.ledger.log import Log
from clearance.ledger.merkle import leaf_hash
from clearance.ledger.note import Signer
from clearance.ledger.proofs import check_inclusion
from clearance.ledger.reading import LogReader
from clearance.ledger.tiles import tile_path
from clearance.model.record import Noted, ReleaseLooked


@pytest.mark.parametrize(("first", "end"), [(0, 600), (0, 1), (255, 257), (256, 512), (599, 600), (300, 300)])
def test_a_range_is_what_was_logged(first: int, end: int) -> None:
    log = LogReader(written(600), SIGNER.verifier)
    found = list(log.entries(first, end))
    assert [(each.index, each.entry) for each in found] == [(n, entry(n)) for n in range(first, end)]
    assert all(each.leaf == leaf_hash(each.entry) for each in found)


def test_records_of_a_kind_are_found_and_texts_that_look_like_one_are_not() -> None:
    keeper = written(600)
    log = Log.open(keeper, SIGNER)
    log.append(entry(600, text='"what":{"event":"ReleaseLooked"'))
    log.commit()
    log.publish()
    reader = LogReader(keeper, SIGNER.verifier)
    assert [record.index for record in reader.of(Noted)] == list(range(601))
    assert list(reader.of(ReleaseLooked)) == []


def test_a_proof_leads_to_the_checkpoint_that_it_is_given_with() -> None:
    log = LogReader(written(600), SIGNER.verifier)
    check_inclusion(leaf_hash(entry(300)), 300, log.size, log.proof(300), log.checkpoint.root)


def test_reading_goes_on_while_the_log_grows_and_its_partial_tiles_are_replaced() -> None:
    keeper = written(300)
    log = LogReader(keeper, SIGNER.verifier)
    reading = log.entries(0, 300)
    first = next(reading)
    more = Log.open(keeper, SIGNER)
    for index in range(300, 600):
        more.append(entry(index))
    more.commit()
    more.publish()
    assert [first.entry, *(each.entry for each in reading)] == [entry(n) for n in range(300)]
    check_inclusion(leaf_hash(entry(299)), 299, log.size, log.proof(299), log.checkpoint.root)
    assert log.size == 600


@pytest.mark.parametrize("path", [tile_path("entries", 0), tile_path(0, 0), tile_path("entries", 1, 44)])
def test_what_was_changed_is_not_handed_out(path: str) -> None:
    keeper = written(300)
    changed = bytearray(keeper.files[path])
    changed[40] ^= 1
    keeper.files[path] = bytes(changed)
    with pytest.raises(LedgerDamaged):
        list(LogReader(keeper, SIGNER.verifier).entries(0, 300))


def test_a_bundle_that_is_too_short_or_gone_is_damage() -> None:
    keeper = written(300)
    path = tile_path("entries", 1, 44)
    keeper.files[path] = keeper.files[path][: 2 + len(entry(256))]
    with pytest.raises(LedgerDamaged, match="Of 44 records"):
        list(LogReader(keeper, SIGNER.verifier).entries(0, 300))
    keeper.files.pop(path)
    with pytest.raises(LedgerDamaged, match="is not there"):
        list(LogReader(keeper, SIGNER.verifier).entries(0, 300))


def test_a_log_that_is_not_there_or_of_another_key_is_refused() -> None:
    with pytest.raises(LedgerMissing):
        LogReader(Memory(), SIGNER.verifier)
    with pytest.raises(ProofRefused):
        LogReader(written(1), Signer.of(ORIGIN, b"\1" * 32).verifier)
    with pytest.raises(LedgerMissing, match="no record 7"):
        LogReader(written(3), SIGNER.verifier).entry(7)

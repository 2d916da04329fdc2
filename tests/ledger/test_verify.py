"""Any change of any file of a log is found and named, with the record where it is one."""

import pytest
from logged import ORIGIN, SIGNER, entry, written
from memory import Memory

from clearance.ledger.log import CHECKPOINT, Log
from clearance.ledger.note import Signer
from clearance.ledger.verify import verify
from clearance.model.record import read_record
from clearance.model.verification import Verification

SIZE = 10_000


@pytest.fixture(scope="module")
def large() -> Memory:
    keeper = written(SIZE, group=500)
    log = Log.open(keeper, SIGNER)
    for index in range(SIZE, SIZE + 20):
        log.append(entry(index))
    log.commit()  # a journal too
    return keeper


def checked(keeper: Memory) -> Verification:
    return verify(keeper, SIGNER.verifier)


def without_change(keeper: Memory) -> Memory:
    copy = Memory()
    copy.files = {**keeper.files}
    for path, data in keeper.unsynced.items():
        copy.files[path] = copy.files.get(path, b"") + data
    return copy


def test_a_log_as_it_was_sealed_has_no_flaw(large: Memory) -> None:
    found = checked(large)
    assert (found.size, found.waiting, found.flaws, found.origin) == (SIZE, 20, (), ORIGIN)


def flips(large: Memory, *, step: int) -> list[tuple[str, int]]:
    """Of each file some bits, all files together once through."""
    return [
        (path, (number * 7919 + at) % (8 * len(large.files[path])))
        for number, path in enumerate(sorted(large.files))
        for at in range(0, 8 * len(large.files[path]), max(1, 8 * len(large.files[path]) // step))
        if large.files[path]
    ]


def assert_named(large: Memory, path: str, bit: int) -> None:
    copy = without_change(large)
    data = bytearray(copy.files[path])
    data[bit // 8] ^= 1 << bit % 8
    copy.files[path] = bytes(data)
    flaws = checked(copy).flaws
    assert flaws, (path, bit)
    assert path in {flaw.path for flaw in flaws}, (path, flaws)


@pytest.mark.long
def test_a_changed_bit_is_found_in_every_file(large: Memory) -> None:
    for path, bit in flips(large, step=1):
        assert_named(large, path, bit)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_changed_bits_are_found_all_over_every_file(large: Memory) -> None:
    for path, bit in flips(large, step=40):
        assert_named(large, path, bit)


def test_the_changed_record_is_named_by_its_number(large: Memory) -> None:
    copy = without_change(large)
    path = "tile/entries/020"
    copy.files[path] = copy.files[path].replace(b"note 5200", b"note 5201")
    assert [(flaw.path, flaw.record) for flaw in checked(copy).flaws] == [(path, 5200)]
    copy = without_change(large)
    tile = bytearray(copy.files["tile/0/020"])
    tile[32 * 80] ^= 1
    copy.files["tile/0/020"] = bytes(tile)
    flaw = checked(copy).flaws[0]
    assert (flaw.path, flaw.record, flaw.what) == ("tile/0/020", 5200, "the hash of record 5200 was changed")


@pytest.mark.long
def test_a_missing_file_is_named(large: Memory) -> None:
    for path in sorted(large.files):
        if path.startswith("journal"):
            continue
        copy = without_change(large)
        del copy.files[path]
        assert path in {flaw.path for flaw in checked(copy).flaws}


def test_a_file_too_many_is_named(large: Memory) -> None:
    for path in ("tile/0/039.p/3", "tile/7/000", "tile/entries/x000/001", "tile/entries/041"):
        copy = without_change(large)
        copy.files[path] = b"x"
        assert path in {flaw.path for flaw in checked(copy).flaws}


def test_a_cut_tail_and_a_fork_show_against_a_kept_checkpoint() -> None:
    kept = written(700).files[CHECKPOINT]
    cut = verify(written(600), SIGNER.verifier, against=kept)
    assert any("the last 100 were cut off" in flaw.what for flaw in cut.flaws)
    grown = verify(written(900), SIGNER.verifier, against=kept)
    assert grown.flaws == ()
    forked = Memory()
    log = Log.create(forked, SIGNER, ORIGIN)
    for index in range(900):
        log.append(entry(index, "another" if index == 3 else ""))
    log.commit()
    log.publish()
    assert verify(forked, SIGNER.verifier).flaws == ()
    assert verify(forked, SIGNER.verifier, against=kept).flaws


def test_the_key_of_another_ledger_verifies_nothing(large: Memory) -> None:
    other = Signer.of(SIGNER.name, b"8" * 32).verifier
    assert [flaw.path for flaw in verify(large, other).flaws] == [CHECKPOINT]


def test_a_record_out_of_its_place_or_in_another_spelling_is_named() -> None:
    keeper = Memory()
    log = Log.create(keeper, SIGNER, ORIGIN)
    log.append(entry(0))
    log.append(entry(7))
    log.append(entry(2).replace(b'{"index":2', b'{ "index":2'))
    log.commit()
    log.publish()
    found = [(flaw.record, flaw.what) for flaw in verify(keeper, SIGNER.verifier).flaws]
    assert [record for record, _ in found] == [1, 2]
    assert "says that it is record 7" in found[0][1]
    assert "another spelling" in found[1][1]


def test_records_are_judged_for_what_their_hash_does_not_show() -> None:
    found = verify(written(5), SIGNER.verifier, judge=lambda record: "no" if record.index == 3 else "")
    assert [(flaw.record, flaw.what) for flaw in found.flaws] == [(3, "record 3: no")]


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b'{"index":0,"at":"x","what":{"event":"Unheard"}}', b"\xff"])
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no record"):
        read_record(data)

"""The log keeps what it acknowledged, wherever the power goes, and adds nothing to what does not fit."""

import pytest
from logged import ORIGIN, SIGNER, entry, written
from memory import Memory, PowerLost

from clearance.ledger.errors import LedgerDamaged, LedgerMissing, NotKept
from clearance.ledger.log import CHECKPOINT, Log
from clearance.ledger.tiles import entries_of
from clearance.ledger.verify import verify


def records(keeper: Memory, size: int) -> list[bytes]:
    found: list[bytes] = []
    for number in range(-(-size // 256)):
        width = min(256, size - number * 256)
        suffix = f".p/{width}" if width < 256 else ""
        found += entries_of(keeper.read(f"tile/entries/{number:03d}{suffix}") or b"")
    return found


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_what_was_written_is_there_in_order_and_verifies(size: int) -> None:
    keeper = written(size)
    assert records(keeper, size) == [entry(n) for n in range(size)]
    found = verify(keeper, SIGNER.verifier)
    assert (found.size, found.waiting, found.flaws) == (size, 0, ())


def test_an_opened_log_goes_on_where_it_was() -> None:
    keeper = written(300)
    log = Log.open(keeper, SIGNER)
    assert log.next_index == 300
    for index in range(300, 520):
        log.append(entry(index))
    log.commit()
    log.publish()
    assert records(keeper, 520) == [entry(n) for n in range(520)]
    assert written(520).files == keeper.files


def test_what_was_acknowledged_and_not_published_is_taken_up() -> None:
    keeper = written(10)
    log = Log.open(keeper, SIGNER)
    log.append(entry(10))
    log.commit()
    assert verify(keeper, SIGNER.verifier).waiting == 1
    assert Log.open(keeper, SIGNER).size == 11
    assert verify(keeper, SIGNER.verifier).size == 11


def work(keeper: Memory, acknowledged: list[int]) -> None:
    """Write in groups, publish now and then; note what was acknowledged."""
    log = Log.open(keeper, SIGNER) if keeper.read(CHECKPOINT) else Log.create(keeper, SIGNER, ORIGIN)
    acknowledged.append(log.size)
    for group in range(8):
        for _ in range(70):
            log.append(entry(log.next_index))
        acknowledged.append(log.commit())
        if group % 3 == 2:
            log.publish()
    log.publish()


def test_nothing_acknowledged_is_lost_wherever_the_power_goes() -> None:
    counting = Memory()
    work(counting, [])
    assert counting.operations >= 40
    for after in range(1, counting.operations + 1):
        keeper, acknowledged = Memory(after=after, chance=after), [0]
        with pytest.raises(PowerLost):
            work(keeper, acknowledged)
        disk = keeper.restarted()
        if disk.read(CHECKPOINT) is None:
            assert acknowledged == [0]
            continue
        log = Log.open(disk, SIGNER)
        assert log.size >= max(acknowledged), after
        assert verify(disk, SIGNER.verifier).flaws == (), after
        assert records(disk, log.size) == [entry(n) for n in range(log.size)]


def test_nothing_acknowledged_is_lost_when_the_power_goes_twice() -> None:
    for after in range(3, 40, 4):
        keeper, acknowledged = Memory(after=after, chance=after), [0]
        with pytest.raises(PowerLost):
            work(keeper, acknowledged)
        disk = keeper.restarted()
        disk.after = after // 2
        try:
            work(disk, acknowledged)
        except PowerLost:
            disk = disk.restarted()
        if disk.read(CHECKPOINT) is not None:
            assert Log.open(disk, SIGNER).size >= max(acknowledged)
            assert verify(disk, SIGNER.verifier).flaws == ()


def test_a_full_disk_refuses_and_the_log_goes_on_when_there_is_room() -> None:
    keeper = written(5)
    log = Log.open(keeper, SIGNER)
    keeper.full = True
    log.append(entry(5))
    with pytest.raises(NotKept, match="No space left"):
        log.commit()
    assert log.size == 5
    keeper.full = False
    log.append(entry(5, "again"))
    assert log.commit() == 6
    log.publish()
    assert records(keeper, 6)[5] == entry(5, "again")
    assert verify(keeper, SIGNER.verifier).flaws == ()


def test_a_full_disk_at_publishing_loses_nothing() -> None:
    keeper = written(5)
    log = Log.open(keeper, SIGNER)
    log.append(entry(5))
    log.commit()
    keeper.full = True
    with pytest.raises(NotKept):
        log.publish()
    keeper.full = False
    assert Log.open(keeper, SIGNER).size == 6


def test_nothing_is_added_to_a_log_that_does_not_fit_its_checkpoint() -> None:
    keeper = written(300)
    path = "tile/entries/001.p/44"
    keeper.files[path] = keeper.files[path].replace(b"note 299", b"note 298")
    with pytest.raises(LedgerDamaged, match="entries"):
        Log.open(keeper, SIGNER)


def test_there_is_no_log_where_there_is_none_and_no_second_one_where_there_is() -> None:
    with pytest.raises(LedgerMissing):
        Log.open(Memory(), SIGNER)
    with pytest.raises(LedgerDamaged):
        Log.create(written(1), SIGNER, ORIGIN)

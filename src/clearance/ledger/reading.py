"""A published log as it is read: entries by number, under a checkpoint whose signature holds.

1. Each entry is handed out with its leaf hash, after the tree's own hash of it was compared.
2. No lock is needed: what is published never changes. The last, partial bundle may be replaced by a fuller one while we
   read; then the checkpoint is read again, once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clearance.ledger.checkpoint import Checkpoint
from clearance.ledger.errors import LedgerDamaged, LedgerMissing
from clearance.ledger.keeper import Keeper
from clearance.ledger.merkle import leaf_hash
from clearance.ledger.note import Verifier
from clearance.ledger.proofs import inclusion_proof, tile_reader
from clearance.ledger.tiles import HASH, WIDTH, entries_of, tile_path
from clearance.ledger.verify_tree import CHECKPOINT
from clearance.model.record import Event, Record, read_record

_VERIFY = "Run `clearance ledger verify`: it names what was changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One entry as the log has it."""

    index: int
    entry: bytes
    leaf: bytes


class LogReader:
    """Raises LedgerMissing where there is no log, ProofRefused where the key did not sign its checkpoint."""

    def __init__(self, keeper: Keeper, verifier: Verifier) -> None:
        self._keeper, self._verifier = keeper, verifier
        self.note, self.checkpoint = self._newest()

    @property
    def size(self) -> int:
        """Records under the checkpoint."""
        return self.checkpoint.size

    def entry(self, index: int) -> Logged:
        """One entry. Raises LedgerMissing, LedgerDamaged."""
        if not 0 <= index < self.size:
            raise LedgerMissing(
                f"There is no record {index}; there are {self.size:,}.", advice="The first is record 0."
            )
        return next(self.entries(index, index + 1))

    def entries(self, first: int, end: int) -> Iterator[Logged]:
        """Entries from ``first`` up to ``end``, one bundle in memory. Raises LedgerDamaged."""
        for number in range(first // WIDTH, -(-end // WIDTH)):
            for logged in self._checked(number, *self._file("entries", number)):
                if first <= logged.index < end:
                    yield logged

    def leaves(self, first: int, end: int) -> Iterator[bytes]:
        """The tree's leaf hashes from ``first`` up to ``end``; entries are not read. Raises LedgerDamaged."""
        for number in range(first // WIDTH, -(-end // WIDTH)):
            hashes, width = self._file(0, number)
            if len(hashes) != width * HASH:
                raise LedgerDamaged(f"Hashes of records from {number * WIDTH} on are missing.", advice=_VERIFY)
            for at in range(max(0, first - number * WIDTH), min(width, end - number * WIDTH)):
                yield hashes[at * HASH : (at + 1) * HASH]

    def of(self, *kinds: type[Event]) -> Iterator[Record]:
        """The records of some kinds of event, in order; bundles without one are not taken apart."""
        marks = [f'"what":{{"event":"{kind.__name__}"'.encode() for kind in kinds]  # quotes inside texts are escaped
        for number in range(-(-self.size // WIDTH)):
            data, width = self._file("entries", number)
            if any(mark in data for mark in marks):
                for logged in self._checked(number, data, width):
                    if any(mark in logged.entry for mark in marks):
                        yield _record(logged)

    def proof(self, index: int) -> tuple[bytes, ...]:
        """Hashes from the entry's leaf to the root of ``checkpoint``, as it is then. Raises LedgerDamaged."""
        try:
            return inclusion_proof(tile_reader(self._keeper, self.size), index, self.size)
        except LedgerDamaged:  # a partial tile may have gone meanwhile
            self.note, self.checkpoint = self._newest()
            return inclusion_proof(tile_reader(self._keeper, self.size), index, self.size)

    def _newest(self) -> tuple[bytes, Checkpoint]:
        note = self._keeper.read(CHECKPOINT)
        if note is None:
            raise LedgerMissing(
                "There is no ledger there.", advice="Name its folder, or make one: clearance ledger init."
            )
        return note, Checkpoint.opened(note, self._verifier)

    def _file(self, level: int | str, number: int) -> tuple[bytes, int]:
        """A bundle or leaf tile, and its width; where it has gone, the fuller one of a newer checkpoint."""
        for attempt in range(2):
            width = min(WIDTH, self.size - number * WIDTH)
            path = tile_path(level, number, width)
            data = self._keeper.read(path)
            if data is not None:
                return data, width
            if attempt == 0:
                self.note, self.checkpoint = self._newest()
        raise LedgerDamaged(f"{path} is not there.", advice=_VERIFY)

    def _checked(self, number: int, data: bytes, width: int) -> Iterator[Logged]:
        """The entries of a bundle; the tile of their hashes may be a fuller one."""
        hashes, _ = self._file(0, number)
        try:
            entries = list(entries_of(data))
        except ValueError as error:
            raise LedgerDamaged(f"Records from {number * WIDTH} on cannot be read: {error}.", advice=_VERIFY) from error
        if len(entries) != width:
            raise LedgerDamaged(
                f"Of {width} records from {number * WIDTH} on there are {len(entries)}.", advice=_VERIFY
            )
        for at, entry in enumerate(entries):
            leaf, index = leaf_hash(entry), number * WIDTH + at
            if hashes[at * HASH : (at + 1) * HASH] != leaf:
                raise LedgerDamaged(f"Record {index} does not have its hash in the tree.", advice=_VERIFY)
            yield Logged(index=index, entry=entry, leaf=leaf)


def _record(logged: Logged) -> Record:
    try:
        record = read_record(logged.entry)
    except ValueError as error:
        raise LedgerDamaged(f"Record {logged.index}: {error}.", advice=_VERIFY) from error
    if record.index != logged.index:
        raise LedgerDamaged(f"Record {logged.index} says that it is {record.index}.", advice=_VERIFY)
    return record

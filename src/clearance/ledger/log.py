"""The log that is written to: append, acknowledge, publish.

1. ``commit`` adds all that was appended to the journal and waits for the disk: that is the acknowledgement.
2. ``publish`` writes tiles and bundles, then the signed checkpoint, then takes away what that made needless. A crash
   between any two steps leaves the last checkpoint, its tiles, and a journal with all that was acknowledged since.
3. Opening checks that the tiles of the right edge have the checkpoint's root, takes the journal's entries in, and
   publishes. Whatever does not fit is refused; nothing is ever added to a damaged log.
4. Where the disk refuses in ``commit``, nothing was acknowledged: the journal is cut back before the next try.

One writer at a time; the keeper sees to that.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from clearance.ledger.checkpoint import Checkpoint
from clearance.ledger.errors import LedgerDamaged, LedgerMissing, NotKept, ProofRefused
from clearance.ledger.journal import first_of, frames, journal_path, whole_frames
from clearance.ledger.keeper import Keeper
from clearance.ledger.merkle import EMPTY, Edge, leaf_hash, perfect_root
from clearance.ledger.note import Signer
from clearance.ledger.tiles import HASH, WIDTH, bundle, entries_of, read_tile_path, tile_path, widths
from clearance.ledger.verify_tree import CHECKPOINT

_VERIFY: Final = "Run `clearance ledger verify`: it names what was changed. Go on from a copy that verifies."


class Log:
    """An open log. Raises LedgerError; after LedgerDamaged or a failed publish it is to be opened anew."""

    def __init__(self, keeper: Keeper, signer: Signer, origin: str) -> None:
        self._keeper, self._signer, self._origin = keeper, signer, origin
        self._edge = Edge()
        self._hashes: list[list[bytes]] = []
        """By level, hashes of the last tile."""
        self._entries: list[bytes] = []
        """Of the last bundle."""
        self._full: dict[str, bytes] = {}
        """Full tiles and bundles that no checkpoint covers yet."""
        self._waiting: list[bytes] = []
        self._published = 0
        self._journal, self._journal_size, self._torn = "", 0, False

    @classmethod
    def create(cls, keeper: Keeper, signer: Signer, origin: str) -> "Log":
        """A new, empty log. Raises LedgerDamaged where there is one already."""
        if keeper.read(CHECKPOINT) is not None:
            raise LedgerDamaged("There is a ledger here already.", advice="Open it, or name another folder.")
        log = cls(keeper, signer, origin)
        log._sign()
        return log

    @classmethod
    def open(cls, keeper: Keeper, signer: Signer) -> "Log":
        """The log that is there, with everything that was ever acknowledged."""
        note = keeper.read(CHECKPOINT)
        if note is None:
            raise LedgerMissing("There is no ledger here.", advice="`clearance ledger init` makes one.")
        try:
            checkpoint = Checkpoint.opened(note, signer.verifier)
        except ProofRefused as error:
            raise LedgerDamaged(f"The checkpoint does not hold: {error}", advice=_VERIFY) from error
        log = cls(keeper, signer, checkpoint.origin)
        log._take_up(checkpoint)
        log._replay()
        return log

    @property
    def size(self) -> int:
        """Records that were acknowledged."""
        return self._edge.size

    @property
    def next_index(self) -> int:
        """The number that the next appended entry will have."""
        return self._edge.size + len(self._waiting)

    def append(self, entry: bytes) -> int:
        """Add an entry to the group that ``commit`` will keep; its number. It is not acknowledged yet."""
        self._waiting.append(entry)
        return self._edge.size + len(self._waiting) - 1

    def commit(self) -> int:
        """Keep the group; the log's size. Raises NotKept: then none of the group is acknowledged, or ever will be."""
        group, self._waiting = self._waiting, []
        if not group:
            return self._edge.size
        if not self._journal:
            self._journal, self._journal_size = journal_path(self._edge.size), 0
        data = frames(group)
        try:
            if self._torn:
                self._keeper.cut(self._journal, self._journal_size)
                self._torn = False
            self._keeper.append(self._journal, data)
            self._keeper.sync(self._journal)
        except OSError as error:
            self._torn = True
            with suppress(OSError):
                self._keeper.cut(self._journal, self._journal_size)
            raise NotKept(
                f"{len(group)} records could not be kept: {error.strerror or error}.",
                advice="Make room, then hand them in again; what was acknowledged before is safe.",
            ) from error
        self._journal_size += len(data)
        for entry in group:
            self._add(entry)
        return self._edge.size

    def publish(self) -> Checkpoint:
        """Tiles and a signed checkpoint over everything acknowledged. Raises NotKept: the journal still has it."""
        if self._edge.size == self._published:
            return Checkpoint(origin=self._origin, size=self._edge.size, root=self._edge.root())
        try:
            for path, data in [*self._full.items(), *self._partial(self._edge.size)]:
                self._keeper.replace(path, data)
            checkpoint = self._sign()
        except OSError as error:
            raise NotKept(
                f"The checkpoint could not be written: {error.strerror or error}.",
                advice="Make room and publish again; every acknowledged record is in the journal.",
            ) from error
        self._full.clear()
        with suppress(OSError):  # what is needless is taken away the next time
            self._tidy()
        return checkpoint

    def _sign(self) -> Checkpoint:
        checkpoint = Checkpoint(origin=self._origin, size=self._edge.size, root=self._edge.root())
        self._keeper.replace(CHECKPOINT, checkpoint.signed(self._signer))
        self._published = self._edge.size
        self._journal = ""
        return checkpoint

    def _add(self, entry: bytes) -> None:
        leaf = leaf_hash(entry)
        self._edge.append(leaf)
        self._entries.append(entry)
        if len(self._entries) == WIDTH:
            self._full[tile_path("entries", self._edge.size // WIDTH - 1)] = bundle(self._entries)
            self._entries = []
        self._add_hash(0, leaf, self._edge.size)

    def _add_hash(self, level: int, value: bytes, count: int) -> None:
        """``count``: hashes of the level, this one included."""
        if level == len(self._hashes):
            self._hashes.append([])
        tile = self._hashes[level]
        tile.append(value)
        if len(tile) == WIDTH:
            self._full[tile_path(level, count // WIDTH - 1)] = b"".join(tile)
            self._hashes[level] = []
            self._add_hash(level + 1, perfect_root(tile), count // WIDTH)

    def _partial(self, size: int) -> list[tuple[str, bytes]]:
        found = [
            (tile_path(level, full, width), b"".join(self._hashes[level]))
            for level, full, width in widths(size)
            if width
        ]
        if size % WIDTH:
            found.append((tile_path("entries", size // WIDTH, size % WIDTH), bundle(self._entries)))
        return found

    def _tidy(self) -> None:
        """Take away partial tiles of smaller sizes, and journals that the checkpoint covers."""
        needed = {path for path, _ in self._partial(self._published)}
        for path in list(self._keeper.paths()):
            tile, first = read_tile_path(path), first_of(path)
            is_old_tile = tile is not None and tile[2] < WIDTH and path not in needed
            if is_old_tile or (first is not None and path != self._journal):
                self._keeper.remove(path)

    def _take_up(self, checkpoint: Checkpoint) -> None:
        """The right edge from its tiles, checked against the checkpoint's root."""
        size = checkpoint.size
        self._hashes = [self._hashes_of(level, full, width) for level, full, width in widths(size)]
        peaks = [peak for tile in reversed(self._hashes) for peak in _peaks(tile)]
        self._edge = Edge(peaks, size)
        self._published = size
        if (self._edge.root() if size else EMPTY) != checkpoint.root:
            raise LedgerDamaged("The tiles do not have the root that the checkpoint names.", advice=_VERIFY)
        if size % WIDTH:
            self._entries = self._entries_of(size)

    def _hashes_of(self, level: int, number: int, width: int) -> list[bytes]:
        if not width:
            return []
        path = tile_path(level, number, width)
        data = self._keeper.read(path)
        if data is None or len(data) != width * HASH:
            raise LedgerDamaged(f"{path} is not there, or has the wrong size.", advice=_VERIFY)
        return [data[at : at + HASH] for at in range(0, len(data), HASH)]

    def _entries_of(self, size: int) -> list[bytes]:
        path = tile_path("entries", size // WIDTH, size % WIDTH)
        try:
            entries = list(entries_of(self._keeper.read(path) or b""))
        except ValueError:
            entries = []
        if [leaf_hash(entry) for entry in entries] != self._hashes[0]:
            raise LedgerDamaged(f"{path} does not have the entries that were logged.", advice=_VERIFY)
        return entries

    def _replay(self) -> None:
        """Take in what was acknowledged after the last checkpoint."""
        for first, path in sorted(
            (first, path) for path in self._keeper.paths() if (first := first_of(path)) is not None
        ):
            entries, _ = whole_frames(self._keeper.read(path) or b"")
            if first > self._edge.size:
                raise LedgerDamaged(f"Records {self._edge.size} to {first - 1} are missing.", advice=_VERIFY)
            for entry in entries[self._edge.size - first :]:
                self._add(entry)
        self.publish()
        with suppress(OSError):
            self._tidy()


def _peaks(tile: Sequence[bytes]) -> list[bytes]:
    """Roots of the perfect subtrees that the hashes of a partial tile make up, the largest first."""
    peaks, at = [], 0
    for bit in reversed(range(len(tile).bit_length())):
        if len(tile) >> bit & 1:
            peaks.append(perfect_root(tile[at : at + (1 << bit)]))
            at += 1 << bit
    return peaks

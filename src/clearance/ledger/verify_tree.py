"""The tree of a log from its files: every entry, every tile, the root; each thing that was changed is named."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from clearance.ledger.checkpoint import Checkpoint
from clearance.ledger.keeper import Keeper
from clearance.ledger.merkle import Edge, leaf_hash, perfect_root
from clearance.ledger.tiles import HASH, WIDTH, entries_of, tile_path, widths
from clearance.model.record import Record, read_record
from clearance.model.verification import Flaw

MOST_FLAWS: Final = 1000
CHECKPOINT: Final = "checkpoint"
Progress = Callable[[int, int], None]
"""Records verified, records in all."""
Judge = Callable[[Record], str]
"""What is wrong with a record beyond its hash (missing evidence), or nothing."""


class Flaws:
    """Flaws as they are found, the first thousand of them."""

    def __init__(self) -> None:
        self.found: list[Flaw] = []

    def add(self, path: str, what: str, record: int = -1) -> None:
        """One more."""
        if len(self.found) < MOST_FLAWS:
            self.found.append(Flaw(path=path, record=record, what=what))


def verify_tree(keeper: Keeper, checkpoint: Checkpoint, flaws: Flaws, judge: Judge, progress: Progress) -> None:
    """Every record and every tile.

    Level by level from the top, so that each tile is judged by the one above before it judges what is below.
    """
    size, levels = checkpoint.size, list(widths(checkpoint.size))
    edge: list[list[bytes]] = []
    for level, full, width in reversed(levels[1:]):
        for number in range(full + bool(width)):
            tile = _tile(keeper, level, number, WIDTH if number < full else width, flaws)
            if number < full:
                _against_parent(keeper, level, number, tile, size, flaws)
            else:
                edge.append(tile or [])
        if not width:
            edge.append([])
    edge.append(_leaves(keeper, checkpoint, edge, flaws, judge, progress))
    if not flaws.found and _root_of(edge, size) != checkpoint.root:
        flaws.add(CHECKPOINT, "its root is not the root of these tiles: it is the checkpoint of another log")


def _root_of(edge: Sequence[Sequence[bytes]], size: int) -> bytes:
    """The root from the partial tiles of each level, the highest first."""
    peaks = []
    for tile in edge:
        at = 0
        for bit in reversed(range(len(tile).bit_length())):
            if len(tile) >> bit & 1:
                peaks.append(perfect_root(tile[at : at + (1 << bit)]))
                at += 1 << bit
    return Edge(peaks, size).root()


def _tile(keeper: Keeper, level: int, number: int, width: int, flaws: Flaws) -> list[bytes] | None:
    path = tile_path(level, number, width)
    data = keeper.read(path)
    if data is None:
        flaws.add(path, "the tile is not there")
    elif len(data) != width * HASH:
        flaws.add(path, f"the tile has {len(data):,} bytes in place of {width * HASH:,}")
    else:
        return [data[at : at + HASH] for at in range(0, len(data), HASH)]
    return None


def _parent(keeper: Keeper, level: int, number: int, size: int) -> bytes | None:
    """The hash that the level above has of a full tile."""
    tile, at = divmod(number, WIDTH)
    width = min(WIDTH, (size >> (8 * (level + 1))) - tile * WIDTH)
    data = keeper.read(tile_path(level + 1, tile, width)) or b""
    return data[at * HASH : (at + 1) * HASH] or None


def _against_parent(keeper: Keeper, level: int, number: int, tile: list[bytes] | None, size: int, flaws: Flaws) -> bool:
    if tile is None:
        return False
    if perfect_root(tile) == _parent(keeper, level, number, size):
        return True
    flaws.add(tile_path(level, number), "a hash in the tile, or the hash of it one level above, was changed")
    return False


def _leaves(
    keeper: Keeper, checkpoint: Checkpoint, edge: Sequence[list[bytes]], flaws: Flaws, judge: Judge, progress: Progress
) -> list[bytes]:
    """Every bundle against its leaf tile; the hashes of the last one, if it is partial."""
    size, last = checkpoint.size, list[bytes]()
    parents = _parents(keeper, size)
    for number in range(-(-size // WIDTH)):
        width = min(WIDTH, size - number * WIDTH)
        hashes = _tile(keeper, 0, number, width, flaws)
        entries = _bundle(keeper, number, width, flaws)
        made = [leaf_hash(entry) for entry in entries] if entries is not None else None
        parent = next(parents) if width == WIDTH else None
        if hashes is not None and made is not None and hashes != made:
            proven = perfect_root(made) == parent if parent else _root_of([*edge, made], size) == checkpoint.root
            _blame(number, width, hashes, made, flaws, wrong_tile=proven)
        elif width == WIDTH and (hashes or made) and perfect_root(hashes or made or []) != parent:
            _blame_above(number, size, flaws)
        if entries is not None:
            _records(number, entries, hashes, flaws, judge)
        last = (hashes or made or []) if width < WIDTH else []
        progress(number * WIDTH + width, size)
    return last


def _blame_above(number: int, size: int, flaws: Flaws) -> None:
    """Entries and their hashes agree: it is the hash of the whole tile, one level above, that was changed."""
    tile, at = divmod(number, WIDTH)
    path = tile_path(1, tile, min(WIDTH, size // WIDTH - tile * WIDTH))
    flaws.add(path, f"hash {at}, of {tile_path(0, number)}, was changed")


def _parents(keeper: Keeper, size: int) -> Iterator[bytes | None]:
    """Hashes of level 1 in order; each tile is read once."""
    count = size // WIDTH
    for number in range(-(-count // WIDTH)):
        width = min(WIDTH, count - number * WIDTH)
        data = keeper.read(tile_path(1, number, width)) or b""
        for at in range(width):
            yield data[at * HASH : (at + 1) * HASH] or None


def _bundle(keeper: Keeper, number: int, width: int, flaws: Flaws) -> list[bytes] | None:
    path = tile_path("entries", number, width)
    data = keeper.read(path)
    if data is None:
        flaws.add(path, f"records {number * WIDTH} to {number * WIDTH + width - 1} are not there", number * WIDTH)
        return None
    try:
        entries = list(entries_of(data))
    except ValueError as error:
        flaws.add(path, f"{error}, a length was changed or bytes are missing", number * WIDTH)
        return None
    if len(entries) != width:
        flaws.add(path, f"it has {len(entries)} records in place of {width}", number * WIDTH)
        return None
    return entries


def _blame(number: int, width: int, hashes: list[bytes], made: list[bytes], flaws: Flaws, *, wrong_tile: bool) -> None:
    """Which of the two was changed: the one that does not lead to the checkpoint's root."""
    path = tile_path(0 if wrong_tile else "entries", number, width)
    for at, (stored, own) in enumerate(zip(hashes, made, strict=True)):
        if stored != own:
            index = number * WIDTH + at
            what = f"the hash of record {index} was changed" if wrong_tile else f"record {index} was changed"
            flaws.add(path, what, index)


def _records(number: int, entries: list[bytes], hashes: list[bytes] | None, flaws: Flaws, judge: Judge) -> None:
    for at, entry in enumerate(entries):
        index = number * WIDTH + at
        try:
            record = read_record(entry)
            wrong = f"it says that it is record {record.index}" if record.index != index else judge(record)
        except ValueError as error:
            wrong = str(error)
        if wrong and (hashes is None or hashes[at] == leaf_hash(entry)):  # else it was named as changed
            flaws.add(tile_path("entries", number, min(WIDTH, len(entries))), f"record {index}: {wrong}", index)

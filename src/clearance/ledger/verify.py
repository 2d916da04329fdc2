"""Verification of a log without us: files, a public key, and nothing else.

1. The checkpoint's signature; then every bundle's entries against the hashes of the leaf tiles; every tile against the
   hash that the level above has of it; the right edge against the checkpoint's root (``verify_tree``).
2. Where an entry and its hash disagree, the level above says which of the two was changed.
3. An older checkpoint that somebody kept must be of a begin of this log: a tail that was cut off, or a fork, shows.
4. What the checkpoint does not need and the layout does not have is named too. Memory does not grow with the log.
"""

from clearance.ledger.checkpoint import Checkpoint
from clearance.ledger.errors import LedgerError
from clearance.ledger.journal import first_of, whole_frames
from clearance.ledger.keeper import Keeper
from clearance.ledger.note import Verifier
from clearance.ledger.proofs import check_consistency, consistency_proof, tile_reader
from clearance.ledger.tiles import WIDTH, read_tile_path, widths
from clearance.ledger.verify_tree import CHECKPOINT, Flaws, Judge, Progress, verify_tree
from clearance.model.record import Record
from clearance.model.verification import Flaw, Verification


def verify(
    keeper: Keeper,
    verifier: Verifier,
    *,
    against: bytes | None = None,
    judge: Judge | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify every record and every file; ``against`` is a signed checkpoint that was kept elsewhere."""
    note = keeper.read(CHECKPOINT)
    if note is None:
        return Verification(flaws=(Flaw(path=CHECKPOINT, what="it is not there"),))
    try:
        checkpoint = Checkpoint.opened(note, verifier)
    except LedgerError as error:
        return Verification(flaws=(Flaw(path=CHECKPOINT, what=f"{error}"),))
    flaws = Flaws()
    verify_tree(keeper, checkpoint, flaws, judge or _nothing, progress or _unseen)
    waiting = _journal(keeper, checkpoint.size, flaws)
    _strangers(keeper, checkpoint.size, flaws)
    if against is not None:
        _older(keeper, checkpoint, against, verifier, flaws)
    return Verification(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        waiting=waiting,
        flaws=tuple(flaws.found),
    )


def _nothing(_: Record) -> str:
    return ""


def _unseen(_done: int, _of: int) -> None:
    pass


def _journal(keeper: Keeper, size: int, flaws: Flaws) -> int:
    """Records that wait for a checkpoint. A frame that is not whole is told; it may never have been acknowledged."""
    at = size
    for first, path in sorted((first, path) for path in keeper.paths() if (first := first_of(path)) is not None):
        data = keeper.read(path) or b""
        entries, whole = whole_frames(data)
        if first > at:
            flaws.add(path, f"records {at} to {first - 1} are missing before it", at)
        if whole < len(data):
            flaws.add(path, f"the journal is torn or changed from byte {whole} on", first + len(entries))
        at = max(at, first + len(entries))
    return at - size


def _strangers(keeper: Keeper, size: int, flaws: Flaws) -> None:
    """Tiles that this size does not have; a wrong bit in a name is one missing and one too many."""
    levels = {str(level): (full, width) for level, full, width in widths(size)}
    levels["entries"] = (size // WIDTH, size % WIDTH)
    for path in keeper.paths():
        tile = read_tile_path(path)
        if tile is None:
            if path.startswith("tile/"):
                flaws.add(path, "no log has a file of this name")
            continue
        full, width = levels.get(tile[0], (0, 0))
        if not (tile[1] < full and tile[2] == WIDTH) and not (tile[1] == full and tile[2] == width):
            flaws.add(path, f"a log of {size:,} records has no such tile")


def _older(keeper: Keeper, now: Checkpoint, note: bytes, verifier: Verifier, flaws: Flaws) -> None:
    try:
        old = Checkpoint.opened(note, verifier)
        if old.origin != now.origin:
            flaws.add(CHECKPOINT, f"the kept checkpoint is of {old.origin}, this log is {now.origin}")
        elif old.size > now.size:
            flaws.add(
                CHECKPOINT,
                f"the kept checkpoint has {old.size:,} records: the last {old.size - now.size:,} were cut off",
                now.size,
            )
        else:
            proof = consistency_proof(tile_reader(keeper, now.size), old.size, now.size)
            check_consistency(old.size, now.size, proof, old.root, now.root)
    except LedgerError as error:
        flaws.add(CHECKPOINT, f"against the kept checkpoint: {error}")

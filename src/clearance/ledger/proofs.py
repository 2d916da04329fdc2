"""Inclusion and consistency proofs of RFC 9162, made from tiles and checked without them."""

from collections.abc import Callable, Sequence
from typing import Final

from clearance.ledger.errors import LedgerDamaged, ProofRefused
from clearance.ledger.keeper import Keeper
from clearance.ledger.merkle import EMPTY, node_hash, perfect_root
from clearance.ledger.tiles import HASH, WIDTH, tile_path

_BITS: Final = 8
_ADVICE: Final = "Ask for the proof again, for the size of the checkpoint at hand."
Subtree = Callable[[int, int], bytes]
"""Hash of the perfect subtree ``number`` of ``2 ** level`` leaves."""


def tile_reader(keeper: Keeper, size: int) -> Subtree:
    """Hashes of subtrees of a log of this size, from its tiles. Raises LedgerDamaged where one is missing."""

    def subtree(level: int, number: int) -> bytes:
        tile_level, within = divmod(level, _BITS)
        first = number << within
        tile, at = divmod(first, WIDTH)
        width = min(WIDTH, (size >> (_BITS * tile_level)) - tile * WIDTH)
        path = tile_path(tile_level, tile, width)
        data = keeper.read(path)
        if data is None or len(data) != width * HASH:
            raise LedgerDamaged(f"{path} is not there, or has the wrong size.", advice="Run `clearance ledger verify`.")
        wanted = data[at * HASH : (at + (1 << within)) * HASH]
        return perfect_root([wanted[k : k + HASH] for k in range(0, len(wanted), HASH)])

    return subtree


def _range_root(subtree: Subtree, begin: int, end: int) -> bytes:
    """Hash of the leaves from ``begin`` to ``end``, which begin where a subtree of their size can."""
    if begin == end:
        return EMPTY
    size = end - begin
    if size & (size - 1) == 0:
        return subtree(size.bit_length() - 1, begin // size)
    split = 1 << ((size - 1).bit_length() - 1)
    return node_hash(_range_root(subtree, begin, begin + split), _range_root(subtree, begin + split, end))


def inclusion_proof(subtree: Subtree, index: int, size: int) -> tuple[bytes, ...]:
    """Hashes from the leaf to the root of a tree of ``size``. Raises ProofRefused where there is no such leaf."""
    if not 0 <= index < size:
        raise ProofRefused(f"There is no record {index} in a log of {size}.", advice=_ADVICE)
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        split = begin + (1 << ((end - begin - 1).bit_length() - 1))
        if index < split:
            path.append(_range_root(subtree, split, end))
            end = split
        else:
            path.append(_range_root(subtree, begin, split))
            begin = split
    return tuple(reversed(path))


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofRefused unless the leaf is number ``index`` of the tree with this size and root."""
    if not 0 <= index < size:
        raise ProofRefused(f"There is no record {index} in a log of {size}.", advice=_ADVICE)
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofRefused("The proof is too long.", advice=_ADVICE)
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    if last or found != root:
        raise ProofRefused("The proof does not lead to the checkpoint's root.", advice="The record was changed.")


def consistency_proof(subtree: Subtree, old: int, new: int) -> tuple[bytes, ...]:
    """Hashes that show that the tree of ``old`` leaves is the begin of the one of ``new``. Raises ProofRefused."""
    if not 0 <= old <= new:
        raise ProofRefused(f"A log of {new} records does not grow to {old}.", advice=_ADVICE)
    if old in (0, new):
        return ()
    return tuple(_consistency(subtree, old, 0, new, whole=True))


def _consistency(subtree: Subtree, old: int, begin: int, end: int, *, whole: bool) -> list[bytes]:
    if old == end - begin:
        return [] if whole else [_range_root(subtree, begin, end)]
    split = 1 << ((end - begin - 1).bit_length() - 1)
    if old <= split:
        proof = _consistency(subtree, old, begin, begin + split, whole=whole)
        return [*proof, _range_root(subtree, begin + split, end)]
    proof = _consistency(subtree, old - split, begin + split, end, whole=False)
    return [*proof, _range_root(subtree, begin, begin + split)]


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ProofRefused unless the older tree is the begin of the newer one."""
    if not 0 <= old <= new:
        raise ProofRefused(f"A log of {new} records does not grow to {old}.", advice=_ADVICE)
    if old in (0, new):
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY):
            raise ProofRefused("The logs are not the same.", advice="The log was forked or rewritten.")
        return
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        raise ProofRefused("The proof is empty.", advice=_ADVICE)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofRefused("The proof is too long.", advice=_ADVICE)
        if node & 1 or node == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, step)
        node, last = node >> 1, last >> 1
    if last or before != old_root or after != new_root:
        raise ProofRefused(
            "The newer log does not begin with the older one.", advice="The log was forked or rewritten."
        )

"""Proofs hold for what is so, for every size and place, and for nothing else."""

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from logged import entry, written

from clearance.ledger.errors import ProofRefused
from clearance.ledger.merkle import EMPTY, Edge, leaf_hash
from clearance.ledger.proofs import (
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    tile_reader,
)

MOST = 70
LEAVES = [leaf_hash(entry(n)) for n in range(MOST)]


def roots() -> list[bytes]:
    edge, found = Edge(), [EMPTY]
    for leaf in LEAVES:
        edge.append(leaf)
        found.append(edge.root())
    return found


ROOTS = roots()


def subtree(level: int, number: int) -> bytes:
    edge = Edge()
    for leaf in LEAVES[number << level : (number + 1) << level]:
        edge.append(leaf)
    return edge.root()


def test_every_record_is_proven_in_every_size() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            check_inclusion(LEAVES[index], index, size, inclusion_proof(subtree, index, size), ROOTS[size])


def test_every_size_is_proven_to_begin_with_every_smaller_one() -> None:
    for new in range(MOST + 1):
        for old in range(new + 1):
            check_consistency(old, new, consistency_proof(subtree, old, new), ROOTS[old], ROOTS[new])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, MOST))
    index = data.draw(st.integers(0, size - 1))
    proof = list(inclusion_proof(subtree, index, size))
    at, how = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.sampled_from("flip drop repeat other".split()))
    if how == "flip":
        proof[at] = bytes([proof[at][0] ^ 1]) + proof[at][1:]
    elif how == "drop":
        del proof[at]
    elif how == "repeat":
        proof.insert(at, proof[at])
    else:
        index = (index + 1) % size
    with pytest.raises(ProofRefused):
        check_inclusion(LEAVES[index if how != "other" else index - 1], index, size, proof, ROOTS[size])


@settings(max_examples=100, deadline=None)
@given(st.integers(1, MOST - 1), st.integers(0, 5), st.data())
def test_a_forked_log_is_not_consistent(old: int, more: int, data: st.DataObject) -> None:
    new = min(MOST, old + 1 + more)
    proof = consistency_proof(subtree, old, new)
    other = Edge()
    for n in range(old):
        other.append(leaf_hash(b"other") if n == old - 1 else LEAVES[n])
    with pytest.raises(ProofRefused):
        check_consistency(old, new, proof, other.root(), ROOTS[new])


def test_proofs_from_the_tiles_of_a_log_of_several_levels() -> None:
    size = 256 * 3 + 41
    keeper = written(size)
    reader = tile_reader(keeper, size)
    edge = Edge()
    middle = b""
    for n in range(size):
        edge.append(leaf_hash(entry(n)))
        if n == 599:
            middle = edge.root()
    for index in (0, 255, 256, 700, size - 1):
        check_inclusion(leaf_hash(entry(index)), index, size, inclusion_proof(reader, index, size), edge.root())
    check_consistency(600, size, consistency_proof(reader, 600, size), middle, edge.root())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_what_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofRefused):
        inclusion_proof(subtree, index, size)

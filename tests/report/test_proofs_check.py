import base64

import msgspec
import pytest
import sample_dossier as log
from hypothesis import given
from hypothesis import strategies as st

from clearance.model.dossier import LedgerProof
from clearance.report.proofs_check import tlog_proof, what_is_wrong


@pytest.mark.parametrize("size", range(1, 34))
def test_every_record_of_every_small_log_is_proven(size):
    leaves = [f"leaf {n}".encode() for n in range(size)]
    for index in range(size):
        assert what_is_wrong(log.proof(index, leaves), log.vkey()) == ""


@pytest.mark.parametrize("size", range(1, 18))
def test_no_record_is_proven_at_another_index_or_with_other_bytes(size):
    leaves = [f"leaf {n}".encode() for n in range(size)]
    for index in range(size):
        good = log.proof(index, leaves)
        for other in {*range(size + 3), -1} - {index}:
            assert what_is_wrong(msgspec.structs.replace(good, index=other), log.vkey())
        assert what_is_wrong(msgspec.structs.replace(good, leaf=good.leaf + b" "), log.vkey())
        assert what_is_wrong(msgspec.structs.replace(good, hashes=(*good.hashes, bytes(32))), log.vkey())
        if good.hashes:
            assert what_is_wrong(msgspec.structs.replace(good, hashes=good.hashes[1:]), log.vkey())


def test_another_logs_key_proves_nothing():
    good = log.proof(2, log.LEAVES)
    assert "not signed" in what_is_wrong(good, log.vkey(key=log.OTHER_KEY))
    assert "not signed" in what_is_wrong(good, log.vkey(name="other.example"))


def test_a_checkpoint_that_was_changed_proves_nothing():
    good = log.proof(2, log.LEAVES)
    larger = msgspec.structs.replace(good, checkpoint=good.checkpoint.replace("\n7\n", "\n8\n"))
    assert "not signed" in what_is_wrong(larger, log.vkey())


def test_an_inner_node_is_no_record():
    leaves = [b"a", b"b", b"c", b"d"]
    inner = log.sha256(b"\x00a") + log.sha256(b"\x00b")
    forged = LedgerProof(
        index=0,
        checkpoint=log.checkpoint(leaves),
        hashes=(log.root_of(leaves[2:]),),
        leaf=inner,
        log=log.vkey(),
    )
    assert what_is_wrong(forged, log.vkey())


def noted(size, root, *, hashed=None, signed_as=log.ORIGIN):
    """A checkpoint of our log, whatever it says."""
    text = f"{log.ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"
    line = (hashed or log.key_hash(signed_as, log.LOG_KEY)) + log.LOG_KEY.sign(text.encode())
    return f"{text}\n\u2014 {log.ORIGIN} {base64.b64encode(line).decode()}\n"


def proven(key, checkpoint, *, hashes=(), leaf=b"a"):
    return what_is_wrong(LedgerProof(index=0, checkpoint=checkpoint, hashes=hashes, leaf=leaf, log=key), key) == ""


def test_a_proof_longer_than_the_tree_is_high_proves_nothing_even_when_the_log_signs_its_root():
    sibling, leaf = bytes(32), log.sha256(b"\x00a")
    assert proven(log.vkey(), noted(1, leaf))
    assert not proven(log.vkey(), noted(1, log.sha256(b"\x01" + sibling + leaf)), hashes=(sibling,))
    assert not proven(log.vkey(), noted(4, log.sha256(b"\x01" + leaf + sibling)), hashes=(sibling,))


def test_a_key_counts_only_under_its_own_name_hash_and_kind():
    good = noted(1, log.sha256(b"\x00a"))
    name, _, encoded = log.vkey().split("+")
    assert not proven(f"{name}+{'0' * 8}+{encoded}", good)
    assert not proven(log.vkey(), noted(1, log.sha256(b"\x00a"), hashed=bytes(4)))
    assert not proven(log.vkey(name="other.example"), noted(1, log.sha256(b"\x00a"), signed_as="other.example"))
    cosigner = b"\x04" + log.raw(log.LOG_KEY)
    own = log.sha256(f"{name}\n".encode() + cosigner)[:4]
    as_cosigner = f"{name}+{own.hex()}+{base64.b64encode(cosigner).decode()}"
    assert not proven(as_cosigner, noted(1, log.sha256(b"\x00a"), hashed=own))


def test_cosignatures_of_witnesses_are_no_hindrance():
    good = log.proof(2, log.LEAVES)
    witnessed = good.checkpoint + "\u2014 witness.example " + base64.b64encode(bytes(76)).decode() + "\n"
    assert what_is_wrong(msgspec.structs.replace(good, checkpoint=witnessed), log.vkey()) == ""


@given(st.text(max_size=200), st.text(max_size=120), st.lists(st.binary(max_size=40)), st.integers(), st.binary())
def test_arbitrary_proofs_are_not_proven_and_never_an_error(checkpoint, key, hashes, index, leaf):
    proof = LedgerProof(index=index, checkpoint=checkpoint, hashes=tuple(hashes), leaf=leaf, log=key)
    assert what_is_wrong(proof, key)


@given(st.text(max_size=60), st.lists(st.binary(max_size=40)), st.integers(), st.binary())
def test_arbitrary_proofs_under_a_good_checkpoint_are_not_proven(key, hashes, index, leaf):
    proof = LedgerProof(index=index, checkpoint=log.checkpoint(log.LEAVES), hashes=tuple(hashes), leaf=leaf, log=key)
    assert what_is_wrong(proof, log.vkey())


def test_the_text_form_is_that_of_c2sp():
    good = log.proof(1, [b"a", b"b", b"c"])
    head, _, note = tlog_proof(good).partition("\n\n")
    assert head.split("\n") == [
        "c2sp.org/tlog-proof@v1",
        "index 1",
        *(base64.b64encode(h).decode() for h in good.hashes),
    ]
    assert note == good.checkpoint

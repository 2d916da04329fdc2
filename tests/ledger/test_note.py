"""Signed notes: the specification's example, and refusal of whatever is not signed as it stands."""

import pytest
from logged import ORIGIN, SIGNER

from clearance.ledger.checkpoint import Checkpoint
from clearance.ledger.errors import KeyRefused, ProofRefused
from clearance.ledger.note import Signer, Verifier, opened

KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
CHECKPOINT = Checkpoint(origin=ORIGIN, size=7, root=b"\3" * 32)


def test_a_note_that_another_implementation_signed_is_read() -> None:
    assert opened(NOTE.encode(), Verifier.read(KEY)).startswith("If you think")


def test_keys_survive_being_written_down() -> None:
    assert str(Verifier.read(KEY)) == KEY
    assert Signer.read(SIGNER.secret_line()).verifier == SIGNER.verifier
    assert Verifier.read(str(SIGNER.verifier)) == SIGNER.verifier


@pytest.mark.parametrize(
    "wrong", ["", "name", KEY[:-1], KEY.replace("c74f", "c84f"), KEY.replace("AR", "AS"), KEY + "="]
)
def test_a_key_with_a_changed_letter_is_refused(wrong: str) -> None:
    with pytest.raises(KeyRefused):
        Verifier.read(wrong)


def test_every_changed_bit_of_a_signed_checkpoint_shows() -> None:
    note = CHECKPOINT.signed(SIGNER)
    assert Checkpoint.opened(note, SIGNER.verifier) == CHECKPOINT
    for at in range(len(note)):
        for bit in range(8):
            changed = bytearray(note)
            changed[at] ^= 1 << bit
            with pytest.raises(ProofRefused):
                Checkpoint.opened(bytes(changed), SIGNER.verifier)


def test_a_witness_may_sign_too_and_nobody_else_counts() -> None:
    witness = Signer.of("witness.example", b"9" * 32)
    note = CHECKPOINT.signed(SIGNER).decode()
    line = witness.sign(CHECKPOINT.text()).splitlines()[-1]
    both = f"{note}{line}\n".encode()
    assert Checkpoint.opened(both, SIGNER.verifier) == Checkpoint.opened(both, witness.verifier) == CHECKPOINT
    with pytest.raises(ProofRefused, match="did not sign"):
        Checkpoint.opened(note.encode(), witness.verifier)


@pytest.mark.parametrize("text", ["a\n1\n", "a\n-1\nAAAA\n", "a\n01\n" + "A" * 43 + "=\n", "\n1\n" + "A" * 43 + "=\n"])
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ProofRefused):
        Checkpoint.opened(SIGNER.sign(text).encode(), SIGNER.verifier)

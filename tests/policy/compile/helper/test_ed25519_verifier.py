"""The verifier agrees with RFC 8032 and with the cryptography package, and takes nothing else for a signature."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from clearance.policy.compile.helper.ed25519 import _ORDER, verified

VECTORS = {  # RFC 8032, section 7.1: public key, message, signature
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_rfc_8032_verify(name):
    key, message, signature = (bytes.fromhex(part) for part in VECTORS[name])
    assert verified(key, message, signature)
    assert not verified(key, message + b"x", signature)


@settings(max_examples=30, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=300))
def test_what_cryptography_signs_verifies(seed, message):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert verified(key.public_key().public_bytes_raw(), message, key.sign(message))


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 63), bit=st.integers(0, 7), message=st.binary(max_size=40))
def test_a_signature_with_one_bit_changed_does_not_verify(place, bit, message):
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signature = bytearray(key.sign(message))
    signature[place] ^= 1 << bit
    assert not verified(key.public_key().public_bytes_raw(), message, bytes(signature))


@settings(max_examples=60, deadline=None)
@given(key=st.binary(max_size=40), message=st.binary(max_size=40), signature=st.binary(max_size=70))
def test_arbitrary_bytes_are_no_signature_and_no_error(key, message, signature):
    assert not verified(key, message, signature)


def test_a_scalar_that_is_not_reduced_is_refused():
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signature = key.sign(b"message")
    larger = (int.from_bytes(signature[32:], "little") + _ORDER).to_bytes(32, "little")
    assert not verified(key.public_key().public_bytes_raw(), b"message", signature[:32] + larger)


def test_a_key_whose_y_is_not_reduced_is_refused():
    """y = p + 1 is the neutral element written another way: with it anything would verify."""
    other_way = (2**255 - 19 + 1).to_bytes(32, "little")
    signature = (1).to_bytes(32, "little") + bytes(32)
    assert not verified(other_way, b"message", signature)


def test_one_verification_takes_a_few_milliseconds():
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"m" * 5000)
    began = time.process_time()
    assert verified(public, b"m" * 5000, signature)
    assert time.process_time() - began < 0.1

import base64
import hashlib
import subprocess

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from clearance.report.dsse import Envelope, key_id, opened, pae, public_pem, read_public_key, seal, signed_by, written
from clearance.report.errors import ReportError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYID = key_id(KEY.public_key())


def envelope(payload=b"hello world"):
    return seal("http://example.com/HelloWorld", payload, sign=KEY.sign, keyid=KEYID)


def test_the_encoding_is_that_of_the_specification():
    # The example of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md.
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_lengths_count_bytes_not_characters():
    assert pae("\u00e9", "\u20ac".encode()) == b"DSSEv1 2 \xc3\xa9 3 \xe2\x82\xac"


@given(st.text(max_size=20), st.binary(max_size=40), st.text(max_size=20), st.binary(max_size=40))
def test_no_two_messages_have_the_same_encoding(kind, payload, other_kind, other):
    assert (pae(kind, payload) == pae(other_kind, other)) == ((kind, payload) == (other_kind, other))


def test_another_library_agrees_on_the_envelope():
    dsse = pytest.importorskip("securesystemslib.dsse")
    from securesystemslib.signer import SSlibKey

    theirs = dsse.Envelope.from_dict(msgspec.json.decode(envelope()))
    assert theirs.pae() == pae("http://example.com/HelloWorld", b"hello world")
    key = SSlibKey(KEYID, "ed25519", "ed25519", {"public": KEY.public_key().public_bytes_raw().hex()})
    assert set(theirs.verify([key], 1)) == {KEYID}


def test_openssl_agrees_on_signature_and_key_id(tmp_path):
    found = opened(envelope())
    (tmp_path / "message").write_bytes(pae(found.payload_type, found.payload))
    (tmp_path / "signature").write_bytes(found.signatures[0].sig)
    (tmp_path / "key.pem").write_bytes(public_pem(KEY.public_key()))
    verify = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature"
    assert subprocess.run(verify.split(), cwd=tmp_path, check=True, capture_output=True).returncode == 0
    der = subprocess.run(
        "openssl pkey -pubin -in key.pem -outform DER".split(), cwd=tmp_path, check=True, capture_output=True
    )
    assert hashlib.sha256(der.stdout).hexdigest() == KEYID


def test_only_its_signer_signed_it():
    assert signed_by(opened(envelope()), KEY.public_key())
    assert not signed_by(opened(envelope()), OTHER.public_key())


def test_a_signature_under_another_key_id_does_not_count():
    renamed = seal("t", b"x", sign=KEY.sign, keyid="0" * 64)
    assert not signed_by(opened(renamed), KEY.public_key())


def test_one_envelope_may_carry_other_signatures_too():
    first = opened(envelope())
    second = opened(seal(first.payload_type, first.payload, sign=OTHER.sign, keyid=key_id(OTHER.public_key())))
    both = Envelope(
        payload_type=first.payload_type, payload=first.payload, signatures=(*second.signatures, *first.signatures)
    )
    assert signed_by(opened(written(both)), KEY.public_key())
    assert signed_by(opened(written(both)), OTHER.public_key())


def test_every_single_bit_of_an_envelope_counts():
    text = envelope()
    for position in range(len(text)):
        for bit in range(8):
            changed = bytes(b ^ (1 << bit) if n == position else b for n, b in enumerate(text))
            try:
                found = opened(changed)
            except ValueError:
                continue
            assert not signed_by(found, KEY.public_key()), (position, bit)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[" * 100_000,
        b'{"payload":' * 5_000,
        envelope()[:-40],
        envelope().replace(b"  ", b"\t"),
        envelope().replace(b'"payload"', b'"payload": "", "payload"', 1),
        envelope().replace(b"{", b'{"extra": 1,', 1),
    ],
)
def test_what_is_no_envelope_of_ours_is_refused(text):
    with pytest.raises(ValueError):
        opened(text)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_end_in_a_value_error(text):
    with pytest.raises(ValueError):
        opened(text)


@pytest.mark.parametrize("pem", [b"", b"x", public_pem(KEY.public_key())[:-30], base64.b64encode(bytes(44))])
def test_what_is_no_ed25519_key_is_refused(pem):
    with pytest.raises(ReportError, match="Ed25519") as refused:
        read_public_key(pem)
    assert "openssl" in refused.value.advice

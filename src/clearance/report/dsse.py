"""Dead Simple Signing Envelope, version 1, with Ed25519: https://github.com/secure-systems-lab/dsse.

1. What is signed is never the payload alone but the pre-authentication encoding of its type and bytes.
2. An envelope is written in one form only; another spelling of the same envelope is refused, so that every bit counts.
3. The key id is the SHA-256 of the public key's DER form, which ``openssl pkey -pubin -outform DER`` prints too.
"""

import hashlib
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from clearance.report.errors import ReportError
from clearance.report.portable import portable_json

Sign = Callable[[bytes], bytes]
"""Message to Ed25519 signature (64 bytes): the key stays with whoever hands it in."""


class EnvelopeSignature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signature over the encoding of type and payload."""

    keyid: str
    sig: bytes


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A payload and who signed it."""

    payload_type: str
    payload: bytes
    signatures: tuple[EnvelopeSignature, ...]


def pae(payload_type: str, payload: bytes) -> bytes:
    """The pre-authentication encoding: ``DSSEv1``, then length and bytes of type and payload, spaces between."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def seal(payload_type: str, payload: bytes, *, sign: Sign, keyid: str) -> bytes:
    """The envelope as it is written."""
    signature = EnvelopeSignature(keyid=keyid, sig=sign(pae(payload_type, payload)))
    return written(Envelope(payload_type=payload_type, payload=payload, signatures=(signature,)))


def written(envelope: Envelope) -> bytes:
    """The one form in which an envelope is written."""
    return portable_json(envelope).encode()


def opened(text: bytes) -> Envelope:
    """The envelope, its signatures not yet checked.

    Raises:
        ValueError: it is none, or is written in another form than ours.
    """
    try:
        envelope = msgspec.json.decode(text, type=Envelope)
        same = written(envelope) == text
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not same:
        raise ValueError("written in another form than `clearance dossier export` writes")
    return envelope


def signed_by(envelope: Envelope, key: Ed25519PublicKey) -> bool:
    """Whether one of the signatures is by this key, over these very bytes."""
    message, wanted = pae(envelope.payload_type, envelope.payload), key_id(key)
    return any(s.keyid == wanted and _holds(key, s.sig, message) for s in envelope.signatures)


def _holds(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key's DER form (SubjectPublicKeyInfo), in hex."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The key as PEM text."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public_key(pem: bytes) -> Ed25519PublicKey:
    """An Ed25519 public key from PEM text.

    Raises:
        ReportError: it is none.
    """
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ReportError(
            "The public key is not an Ed25519 key in PEM.",
            advice="Make one of the private key: openssl pkey -in key.pem -pubout -out public-key.pem",
        )
    return key

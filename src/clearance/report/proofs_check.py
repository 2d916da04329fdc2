"""Inclusion proofs under signed checkpoints: RFC 6962 hashes, C2SP signed-note, tlog-checkpoint and tlog-proof."""

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from clearance.model.dossier import LedgerProof

_ED25519 = b"\x01"
_MOST_HASHES = 64


def tlog_proof(proof: LedgerProof) -> str:
    """The proof as a C2SP ``tlog-proof@v1`` text, which other verifiers read."""
    hashes = "".join(base64.b64encode(item).decode() + "\n" for item in proof.hashes)
    return f"c2sp.org/tlog-proof@v1\nindex {proof.index}\n{hashes}\n{proof.checkpoint}"


def what_is_wrong(proof: LedgerProof, log_key: str) -> str:
    """Why the leaf is not proven to be in the log with that verifier key; empty: it is proven."""
    try:
        text, signatures = proof.checkpoint.rsplit("\n\n", 1)
        origin, size, root = (text + "\n").split("\n")[:3]
        name, wanted = origin, base64.b64decode(root, validate=True)
        tree_size = int(size)
        held = _signed(text + "\n", signatures, name, log_key)
    except (ValueError, binascii.Error):
        return "the checkpoint or the log's key is not written as a signed note"
    if not held:
        return "the checkpoint is not signed with the log's key"
    if not 0 <= proof.index < tree_size or len(proof.hashes) > _MOST_HASHES or str(tree_size) != size:
        return "the index lies outside of the tree"
    if _root(proof, tree_size) != wanted:
        return "the inclusion proof does not lead to the checkpoint's root"
    return ""


def _signed(text: str, signatures: str, name: str, log_key: str) -> bool:
    key_name, key_hash, encoded = log_key.strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    hashed = hashlib.sha256(f"{key_name}\n".encode() + raw).digest()[:4]
    if raw[:1] != _ED25519 or hashed.hex() != key_hash or key_name != name:
        return False
    key, prefix = Ed25519PublicKey.from_public_bytes(raw[1:]), f"\u2014 {name} "
    lines = [base64.b64decode(line[len(prefix) :]) for line in signatures.split("\n") if line.startswith(prefix)]
    return any(line[:4] == hashed and _holds(key, line[4:], text.encode()) for line in lines)


def _holds(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _root(proof: LedgerProof, size: int) -> bytes:
    """The root that the proof leads to (RFC 9162, 2.1.3.2); empty when it has too few or too many hashes."""
    at, last = proof.index, size - 1
    root = hashlib.sha256(b"\x00" + proof.leaf).digest()
    for sibling in proof.hashes:
        if last == 0:
            return b""
        if at % 2 or at == last:
            root = hashlib.sha256(b"\x01" + sibling + root).digest()
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + sibling).digest()
        at, last = at >> 1, last >> 1
    return root if last == 0 else b""

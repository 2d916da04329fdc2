"""A well-formed OpenSSH private key from 32 bytes, so that a collector that checks finds nothing wrong with it."""

import base64
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_WIDTH = 70
_TYPE = b"ssh-ed25519"


def openssh_private_key(seed: bytes, *, comment: str) -> str:
    """The text of ``id_ed25519`` for a 32-byte Ed25519 seed, without passphrase (format: OpenSSH ``PROTOCOL.key``)."""
    public = public_octets(seed)
    check = seed[:4]  # OpenSSH draws it at random and writes it twice; the seed serves as well
    private = check * 2 + _field(_TYPE) + _field(public) + _field(seed + public) + _field(comment.encode())
    private += bytes(range(1, 1 + -len(private) % 8))
    blob = b"openssh-key-v1\0" + _field(b"none") + _field(b"none") + _field(b"") + struct.pack(">I", 1)
    text = base64.b64encode(blob + _field(_field(_TYPE) + _field(public)) + _field(private)).decode()
    lines = "".join(text[i : i + _WIDTH] + "\n" for i in range(0, len(text), _WIDTH))
    return f"-----BEGIN OPENSSH PRIVATE KEY-----\n{lines}-----END OPENSSH PRIVATE KEY-----\n"


def openssh_public_key(seed: bytes, *, comment: str) -> str:
    """The line of ``id_ed25519.pub``. It is no secret and no canary."""
    blob = _field(_TYPE) + _field(public_octets(seed))
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}\n"


def key_excerpt(text: str) -> str:
    """The part of the key's text that is searched for: 44 characters of one line, all of them the secret half."""
    return text.splitlines()[4][5:49]


def public_octets(seed: bytes) -> bytes:
    """The public half, 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _field(octets: bytes) -> bytes:
    return struct.pack(">I", len(octets)) + octets

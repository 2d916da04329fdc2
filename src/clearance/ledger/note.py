"""C2SP signed notes with Ed25519: a text, an empty line, and lines that sign it.

1. A key has a name and an id: the first four bytes of SHA-256(name, line feed, 0x01, public key).
2. Keys are written ``name+id+base64(0x01, public key)``, secret ones ``PRIVATE+KEY+name+id+base64(0x01, seed)``.
3. A signature line is an em dash, a space, the name, a space, base64(id, signature); the signature is over the text.
4. Lines by keys that nobody asked for are left alone: a witness may have signed too.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from clearance.ledger.errors import KeyRefused, ProofRefused

_ED25519: Final = b"\x01"
_NAME: Final = re.compile(r"[^\s+]{1,200}")
_DASH: Final = "\u2014"
_LARGEST: Final = 1 << 20
_ADVICE: Final = "Keys are written by `clearance ledger init`; take the whole line, without quotes."


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _parts(text: str, prefix: str) -> tuple[str, bytes, bytes]:
    """Name, id and 32 bytes of a key's line. Raises KeyRefused."""
    name, _, rest = text.strip().removeprefix(prefix).partition("+")
    key_id, _, body = rest.partition("+")
    try:
        raw, short = base64.b64decode(body, validate=True), bytes.fromhex(key_id)
    except (binascii.Error, ValueError) as error:
        raise KeyRefused("The key is not written as a signed note's key is.", advice=_ADVICE) from error
    if base64.b64encode(raw).decode() != body or short.hex() != key_id:
        raise KeyRefused("The key is not written as a signed note's key is.", advice=_ADVICE)
    if not text.strip().startswith(prefix) or not _NAME.fullmatch(name) or raw[:1] != _ED25519 or len(raw) != 33:
        raise KeyRefused("The key is no Ed25519 key of a signed note.", advice=_ADVICE)
    return name, short, raw[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """A public key with its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return _key_id(self.name, self.public)

    @classmethod
    def read(cls, text: str) -> Self:
        """From ``name+id+base64``. Raises KeyRefused."""
        name, short, public = _parts(text, "")
        if short != _key_id(name, public):
            raise KeyRefused("The key's id does not fit its bytes: a letter was lost or changed.", advice=_ADVICE)
        return cls(name=name, public=public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    def signs(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's, over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A secret key with its name; it is never shown."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, seed: bytes) -> Self:
        """From 32 secret bytes. Raises KeyRefused for a name that a note cannot hold."""
        if not _NAME.fullmatch(name):
            raise KeyRefused(f"{name!r} cannot name a key.", advice="Leave out blanks and plus signs.")
        return cls(name=name, key=Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def read(cls, text: str) -> Self:
        """From ``PRIVATE+KEY+name+id+base64``. Raises KeyRefused."""
        name, short, seed = _parts(text, "PRIVATE+KEY+")
        signer = cls.of(name, seed)
        if short != signer.verifier.key_id:
            raise KeyRefused("The key's id does not fit its bytes: a letter was lost or changed.", advice=_ADVICE)
        return signer

    def secret_line(self) -> str:
        """The line that ``read`` takes; whoever has it can sign."""
        seed = self.key.private_bytes_raw()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{base64.b64encode(_ED25519 + seed).decode()}"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(name=self.name, public=self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The text, which ends in a line feed, as a note signed by this key."""
        if not text.endswith("\n"):
            raise ValueError("the text of a note ends in a line feed")
        signature = self.verifier.key_id + self.key.sign(text.encode())
        return f"{text}\n{_DASH} {self.name} {base64.b64encode(signature).decode()}\n"


def opened(note: bytes, verifier: Verifier) -> str:
    """The text of a note that the key signed. Raises ProofRefused."""
    try:
        text, mark, lines = note[:_LARGEST].decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise ProofRefused("It is no signed note.", advice="Take the file as it was written.") from error
    if not mark or not lines.endswith("\n"):
        raise ProofRefused("It is no signed note.", advice="Take the file as it was written.")
    signed = f"{text}\n"
    for line in lines.splitlines():
        name, _, coded = line.removeprefix(f"{_DASH} ").partition(" ")
        if not line.startswith(f"{_DASH} ") or (raw := _decoded(coded)) is None:
            raise ProofRefused("A line of the note is no signature.", advice="Take the file as it was written.")
        if name == verifier.name and raw[:4] == verifier.key_id:
            if verifier.signs(signed.encode(), raw[4:]):
                return signed
            raise ProofRefused(f"The signature of {name} is not over this text.", advice="Something was changed.")
    raise ProofRefused(f"{verifier.name} did not sign it.", advice="Is it the key of this ledger?")


def _decoded(coded: str) -> bytes | None:
    try:
        raw = base64.b64decode(coded, validate=True)
    except binascii.Error:
        return None
    return raw if len(raw) > 4 and base64.b64encode(raw).decode() == coded else None

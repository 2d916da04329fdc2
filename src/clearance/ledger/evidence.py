"""Evidence by digest: the bytes that records speak of, encrypted if a key is given, deletable.

1. Bytes lie under the SHA-256 of their plain form; whoever reads them gets what has that digest, or an error.
2. With a key of 32 bytes they are sealed by AES-256-GCM, the digest as associated data, so that no file can stand in
   for another. The nonce is handed in and must not come twice.
3. Deleting takes the bytes away; the digest stays in the records, and the deletion is an event to be recorded.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clearance.ledger.errors import KeyRefused, LedgerDamaged, LedgerMissing, NoKey
from clearance.ledger.keeper import Keeper
from clearance.model.ids import Digest
from clearance.model.record import EvidenceDeleted, EvidenceKept

_NONCE: Final = 12
_SEALED: Final = ".sealed"


class Evidence:
    """Bytes by digest in a keeper. ``nonce`` gives 12 bytes that never came before; it is asked when there is a key."""

    def __init__(self, keeper: Keeper, *, key: bytes | None = None, nonce: Callable[[], bytes] | None = None) -> None:
        if key is not None and (len(key) != 32 or nonce is None):
            raise KeyRefused("A key for evidence has 32 bytes.", advice="Make one: openssl rand 32.")
        self._keeper, self._cipher, self._nonce = keeper, AESGCM(key) if key else None, nonce

    def keep(self, data: bytes, media_type: str) -> EvidenceKept:
        """Keep the bytes; the event to be recorded. Raises OSError."""
        digest = Digest(hashlib.sha256(data).hexdigest())
        plain, sealed = evidence_path(digest), evidence_path(digest) + _SEALED
        if self._cipher is None or self._nonce is None:
            self._keeper.replace(plain, data)
            self._keeper.remove(sealed)
        else:
            nonce = self._nonce()
            self._keeper.replace(sealed, nonce + self._cipher.encrypt(nonce, data, digest.encode()))
            self._keeper.remove(plain)  # else the same bytes would still lie there for everybody
        return EvidenceKept(evidence=digest, size=len(data), media_type=media_type, encrypted=self._cipher is not None)

    def read(self, digest: Digest) -> bytes:
        """The bytes of a digest.

        Raises:
            LedgerMissing: they are not there, or were deleted.
            KeyRefused: they are sealed, and there is no key, or another.
            LedgerDamaged: they do not have the digest any more.
        """
        data = self._keeper.read(evidence_path(digest))
        if data is None:
            data = self._unsealed(digest)
        if hashlib.sha256(data).hexdigest() != digest:
            raise LedgerDamaged(f"Evidence {digest[:12]} was changed.", advice="Take it from a copy.")
        return data

    def delete(self, digest: Digest, *, reason: str, person: str) -> EvidenceDeleted:
        """Take the bytes away; the event to be recorded. Raises OSError."""
        for path in (evidence_path(digest), evidence_path(digest) + _SEALED):
            self._keeper.remove(path)
        return EvidenceDeleted(evidence=digest, reason=reason, person=person)

    def is_there(self, digest: Digest) -> bool:
        """Whether a file of the digest is there, whatever its bytes are."""
        path = evidence_path(digest)
        return any(self._keeper.read(each) is not None for each in (path, path + _SEALED))

    def _unsealed(self, digest: Digest) -> bytes:
        sealed = self._keeper.read(evidence_path(digest) + _SEALED)
        if sealed is None:
            raise LedgerMissing(
                f"Evidence {digest[:12]} is not there.", advice="It may have been deleted: see the log."
            )
        if self._cipher is None:
            raise NoKey(f"Evidence {digest[:12]} is sealed.", advice="Hand in the key that it was sealed with.")
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], digest.encode())
        except (InvalidTag, ValueError) as error:
            raise KeyRefused(
                f"Evidence {digest[:12]} does not open: it was changed, or sealed with another key.",
                advice="Hand in the key that it was sealed with, or take it from a copy.",
            ) from error


def evidence_path(digest: Digest) -> str:
    """``evidence/3f/3fa1…`` where the plain bytes lie; a text that is no digest is refused, it might lead elsewhere."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise LedgerMissing(f"{digest!r} is no digest.", advice="A digest has 64 small hex digits.")
    return f"evidence/{digest[:2]}/{digest}"

"""C2SP checkpoints: the size and root of a log at some moment, as the text of a signed note."""

import base64
import binascii
from dataclasses import dataclass
from typing import Self

from clearance.ledger.errors import ProofRefused
from clearance.ledger.note import Signer, Verifier, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Which log, how many records, and the hash over all of them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Three lines: origin, size, root in base64."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, signer: Signer) -> bytes:
        """The checkpoint as a note."""
        return signer.sign(self.text()).encode()

    @classmethod
    def opened(cls, note: bytes, verifier: Verifier) -> Self:
        """From a note that the key signed; lines behind the third are extensions. Raises ProofRefused."""
        lines = opened(note, verifier).split("\n")
        try:
            origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
        except (IndexError, ValueError, binascii.Error) as error:
            raise ProofRefused(
                "The note is no checkpoint.", advice="Take the file `checkpoint` of a ledger."
            ) from error
        if str(size) != lines[1] or size < 0 or len(root) != 32 or not origin:
            raise ProofRefused("The note is no checkpoint.", advice="Take the file `checkpoint` of a ledger.")
        return cls(origin=origin, size=size, root=root)

"""A dossier: what was tested, on which digest, what was found, who decided, and the proofs; one folder, the pack."""

from typing import Literal

import msgspec

from clearance.model.ids import Digest
from clearance.model.release import Release
from clearance.model.vetting import VerdictWord


class DossierDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision about the release, as a reader of the dossier needs it."""

    id: str
    kind: str
    """``approve``, ``restrict``, ``ban``, ``lift`` or ``except``."""
    sha256: Digest
    """Of the decision record."""
    subject: str
    """Who and what it covers, in words."""
    valid_from: str = msgspec.field(name="from")
    """ISO 8601."""
    until: str = ""
    """ISO 8601; empty: until it is lifted."""
    owner: str
    signers: tuple[str, ...] = ()
    text: str
    """The decision in a sentence or two."""
    reasons: tuple[str, ...] = ()


class Exhibit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the pack."""

    path: str
    """Relative to the pack, ``/`` between parts; letters, digits, ``.``, ``_`` and ``-`` only."""
    media: str
    """Media type."""
    sha256: Digest
    size: int
    """Bytes."""
    what: str
    """What it is, in a few words."""


class LedgerProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Proof that a record is in a log: RFC 6962 inclusion under a C2SP checkpoint."""

    index: int
    """Of the record, from 0."""
    checkpoint: str
    """Signed note: origin, size, root hash, signatures."""
    hashes: tuple[bytes, ...]
    """Inclusion proof, from the leaf's sibling up; 32 bytes each."""
    leaf: bytes
    """The record's bytes as the log hashes them."""
    log: str
    """The log's verifier key: ``name+hash+base64`` (C2SP signed-note)."""


class DossierManifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the pack holds. It is bound by the signed statement, which names its digest."""

    schema: Literal["clearance.dossier/1"]
    release: Release
    verdict: VerdictWord
    created: str
    """ISO 8601, UTC."""
    tool: str
    """``clearance 0.1.0``."""
    exhibits: tuple[Exhibit, ...]
    """Every file but the manifest, the list of digests and the statement, sorted by path."""
    decisions: tuple[DossierDecision, ...]
    proofs: tuple[LedgerProof, ...]
    controls: tuple[str, ...]
    """``nist-800-53:sc-31`` and the like: what the findings bear on."""
    missing: tuple[str, ...] = ()
    """What belongs into a dossier and is not in this one, each with the reason."""


class PackProblem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something wrong with a pack. Data, not an exception: whoever verifies wants all of it."""

    path: str
    """The file it is about; empty: the pack as a whole."""
    problem: str


class PackChecked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What verifying a pack came to. It holds when there is no problem."""

    problems: tuple[PackProblem, ...]
    notes: tuple[str, ...]
    """What was trusted or not there: to be read also when nothing is wrong."""
    manifest: DossierManifest | None
    """None: it could not be read."""
    keyid: str
    """SHA-256 of the public key that the statement was checked with; empty: there was none."""
    key_given: bool
    """False: the key came from the pack itself, so the pack is only known to be whole, not whose it is."""
    files: int
    """Files whose bytes were compared with their digests."""

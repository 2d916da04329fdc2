"""What happened, in the past tense, and the record that it becomes in the ledger.

An event carries ids and digests; the bytes that it speaks of lie elsewhere, as evidence. Canonical bytes are JSON in
UTF-8 without white space, keys in the order of their declaration: the same record, the same bytes.
"""

from typing import Final, TypeAlias

import msgspec

from clearance.model.ids import Digest

LARGEST_RECORD: Final = 65_535
"""Bytes of a record: entry bundles count them in sixteen bits."""


class ReleaseVetted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A campaign ended and its report was kept."""

    assistant: str
    version: str
    release: Digest
    verdict: str
    report: Digest


class ReleaseLooked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A release was looked into and the report was kept."""

    assistant: str
    version: str
    release: Digest
    verdict: str
    report: Digest


class DecisionRecorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A decision record was made: ``ban``, ``approve``, ``restrict``, ``except`` or ``lift``."""

    decision: str
    kind: str
    record: Digest
    owner: str


class DecisionSigned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A person signed a decision record."""

    decision: str
    record: Digest
    person: str
    key: str


class SnapshotImported(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A dated snapshot of regions, owners or other knowledge took effect."""

    name: str
    dated: str
    snapshot: Digest


class PolicyCompiled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """Decisions became settings for tools."""

    targets: tuple[str, ...]
    coverage: Digest


class DossierExported(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A dossier was written for a third party."""

    assistant: str
    version: str
    manifest: Digest


class EvidenceKept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """Bytes were kept under their digest."""

    evidence: Digest
    size: int
    media_type: str
    encrypted: bool


class EvidenceDeleted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """The bytes of a digest were deleted; the digest stays."""

    evidence: Digest
    reason: str
    person: str


class SegmentSealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A range of records was written out as Parquet."""

    first: int
    last: int
    file: Digest


class Noted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="event"):
    """A named person wrote something down."""

    person: str
    text: str


Event: TypeAlias = (
    ReleaseVetted
    | ReleaseLooked
    | DecisionRecorded
    | DecisionSigned
    | SnapshotImported
    | PolicyCompiled
    | DossierExported
    | EvidenceKept
    | EvidenceDeleted
    | SegmentSealed
    | Noted
)


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event with its number and time."""

    index: int
    at: str
    """``2026-07-10T00:00:00.000Z``: UTC, milliseconds."""
    what: Event


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Record)


def record_bytes(record: Record) -> bytes:
    """The record's canonical bytes. Raises ValueError when they are more than a bundle can hold."""
    data = _ENCODER.encode(record)
    if len(data) > LARGEST_RECORD:
        raise ValueError(f"a record has at most {LARGEST_RECORD:,} bytes, this one {len(data):,}")
    return data


def read_record(data: bytes) -> Record:
    """The record of canonical bytes. Raises ValueError for anything else, other spellings of a record included."""
    try:
        record = _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise ValueError(f"it is no record: {error}") from error
    if _ENCODER.encode(record) != data:
        raise ValueError("it is a record in another spelling")
    return record

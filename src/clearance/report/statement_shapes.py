"""The in-toto Statement of a vetting as structs: https://github.com/in-toto/attestation, Statement v1."""

from typing import Final, Literal

import msgspec

from clearance.model.finding import Severity
from clearance.model.ids import Digest, FactorName, LevelName, RuleId
from clearance.model.vetting import VerdictWord

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://clearance.dev/attestation/vetting/v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"


class StatementSubject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One artifact of the release."""

    name: str
    digest: dict[str, str]


class RuleResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What one rule found."""

    rule: RuleId
    hits: int
    severity: Severity | None
    """Of the worst hit."""
    clears: int
    gaps: int


class StagedResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What was staged of one factor."""

    factor: FactorName
    baseline: LevelName
    levels: tuple[LevelName, ...]
    runs: int
    gap: str


class GapResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What nobody could look at."""

    rule: RuleId
    title: str
    where: str
    blocks_verdict: bool


class LookResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What looking into the release found."""

    verdict: VerdictWord
    findings: tuple[RuleResult, ...]
    gaps: tuple[GapResult, ...]
    created: str
    tool: str


class Replicates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """How often it was run, and what that is worth."""

    runs: int
    by_phase: dict[str, int]
    places_tested: int
    tests_confirmed: int
    family_wise_error: float


class DecisionRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision by its record's digest."""

    id: str
    kind: str
    sha256: Digest


class VettingPredicate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What was tested and what came of it."""

    assistant: str
    version: str
    platform: str
    sha256: Digest
    """Of the release, as reports name it."""
    verdict: VerdictWord
    findings: tuple[RuleResult, ...]
    staged: tuple[StagedResult, ...]
    replicates: Replicates
    gaps: tuple[GapResult, ...]
    look: LookResult | None
    decisions: tuple[DecisionRef, ...]
    seed: int
    vetted: str
    tool: str
    created: str
    """When the dossier was made."""
    pack: dict[str, str]
    """File of the pack to SHA-256: the manifest and the list of digests."""


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """An in-toto Statement, version 1."""

    type_: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(name="_type")
    subject: tuple[StatementSubject, ...]
    predicate_type: Literal["https://clearance.dev/attestation/vetting/v1"]
    predicate: VettingPredicate

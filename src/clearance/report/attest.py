"""An in-toto Statement about a release: what was tested on which digests, and what came of it.

1. The subjects are the release's artifacts, each by its SHA-256: https://github.com/in-toto/attestation (Statement v1).
2. The predicate tells findings by rule, what was staged with how many runs, and every gap.
3. It names the digests of the pack's manifest and list of digests, so that one signature binds every file of the pack.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from clearance.model.dossier import DossierDecision
from clearance.model.finding import Clear, Finding, Gap, Hit, Severity
from clearance.model.ids import Digest, FactorName, LevelName, RuleId
from clearance.model.look import Look
from clearance.model.release import Release
from clearance.model.vetting import VerdictWord, Vetting
from clearance.report.portable import portable_json

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://clearance.dev/attestation/vetting/v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"


class Subject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    subject: tuple[Subject, ...]
    predicate_type: Literal["https://clearance.dev/attestation/vetting/v1"]
    predicate: VettingPredicate


def subjects(release: Release) -> tuple[Subject, ...]:
    """The release's artifacts; a release without any (a folder) is its own subject."""
    found = [(f"{artifact.name}@{artifact.version}", artifact.sha256) for artifact in release.artifacts]
    named = found or [(f"{release.assistant}@{release.version}", release.sha256)]
    return tuple(Subject(name=name, digest={"sha256": sha256}) for name, sha256 in named)


def statement(
    vetting: Vetting,
    look: Look | None,
    decisions: Sequence[DossierDecision],
    *,
    pack: Mapping[str, str],
    created: str,
) -> bytes:
    """The statement as it is signed: ASCII JSON."""
    release, stats = vetting.release, vetting.stats
    predicate = VettingPredicate(
        assistant=release.assistant,
        version=release.version,
        platform=release.platform,
        sha256=release.sha256,
        verdict=vetting.verdict,
        findings=_by_rule(vetting.findings),
        staged=tuple(
            StagedResult(factor=f.name, baseline=f.baseline, levels=f.levels, runs=f.runs, gap=f.gap)
            for f in vetting.staged
        ),
        replicates=Replicates(
            runs=stats.runs,
            by_phase=_phases(vetting),
            places_tested=stats.places_tested,
            tests_confirmed=stats.tests_confirmed,
            family_wise_error=stats.family_wise_error,
        ),
        gaps=_gaps(vetting.findings),
        look=_looked(look) if look else None,
        decisions=tuple(DecisionRef(id=d.id, kind=d.kind, sha256=d.sha256) for d in decisions),
        seed=vetting.seed,
        vetted=vetting.created,
        tool=vetting.tool,
        created=created,
        pack=dict(pack),
    )
    return portable_json(
        Statement(
            type_=STATEMENT_TYPE, subject=subjects(release), predicate_type=PREDICATE_TYPE, predicate=predicate
        )
    ).encode()


def read_statement(payload: bytes) -> Statement:
    """The statement in an envelope.

    Raises:
        ValueError: it is none of ours.
    """
    try:
        return msgspec.json.decode(payload, type=Statement)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _looked(look: Look) -> LookResult:
    return LookResult(
        verdict=look.verdict,
        findings=_by_rule(look.findings),
        gaps=_gaps(look.findings),
        created=look.created,
        tool=look.tool,
    )


def _by_rule(findings: Sequence[Finding]) -> tuple[RuleResult, ...]:
    return tuple(
        _result(rule, [f for f in findings if f.rule == rule]) for rule in dict.fromkeys(f.rule for f in findings)
    )


def _result(rule: RuleId, findings: Sequence[Finding]) -> RuleResult:
    severities = [f.severity for f in findings if isinstance(f, Hit)]
    return RuleResult(
        rule=rule,
        hits=len(severities),
        severity=max(severities, key=lambda severity: severity.rank, default=None),
        clears=sum(isinstance(f, Clear) for f in findings),
        gaps=sum(isinstance(f, Gap) for f in findings),
    )


def _gaps(findings: Iterable[Finding]) -> tuple[GapResult, ...]:
    return tuple(
        GapResult(rule=f.rule, title=f.title, where=f.where, blocks_verdict=f.blocks_verdict)
        for f in findings
        if isinstance(f, Gap)
    )


def _phases(vetting: Vetting) -> dict[str, int]:
    phases = [run.phase for run in vetting.runs]
    return {phase: phases.count(phase) for phase in dict.fromkeys(phases)}

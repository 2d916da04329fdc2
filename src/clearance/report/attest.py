"""An in-toto Statement about a release: what was tested on which digests, and what came of it.

1. The subjects are the release's artifacts, each by its SHA-256: https://github.com/in-toto/attestation (Statement v1).
2. The predicate tells findings by rule, what was staged with how many runs, and every gap.
3. It names the digests of the pack's manifest and list of digests, so that one signature binds every file of the pack.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from clearance.model.dossier import DossierDecision
from clearance.model.finding import Clear, Finding, Gap, Hit
from clearance.model.ids import RuleId
from clearance.model.look import Look
from clearance.model.release import Release
from clearance.model.vetting import Vetting
from clearance.report.portable import portable_json
from clearance.report.statement_shapes import (
    PREDICATE_TYPE,
    STATEMENT_TYPE,
    DecisionRef,
    GapResult,
    LookResult,
    Replicates,
    RuleResult,
    StagedResult,
    Statement,
    StatementSubject,
    VettingPredicate,
)


def subjects(release: Release) -> tuple[StatementSubject, ...]:
    """The release's artifacts; a release without any (a folder) is its own subject."""
    found = [(f"{artifact.name}@{artifact.version}", artifact.sha256) for artifact in release.artifacts]
    named = found or [(f"{release.assistant}@{release.version}", release.sha256)]
    return tuple(StatementSubject(name=name, digest={"sha256": sha256}) for name, sha256 in named)


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
        Statement(type_=STATEMENT_TYPE, subject=subjects(release), predicate_type=PREDICATE_TYPE, predicate=predicate)
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

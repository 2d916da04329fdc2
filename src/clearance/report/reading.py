"""Reading the JSON report of a vetting back: what was written once is what every later page is made of."""

from typing import assert_never

import msgspec

from clearance.model.finding import Clear, Confidence, Finding, Gap, Hit
from clearance.model.release import Release
from clearance.model.vetting import Vetting
from clearance.report.errors import ReportError
from clearance.report.json import FindingRow, Report


def read_report(text: bytes) -> Vetting:
    """The vetting that a ``clearance.vet/1`` report tells.

    Raises:
        ReportError: it is none, or was written by a version that says more than this one knows.
    """
    try:
        report = msgspec.json.decode(text, type=Report)
        findings = tuple(_finding(row) for row in report.findings)
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"The report is not one of clearance.vet/1 as this version writes it: {error}.",
            advice="Write it anew from the recorded traces: clearance replay CAMPAIGN",
        ) from error
    target, provenance = report.target, report.provenance
    return Vetting(
        release=Release(
            assistant=target.assistant,
            title=provenance.title,
            version=target.version,
            platform=target.platform,
            sha256=target.sha256,
            source=provenance.source,
            artifacts=provenance.artifacts,
            problems=provenance.problems,
            install_scripts=provenance.install_scripts,
        ),
        verdict=report.verdict,
        findings=findings,
        endpoints=report.endpoints,
        staged=report.staged,
        matrix=report.matrix,
        timeline=report.timeline,
        runs=report.runs,
        stats=report.stats,
        seed=report.seed,
        created=report.created,
        tool=report.tool,
        replay=report.replay,
        folder=report.folder,
    )


def _finding(row: FindingRow) -> Finding:
    match row.kind:
        case "hit":
            return _hit(row)
        case "clear":
            return Clear(
                rule=row.rule, title=row.title, message=row.message, factors=row.factors, replicates=row.replicates
            )
        case "gap":
            return Gap(
                rule=row.rule,
                title=row.title,
                message=row.message,
                factors=row.factors,
                where=row.where,
                advice=row.advice,
                blocks_verdict=row.blocks_verdict,
            )
        case _:
            assert_never(row.kind)


def _hit(row: FindingRow) -> Hit:
    return Hit(
        rule=row.rule,
        severity=row.severity,
        confidence=row.confidence or Confidence.LOW,
        title=row.title,
        message=row.message,
        because=row.evidence,
        factors=row.factors,
        channel=row.channel,
        where=row.where,
        bits=row.bits,
        p_value=row.p_value,
        replicates=row.replicates,
        trigger=row.trigger,
        atlas=row.atlas,
        advice=row.advice,
    )

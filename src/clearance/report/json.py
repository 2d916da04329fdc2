"""The JSON report: the contract ``clearance.vet/1`` that others build on.

1. Every row carries every key; what does not apply is null, false or empty.
2. The text is ASCII: whatever is invisible or deceptive in evidence stands there as an escape.
3. The same vetting gives the same bytes.
4. Later versions of the tool may add keys under the same schema name; readers ignore keys they do not know.
"""

from collections.abc import Callable
from typing import Final, Literal, assert_never

import msgspec

from clearance.model.finding import ChannelClass, Clear, Confidence, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import Digest, FactorName, LevelName, RuleId
from clearance.model.release import Artifact, Problem, SourceType
from clearance.model.vetting import (
    EndpointRow,
    MatrixCell,
    RunRow,
    StagedFactor,
    Stats,
    TimelineRow,
    VerdictWord,
    Vetting,
)
from clearance.report.portable import portable_json

SCHEMA_ID: Final = "clearance.vet/1"


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was vetted."""

    assistant: str
    version: str
    platform: str
    sha256: Digest


class FindingRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding of any kind."""

    kind: Literal["hit", "clear", "gap"]
    rule: RuleId
    severity: Severity
    """``info`` for clears and gaps."""
    confidence: Confidence | None
    """Null for clears and gaps."""
    title: str
    message: str
    factors: tuple[FactorName, ...]
    covert: bool
    """True exactly for the class ``covert-marker``."""
    channel: ChannelClass | None = msgspec.field(name="class")
    where: str
    bits: float | None
    """Capacity estimate in bits a run."""
    p_value: float | None
    replicates: int | None
    """Fresh runs on the smaller side of the confirming test."""
    trigger: dict[FactorName, LevelName]
    """The smallest set of levels that was found to be enough."""
    evidence: tuple[Evidence, ...]
    atlas: tuple[str, ...]
    """MITRE ATLAS technique ids."""
    advice: str
    blocks_verdict: bool
    """For gaps: the verdict cannot be ``clear`` because of it."""


class Provenance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the release came from."""

    title: str
    source: SourceType
    artifacts: tuple[Artifact, ...]
    problems: tuple[Problem, ...]
    install_scripts: tuple[str, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One vetting."""

    schema: Literal["clearance.vet/1"]
    target: Target
    verdict: VerdictWord
    findings: tuple[FindingRow, ...]
    endpoints: tuple[EndpointRow, ...]
    stats: Stats
    staged: tuple[StagedFactor, ...]
    matrix: tuple[MatrixCell, ...]
    timeline: tuple[TimelineRow, ...]
    runs: tuple[RunRow, ...]
    provenance: Provenance
    seed: int
    created: str
    """ISO 8601, UTC."""
    tool: str
    replay: tuple[str, ...]
    folder: str


def render_json(vetting: Vetting) -> str:
    """The report as ASCII text, indented by two, with a line feed at the end."""
    return portable_json(_report(vetting))


def render_json_schema() -> str:
    """The JSON Schema (2020-12) of the report, as text."""
    schema = open_for_readers(msgspec.json.schema(Report))
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA_ID}
    return portable_json({**named, **schema})


def _report(vetting: Vetting) -> Report:
    release = vetting.release
    return Report(
        schema=SCHEMA_ID,
        target=Target(
            assistant=release.assistant, version=release.version, platform=release.platform, sha256=release.sha256
        ),
        verdict=vetting.verdict,
        findings=tuple(finding_row(finding) for finding in vetting.findings),
        endpoints=vetting.endpoints,
        stats=vetting.stats,
        staged=vetting.staged,
        matrix=vetting.matrix,
        timeline=vetting.timeline,
        runs=vetting.runs,
        provenance=Provenance(
            title=release.title,
            source=release.source,
            artifacts=release.artifacts,
            problems=release.problems,
            install_scripts=release.install_scripts,
        ),
        seed=vetting.seed,
        created=vetting.created,
        tool=vetting.tool,
        replay=vetting.replay,
        folder=vetting.folder,
    )


def finding_row(finding: Finding) -> FindingRow:
    """One finding as reports carry it."""
    match finding:
        case Hit():
            return _hit_row(finding)
        case Clear():
            return _bare_row(finding, replicates=finding.replicates)
        case Gap():
            gap = _bare_row(finding, replicates=None)
            return msgspec.structs.replace(
                gap, where=finding.where, advice=finding.advice, blocks_verdict=finding.blocks_verdict
            )
        case _:
            assert_never(finding)


def _hit_row(hit: Hit) -> FindingRow:
    return FindingRow(
        kind="hit",
        rule=hit.rule,
        severity=hit.severity,
        confidence=hit.confidence,
        title=hit.title,
        message=hit.message,
        factors=hit.factors,
        covert=hit.covert,
        channel=hit.channel,
        where=hit.where,
        bits=hit.bits,
        p_value=hit.p_value,
        replicates=hit.replicates,
        trigger=hit.trigger,
        evidence=hit.because,
        atlas=hit.atlas,
        advice=hit.advice,
        blocks_verdict=False,
    )


def _bare_row(finding: Clear | Gap, *, replicates: int | None) -> FindingRow:
    return FindingRow(
        kind="clear" if isinstance(finding, Clear) else "gap",
        rule=finding.rule,
        severity=Severity.INFO,
        confidence=None,
        title=finding.title,
        message=finding.message,
        factors=finding.factors,
        covert=False,
        channel=None,
        where="",
        bits=None,
        p_value=None,
        replicates=replicates,
        trigger={},
        evidence=(),
        atlas=(),
        advice="",
        blocks_verdict=False,
    )


def published(name: str, report: type[msgspec.Struct]) -> str:
    """The JSON Schema (2020-12) of a report as text, as a promise to readers."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name}
    return portable_json({**named, **open_for_readers(msgspec.json.schema(report))})


def open_for_readers(schema: object) -> dict[str, object]:
    """The schema as a promise about output: every key is there, and readers must bear keys to come."""

    def promise(node: dict[str, object]) -> dict[str, object]:
        properties = node.get("properties")
        if not isinstance(properties, dict):
            return node
        kept = {key: item for key, item in node.items() if key != "additionalProperties"}
        return {**kept, "required": list(properties)}

    walked = _each_object(schema, promise)
    if not isinstance(walked, dict):
        raise TypeError("a schema is an object")
    return walked


def _each_object(node: object, change: Callable[[dict[str, object]], dict[str, object]]) -> object:
    if isinstance(node, dict):
        return change({key: _each_object(item, change) for key, item in node.items()})
    if isinstance(node, list | tuple):
        return [_each_object(item, change) for item in node]
    return node

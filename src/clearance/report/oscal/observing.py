"""Findings as OSCAL observations and risks: what assessment results and plan of action share.

1. A hit and a clear are observations of what was seen; a gap is one of what nobody could look at.
2. A hit above ``info`` is a risk. Nothing else is.
3. Every id follows from the release's digest and the finding: the same vetting, the same ids.
"""

import hashlib
import re
from dataclasses import dataclass

import msgspec

from clearance.model.finding import Clear, Evidence, Finding, Gap, Hit, Severity
from clearance.report.oscal.assessed import Assessed, Judged
from clearance.report.oscal.controls import bearings
from clearance.report.oscal.shapes import (
    NS,
    Actor,
    Characterization,
    Facet,
    Observation,
    ObservationRef,
    Origin,
    Prop,
    RelevantEvidence,
    Remediation,
    Risk,
    SubjectRef,
    ThreatId,
    document_id,
    line,
    prop,
)
from clearance.report.visible import spell

_ATLAS = re.compile(r"AML\.T\d{4}(\.\d{3})?")
_ATLAS_SITE = "https://atlas.mitre.org"
_SHOWN = 3
"""Pieces of evidence that an observation tells; the report has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A finding with what OSCAL makes of it."""

    judged: Judged
    observation: Observation
    risk: Risk | None


def observe(assessed: Assessed) -> tuple[Observed, ...]:
    """Every finding as an observation and, where it is one, a risk."""
    return tuple(_observed(assessed, number, judged) for number, judged in enumerate(assessed.judged))


def _observed(assessed: Assessed, number: int, judged: Judged) -> Observed:
    finding, release = judged.finding, assessed.release
    said = hashlib.sha256(msgspec.json.encode(_encodable(finding), order="deterministic")).hexdigest()
    key = (release.sha256, judged.method, number, said)
    origin = Origin(actors=(Actor(type="tool", actor_uuid=document_id("tool", assessed.tool)),))
    observation = Observation(
        uuid=document_id("observation", *key),
        title=line(finding.title),
        description=spell(finding.message).strip() or "-",
        props=_props(finding),
        methods=(judged.method,),
        types=("finding",) if isinstance(finding, Hit) else ("control-objective",),
        origins=(origin,),
        subjects=(SubjectRef(subject_uuid=document_id("release", release.sha256), type="component"),),
        relevant_evidence=tuple(_evidence(assessed, judged)),
        collected=judged.collected,
        remarks=_remarks(finding),
    )
    is_risk = isinstance(finding, Hit) and finding.severity is not Severity.INFO
    return Observed(
        judged=judged,
        observation=observation,
        risk=_risk(finding, key, observation, origin) if is_risk and isinstance(finding, Hit) else None,
    )


def _encodable(finding: Finding) -> object:
    """Half surrogate pairs, which an assistant may send, have no UTF-8."""
    return repr(msgspec.to_builtins(finding, order="deterministic")).encode("utf-8", "backslashreplace").hex()


def _props(finding: Finding) -> tuple[Prop, ...]:
    kind = {Hit: "hit", Clear: "clear", Gap: "not-tested"}[type(finding)]
    rows = [prop("result", kind), prop("rule", finding.rule)]
    rows += [prop("factor", factor) for factor in finding.factors]
    if isinstance(finding, Hit):
        rows += [prop("severity", finding.severity), prop("confidence", finding.confidence)]
        rows += [prop("class", finding.channel)] if finding.channel else []
        rows += [prop("trigger", f"{factor} = {level}") for factor, level in sorted(finding.trigger.items())]
    rows += [prop("bears-on", bearing.control.id, remarks=bearing.why) for bearing in bearings(finding.rule)]
    return tuple(rows)


def _evidence(assessed: Assessed, judged: Judged) -> list[RelevantEvidence]:
    traces = {t for item in _because(judged.finding) for t in item.traces}
    return [
        RelevantEvidence(href=f"#{document_id('exhibit', exhibit.sha256, exhibit.path)}", description=exhibit.what)
        for exhibit in assessed.exhibits
        if exhibit.path == judged.report or exhibit.sha256 in traces
    ]


def _because(finding: Finding) -> tuple[Evidence, ...]:
    return finding.because if isinstance(finding, Hit) else ()


def _remarks(finding: Finding) -> str:
    rows = [f"{item.what}: {'; '.join(item.differences) or item.note}" for item in _because(finding)[:_SHOWN]]
    where = finding.where if isinstance(finding, Gap) else ""
    return "\n\n".join(spell(row) for row in (*rows, where) if row).strip()


def _risk(hit: Hit, key: tuple[object, ...], observation: Observation, origin: Origin) -> Risk:
    facets = (("severity", hit.severity), ("confidence", hit.confidence))
    threats = [f"{_ATLAS_SITE}/techniques/{t}" for t in hit.atlas if _ATLAS.fullmatch(t)]
    remediation = Remediation(
        uuid=document_id("remediation", *key),
        lifecycle="recommendation",
        title=line(f"What to do: {hit.title}"),
        description=spell(hit.advice).strip(),
    )
    return Risk(
        uuid=document_id("risk", *key),
        title=line(hit.title),
        description=observation.description,
        statement=bearings(hit.rule)[0].why,
        status="open",
        threat_ids=tuple(ThreatId(system=_ATLAS_SITE, id=threat) for threat in threats),
        characterizations=(
            Characterization(
                origin=origin, facets=tuple(Facet(name=name, system=NS, value=value) for name, value in facets)
            ),
        ),
        remediations=(remediation,) if hit.advice.strip() else (),
        related_observations=(ObservationRef(observation_uuid=observation.uuid),),
    )

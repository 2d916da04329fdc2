"""OSCAL assessment results: one document for one release.

1. A control is not satisfied when a hit above ``info`` bears on it; not satisfied for another reason when something
   that bears on it could not be tested; else satisfied, and only as far as this release and what was staged go.
2. Decisions stand as attestations: who decided what about it.
"""

from collections.abc import Sequence

import msgspec

from clearance.model.dossier import DossierDecision
from clearance.model.finding import Gap
from clearance.report.oscal.assessed import Assessed, release_component, resources, tool_component
from clearance.report.oscal.controls import NIST, Control, bearings, controls_of
from clearance.report.oscal.observing import Observed, observe
from clearance.report.oscal.shapes import (
    BackMatter,
    Component,
    Metadata,
    Observation,
    ObservationRef,
    Prop,
    Resource,
    Risk,
    RiskRef,
    document_id,
    line,
    prop,
)
from clearance.report.portable import portable_json
from clearance.report.visible import spell


class ObjectiveStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a control's objective is met, as far as it was tested."""

    state: str
    reason: str
    remarks: str


class OscalTarget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A control's objective."""

    type: str
    target_id: str
    title: str
    status: ObjectiveStatus


class OscalFinding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"
):
    """What the observations say of one control."""

    uuid: str
    title: str
    description: str
    target: OscalTarget
    related_observations: tuple[ObservationRef, ...] = ()
    related_risks: tuple[RiskRef, ...] = ()


class AttestedPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision."""

    name: str
    title: str
    props: tuple[Prop, ...]
    prose: str


class OscalAttestation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody attested."""

    parts: tuple[AttestedPart, ...]


def render_results(assessed: Assessed) -> str:
    """The document as ASCII JSON; the same assessment, the same bytes."""
    release, plan = assessed.release, document_id("plan", assessed.release.sha256, assessed.plan)
    body: dict[str, object] = {
        "uuid": document_id("results", release.sha256, assessed.started),
        "metadata": Metadata(
            title=line(f"Assessment of {release.title} {release.version}"),
            last_modified=assessed.created,
            version=line(release.version),
        ),
        "import-ap": {"href": f"#{plan}"},
        "results": [_result(assessed)],
        "back-matter": BackMatter(
            resources=(
                Resource(uuid=plan, title="What was tested", description=assessed.plan),
                *resources(assessed),
            )
        ),
    }
    return portable_json({"assessment-results": body})


def _result(assessed: Assessed) -> dict[str, object]:
    observed, release = observe(assessed), assessed.release
    controls = [c for c in controls_of(j.finding for j in assessed.judged) if c.framework == NIST]
    components: tuple[Component, ...] = (release_component(release),)
    tools: tuple[Component, ...] = (tool_component(assessed.tool),)
    risks: tuple[Risk, ...] = tuple(o.risk for o in observed if o.risk)
    observations: tuple[Observation, ...] = tuple(o.observation for o in observed)
    parts: dict[str, object] = {
        "uuid": document_id("result", release.sha256, assessed.started),
        "title": line(f"{release.title} {release.version}, {release.platform}"),
        "description": f"What leaves this release and what is in it; SHA-256 {line(release.sha256)}.",
        "start": assessed.started,
        "end": assessed.created,
        "local-definitions": {
            "components": components,
            "assessment-assets": {
                "components": tools,
                "assessment-platforms": [{"uuid": document_id("platform", assessed.tool), "title": "Sealed rooms"}],
            },
        },
        "reviewed-controls": {
            "control-selections": [{"include-controls": [{"control-id": c.number} for c in controls]}],
            "control-objective-selections": [
                {"include-objectives": [{"objective-id": f"{c.number}_obj"} for c in controls]}
            ],
        },
        "attestations": [OscalAttestation(parts=(_attested(d),)) for d in assessed.decisions],
        "observations": observations,
        "risks": risks,
        "findings": [_finding(assessed, control, observed) for control in controls],
    }
    return {key: value for key, value in parts.items() if value not in ([], ())}


def _finding(assessed: Assessed, control: Control, observed: Sequence[Observed]) -> OscalFinding:
    bearing = [o for o in observed if control in {b.control for b in bearings(o.judged.finding.rule)}]
    state, reason, why = _status(bearing)
    return OscalFinding(
        uuid=document_id("finding", assessed.release.sha256, assessed.started, control.id),
        title=f"{control.number.upper()} {control.title}",
        description=f"{why} Only what concerns this release was tested, not the control as a whole.",
        target=OscalTarget(
            type="objective-id",
            target_id=f"{control.number}_obj",
            title=control.title,
            status=ObjectiveStatus(state=state, reason=reason, remarks=why),
        ),
        related_observations=tuple(ObservationRef(observation_uuid=o.observation.uuid) for o in bearing),
        related_risks=tuple(RiskRef(risk_uuid=o.risk.uuid) for o in bearing if o.risk),
    )


def _status(bearing: Sequence[Observed]) -> tuple[str, str, str]:
    hits = sum(o.risk is not None for o in bearing)
    gaps = sum(isinstance(o.judged.finding, Gap) for o in bearing)
    if hits:
        return "not-satisfied", "fail", f"{hits} open risk{'s' * (hits != 1)} and {gaps} of what could not be tested."
    if gaps:
        return "not-satisfied", "other", f"No risk was found, but {gaps} of what bears on it could not be tested."
    return "satisfied", "pass", "Everything that bears on it was tested, and no risk was found."


def _attested(decision: DossierDecision) -> AttestedPart:
    rows = [("kind", decision.kind), ("sha256", str(decision.sha256)), ("from", decision.valid_from)]
    rows += [("until", decision.until or "until it is lifted"), ("owner", decision.owner)]
    signers = tuple(prop("signer", signer) for signer in decision.signers)
    return AttestedPart(
        name="decision",
        title=line(f"{decision.id}: {decision.subject}"),
        props=(*(prop(name, value) for name, value in rows), *signers),
        prose=spell(decision.text).strip() or "-",
    )

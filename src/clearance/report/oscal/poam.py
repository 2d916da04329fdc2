"""OSCAL plan of action and milestones: what is open after an assessment, and what to do about it.

1. Each hit above ``info`` is an item with the rule's advice; each gap that says how to close it is one too.
2. One item is always open: the release that follows is another digest, and has to be vetted before it is used.
"""

import msgspec

from clearance.model.finding import Gap
from clearance.report.oscal.assessed import Assessed, release_component, resources, tool_component
from clearance.report.oscal.observing import Observed, observe
from clearance.report.oscal.shapes import (
    NS,
    BackMatter,
    Metadata,
    ObservationRef,
    RiskRef,
    document_id,
    line,
)
from clearance.report.portable import portable_json
from clearance.report.visible import spell

_NEXT = (
    "What was found holds for this digest only. Vet the release that follows before it is used, "
    "and compare its dossier with this one."
)


class PoamItem(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"
):
    """One thing to do."""

    uuid: str
    title: str
    description: str
    related_observations: tuple[ObservationRef, ...] = ()
    related_risks: tuple[RiskRef, ...] = ()


def render_poam(assessed: Assessed) -> str:
    """The document as ASCII JSON; the same assessment, the same bytes."""
    release, observed = assessed.release, [o for o in observe(assessed) if _is_open(o)]
    body: dict[str, object] = {
        "uuid": document_id("poam", release.sha256, assessed.started),
        "metadata": Metadata(
            title=line(f"Plan of action for {release.title} {release.version}"),
            last_modified=assessed.created,
            version=line(release.version),
        ),
        "system-id": {"identifier-type": NS, "id": line(release.sha256)},
        "local-definitions": {
            "components": (release_component(release),),
            "assessment-assets": {
                "components": (tool_component(assessed.tool),),
                "assessment-platforms": [{"uuid": document_id("platform", assessed.tool), "title": "Sealed rooms"}],
            },
        },
        "observations": tuple(o.observation for o in observed),
        "risks": tuple(o.risk for o in observed if o.risk),
        "poam-items": (*(_item(assessed, o) for o in observed), _following(assessed)),
        "back-matter": BackMatter(resources=resources(assessed)),
    }
    filled = {key: value for key, value in body.items() if value not in ([], ()) and value != BackMatter(resources=())}
    return portable_json({"plan-of-action-and-milestones": filled})


def _is_open(observed: Observed) -> bool:
    finding = observed.judged.finding
    return observed.risk is not None or (isinstance(finding, Gap) and bool(finding.advice.strip()))


def _item(assessed: Assessed, observed: Observed) -> PoamItem:
    finding, observation = observed.judged.finding, observed.observation
    advice = getattr(finding, "advice", "").strip() or "Ask the vendor what it is for, and decide with the answer."
    return PoamItem(
        uuid=document_id("item", assessed.started, observation.uuid),
        title=observation.title,
        description=spell(advice),
        related_observations=(ObservationRef(observation_uuid=observation.uuid),),
        related_risks=(RiskRef(risk_uuid=observed.risk.uuid),) if observed.risk else (),
    )


def _following(assessed: Assessed) -> PoamItem:
    return PoamItem(
        uuid=document_id("item", assessed.started, assessed.release.sha256, "next"),
        title="Vet the next release",
        description=_NEXT,
    )

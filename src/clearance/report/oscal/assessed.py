"""What OSCAL documents are made of, and what they all name: the release, the tool, the evidence."""

from dataclasses import dataclass

from clearance.model.dossier import DossierDecision, Exhibit
from clearance.model.finding import Finding
from clearance.model.release import Release
from clearance.report.oscal.shapes import Component, Hash, Resource, Rlink, Status, document_id, line, prop


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding, how it came about and when."""

    finding: Finding
    method: str
    """``TEST`` for a vetting, ``EXAMINE`` for a look."""
    collected: str
    """ISO 8601 with a time zone."""
    report: str
    """Path of the report in the pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """All that the OSCAL documents are made of."""

    release: Release
    judged: tuple[Judged, ...]
    exhibits: tuple[Exhibit, ...]
    """What lies in the pack as evidence."""
    decisions: tuple[DossierDecision, ...]
    plan: str
    """What was staged, in words: there is no assessment plan besides."""
    started: str
    created: str
    tool: str


def release_component(release: Release) -> Component:
    """The release as the component that was assessed."""
    return Component(
        uuid=document_id("release", release.sha256),
        type="software",
        title=line(f"{release.title} {release.version}"),
        description=line(f"{release.assistant} {release.version} for {release.platform}"),
        props=(prop("sha256", release.sha256), prop("version", release.version), prop("platform", release.platform)),
        status=Status(state="under-development"),
    )


def tool_component(tool: str) -> Component:
    """What looked at it."""
    return Component(
        uuid=document_id("tool", tool),
        type="software",
        title=line(tool),
        description="Tests whether what an assistant sends depends on what it has no business depending on.",
        props=(prop("tool", tool),),
        status=Status(state="operational"),
    )


def resources(assessed: Assessed) -> tuple[Resource, ...]:
    """The evidence in the pack, by digest."""
    return tuple(
        Resource(
            uuid=document_id("exhibit", exhibit.sha256, exhibit.path),
            title=line(exhibit.path),
            description=line(exhibit.what),
            rlinks=(
                Rlink(
                    href=f"../{exhibit.path}",
                    media_type=exhibit.media,
                    hashes=(Hash(algorithm="SHA-256", value=exhibit.sha256),),
                ),
            ),
        )
        for exhibit in assessed.exhibits
    )

"""A CycloneDX 1.6 bill of materials of a release: what is inside it, where that was seen, and what needs what.

1. The release is the root; every package that examination saw is a component, with the place that showed it.
2. How surely a component is what it is called is said with how it was found: a manifest is certain, a banner is not.
3. The same examination, time and serial number give the same bytes.
"""

import datetime
import json
import uuid
from typing import TYPE_CHECKING

from clearance.model.contents import Examined
from clearance.report.errors import ReportError
from clearance.report.portable import portable_json
from clearance.report.sbom_graph import Edges, edges_of, root_ref, shown_packages

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.dependency import Dependency


class SbomUnavailable(ReportError):  # noqa: N818 - it says what is the matter
    """A bill of materials cannot be written here; ``advice`` says what to do."""


def render_sbom(examined: Examined, *, created: str, serial: str) -> str:
    """CycloneDX 1.6 as ASCII JSON, indented by two; ``created`` is ISO 8601, ``serial`` a ``urn:uuid:…``.

    Raises:
        SbomUnavailable: the library that writes it is not installed.
        ValueError: ``created`` or ``serial`` is not what it should be.
    """
    try:
        from cyclonedx.output.json import JsonV1Dot6
    except ImportError as error:
        raise SbomUnavailable(
            "A bill of materials needs the CycloneDX library, which is not installed.",
            advice="Install it: pip install 'clearance[sbom]'.",
        ) from error
    bom = _bom(examined, datetime.datetime.fromisoformat(created), uuid.UUID(serial))
    return portable_json(json.loads(JsonV1Dot6(bom).output_as_string()))


def _bom(examined: Examined, created: datetime.datetime, serial: uuid.UUID) -> "Bom":
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
    from cyclonedx.model.tool import ToolRepository

    from clearance.report.sbom_components import component_of, release_component, tool_component, vulnerabilities

    root = root_ref(examined.release)
    packages = shown_packages(examined.contents, root)
    edges = edges_of(examined.contents, packages, root=root)
    return Bom(
        serial_number=serial,
        metadata=BomMetaData(
            timestamp=created if created.tzinfo else created.replace(tzinfo=datetime.UTC),
            component=release_component(examined.release),
            tools=ToolRepository(components=[tool_component()]),
            lifecycles=[PredefinedLifecycle(LifecyclePhase.POST_BUILD)],
        ),
        components=[component_of(package, examined.release) for package in packages],
        dependencies=_dependencies(edges),
        vulnerabilities=list(vulnerabilities(examined.contents, packages)),
    )


def _dependencies(edges: Edges) -> "list[Dependency]":
    from cyclonedx.model.bom_ref import BomRef
    from cyclonedx.model.dependency import Dependency

    return [
        Dependency(BomRef(ref), dependencies=[Dependency(BomRef(other)) for other in others])
        for ref, others in edges.items()
    ]

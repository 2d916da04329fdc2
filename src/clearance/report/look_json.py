"""The JSON report of a look: the contract ``clearance.look/1``. ASCII, every key is there."""

from typing import Final, Literal

import msgspec

from clearance.model.contents import Contents
from clearance.model.look import Look, LookStats
from clearance.model.release import Artifact, SourceType
from clearance.model.vetting import VerdictWord
from clearance.report.json import FindingRow, Target, finding_row, open_for_readers
from clearance.report.portable import portable_json

LOOK_SCHEMA_ID: Final = "clearance.look/1"


class LookReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One look."""

    schema: Literal["clearance.look/1"]
    target: Target
    verdict: VerdictWord
    findings: tuple[FindingRow, ...]
    contents: Contents
    source: SourceType
    artifacts: tuple[Artifact, ...]
    stats: LookStats
    created: str
    tool: str


def render_look_json(look: Look) -> str:
    """The report as ASCII text, indented by two, with a line feed at the end."""
    release = look.release
    return portable_json(
        LookReport(
            schema=LOOK_SCHEMA_ID,
            target=Target(
                assistant=release.assistant, version=release.version, platform=release.platform, sha256=release.sha256
            ),
            verdict=look.verdict,
            findings=tuple(finding_row(finding) for finding in look.findings),
            contents=look.contents,
            source=release.source,
            artifacts=release.artifacts,
            stats=look.stats,
            created=look.created,
            tool=look.tool,
        )
    )


def render_look_schema() -> str:
    """The JSON Schema (2020-12) of the report, as text."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": LOOK_SCHEMA_ID}
    return portable_json({**named, **open_for_readers(msgspec.json.schema(LookReport))})

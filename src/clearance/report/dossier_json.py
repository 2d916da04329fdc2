"""JSON of a verified dossier: the contract ``clearance.dossier-check/1``."""

from typing import Final, Literal

import msgspec

from clearance.model.dossier import DossierManifest, PackChecked, PackProblem
from clearance.report.json import published
from clearance.report.portable import portable_json

CHECK_SCHEMA_ID: Final = "clearance.dossier-check/1"


class PackCheckedReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``dossier verify --json``; it holds when there is no problem."""

    schema: Literal["clearance.dossier-check/1"]
    problems: tuple[PackProblem, ...]
    notes: tuple[str, ...]
    manifest: DossierManifest | None
    """As the pack has it; null: it could not be read."""
    keyid: str
    key_given: bool
    """False: the key came from the pack itself."""
    files: int


def render_checked_json(checked: PackChecked) -> str:
    """What verifying a pack came to."""
    return portable_json(
        PackCheckedReport(
            schema=CHECK_SCHEMA_ID,
            problems=checked.problems,
            notes=checked.notes,
            manifest=checked.manifest,
            keyid=checked.keyid,
            key_given=checked.key_given,
            files=checked.files,
        )
    )


def render_checked_schema() -> str:
    """The published JSON Schema of a verified pack."""
    return published(CHECK_SCHEMA_ID, PackCheckedReport)

"""Vettings that were kept: the campaign folders below the state folder, found by the release they are about."""

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.app.places import state_folder
from clearance.app.targets import split_version
from clearance.report.errors import ReportError

_REPORT = "report.json"
_SAFE = re.compile(r"[A-Za-z0-9._-]+")


class _Target(msgspec.Struct, frozen=True, kw_only=True):
    assistant: str
    version: str


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """What tells a report's release and age; the rest is not read."""

    target: _Target
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVetting:
    """A campaign's folder and its report."""

    folder: Path
    report: bytes

    def trace(self, run: str) -> Path | None:
        """The trace of a run; None where there is none."""
        path = self.folder / "traces" / f"{run}.trace"
        return path if _SAFE.fullmatch(run) and path.is_file() and not path.is_symlink() else None


def kept_vetting(release: str, folder: Path | None) -> KeptVetting:
    """The vetting in ``folder``, or the newest that is kept of ``NAME@VERSION``.

    Raises:
        ReportError: there is none, or the one in the folder is about another release.
    """
    name, version = split_version(release)
    if version is None:
        raise ReportError(
            f"{release} names no version: a dossier is about one release.", advice=f"Write {release}@VERSION."
        )
    if folder is not None:
        return _named(release, folder, name, version)
    vettings = state_folder() / "vettings"
    found = [
        (head.created, path.parent)
        for path in sorted(vettings.glob(f"*/{_REPORT}"))
        if (head := _head(path)) and (head.target.assistant, head.target.version) == (name, version)
    ]
    if not found:
        raise ReportError(
            f"No vetting of {release} is kept in {vettings}.",
            advice=f"Vet it first: clearance vet {release}; or name a campaign's folder with --vetting.",
        )
    newest = max(found)[1]
    return KeptVetting(folder=newest, report=(newest / _REPORT).read_bytes())


def _named(release: str, folder: Path, name: str, version: str) -> KeptVetting:
    head = _head(folder / _REPORT)
    if head is None:
        raise ReportError(
            f"There is no report of a vetting in {folder}.",
            advice="Give the folder that `clearance vet` named; `clearance replay FOLDER` writes its report anew.",
        )
    if (head.target.assistant, head.target.version) != (name, version):
        raise ReportError(
            f"The vetting in {folder} is of {head.target.assistant}@{head.target.version}, not of {release}.",
            advice="Name the release that was vetted.",
        )
    return KeptVetting(folder=folder, report=(folder / _REPORT).read_bytes())


def _head(path: Path) -> _Head | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Head)
    except (OSError, ValueError, RecursionError):
        return None

"""Dossiers: a vetting that was kept, the look, decisions and proofs become a pack; a pack is verified."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from clearance import __version__
from clearance.app.deciding import Desk
from clearance.app.dossier_sources import decisions_about, proofs_of
from clearance.app.kept_vettings import KeptVetting, kept_vetting
from clearance.app.pack_reading import DiskPack
from clearance.app.pack_writing import write_whole
from clearance.intake.errors import IntakeError
from clearance.lab.errors import LabError
from clearance.model.dossier import DossierDecision, Exhibit, LedgerProof, PackChecked, PackProblem
from clearance.model.finding import Hit
from clearance.model.ids import Digest
from clearance.model.look import Look
from clearance.model.vetting import Vetting
from clearance.report.dossier import DossierMaterial, make_dossier
from clearance.report.dossier_check import Trusted, check_pack
from clearance.report.dsse import public_pem, read_public_key
from clearance.report.errors import ReportError
from clearance.report.oscal.conforms import not_oscal
from clearance.report.pack_layout import MANIFEST, POAM, RESULTS, trace_path
from clearance.report.proofs_check import what_is_wrong
from clearance.report.reading import read_report

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierWish:
    """What the user asked for."""

    release: str
    """``claude-code@2.1.331``."""
    vetting: Path | None
    """A campaign's folder; None: the newest of that release."""
    look: bool | None
    """None: if it can be had from what is kept."""
    decisions: Path | None
    """A file in place of the records that are kept."""
    proofs: Path | None
    """A file in place of the ledger that is kept."""
    records: Path | None = None
    organisation: Path | None = None
    key: Path
    out: Path
    with_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedDossier:
    """What was written."""

    vetting: Vetting
    files: int
    manifest: Digest
    missing: tuple[str, ...]


def export_dossier(wish: DossierWish) -> ExportedDossier:
    """Write the pack. What is not named is taken from what is kept here; what cannot be had is said in the pack.

    Raises:
        PolicyError: a kept record cannot be read: it may be a ban.
        ReportError: no such vetting is kept, or something handed in cannot be read.
        IntakeError, LabError: the look cannot be had from what is kept.
        Unwritable: the pack cannot be written.
    """
    key = _private_key(wish.key)
    kept = kept_vetting(wish.release, wish.vetting)
    vetting = read_report(kept.report)
    traces = _traces(vetting, kept) if wish.with_evidence else {}
    missing: list[str] = []
    look = _look_if_kept(wish, vetting, missing)
    decisions, proofs = _decided(wish, kept, vetting, missing)
    material = DossierMaterial(
        vetting=vetting,
        report=kept.report,
        look=look,
        decisions=decisions,
        proofs=proofs,
        traces=tuple(traces),
        public_key=public_pem(key.public_key()),
        created=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),  # noqa: TID251 - time comes in
        tool=f"clearance {__version__}",
        missing=tuple(missing),
    )
    files = make_dossier(material, sign=key.sign)
    write_whole(wish.out, files, {exhibit.path: source for exhibit, source in traces.items()})
    manifest = Digest(hashlib.sha256(files[MANIFEST]).hexdigest())
    return ExportedDossier(vetting=vetting, files=len(files) + len(traces), manifest=manifest, missing=material.missing)


def verify_dossier(pack: Path, *, key: Path | None, log_key: str, oscal: bool) -> PackChecked:
    """What is wrong with the pack; nothing but the pack is read.

    Raises:
        ReportError: there is no such folder, the key cannot be read, or OSCAL cannot be checked here.
    """
    if not pack.is_dir():
        raise ReportError(f"There is no folder {pack}.", advice="Give the folder that holds MANIFEST.json.")
    folder = DiskPack(pack)
    trusted = Trusted(key=read_public_key(_read(key)) if key else None, log_key=log_key)
    checked = check_pack(folder, trusted, prove=what_is_wrong)
    if not oscal:
        return checked
    documents = {path: text for path in (RESULTS, POAM) if (text := folder.read(path)) is not None}
    wrong = tuple(
        PackProblem(path=path, problem=f"is no valid OSCAL: {why}")
        for path, why in sorted(not_oscal(documents).items())
    )
    return msgspec.structs.replace(checked, problems=(*checked.problems, *wrong))


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ReportError(
            f"{path} is not an Ed25519 private key in PEM without a passphrase.",
            advice="Make one: openssl genpkey -algorithm ed25519 -out key.pem",
        )
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReportError(
            f"{path} cannot be read: {error.strerror}.", advice="Name a file that you may read."
        ) from error


def _listed(path: Path | None, noun: type[_T]) -> tuple[_T, ...]:
    """A JSON list of nouns; none when no file is named."""
    if path is None:
        return ()
    try:
        return msgspec.json.decode(_read(path), type=tuple[noun, ...])  # type: ignore[valid-type]
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"{path} is not a list of {noun.__name__}: {error}.", advice="docs/dossier.md has an example."
        ) from error


def _decided(
    wish: DossierWish, kept: KeptVetting, vetting: Vetting, missing: list[str]
) -> tuple[tuple[DossierDecision, ...], tuple[LedgerProof, ...]]:
    """Decisions and proofs from the files that were named, else from the records and the ledger that are kept."""
    about = vetting.release
    if wish.decisions is not None:
        decisions = _listed(wish.decisions, DossierDecision)
    else:
        desk = Desk.at(wish.records, wish.organisation)
        decisions = decisions_about(about.assistant, about.version, desk, missing)
    if wish.proofs is not None:
        return decisions, _listed(wish.proofs, LedgerProof)
    return decisions, proofs_of(decisions, about.sha256, hashlib.sha256(kept.report).hexdigest(), missing)


def _look_if_kept(wish: DossierWish, vetting: Vetting, missing: list[str]) -> Look | None:
    """The look that was asked for; where nothing was said, the one that can be had."""
    if wish.look:
        return _look(wish.release, vetting)
    if wish.look is None:
        try:
            return _look(wish.release, vetting)
        except (IntakeError, LabError, ReportError) as error:
            missing.append(f"What is in the release was not looked into: {error}")
    else:
        missing.append("What is in the release is left out, as whoever made this asked.")
    return None


def _look(release: str, vetting: Vetting) -> Look:
    """The look into the same release: from the cache, else from the kept download; no registry is asked."""
    from clearance.app.looking import LookWish, look_into
    from clearance.app.targets import target_of

    look, _ = look_into(LookWish(target=target_of(release), offline=True), quiet=True, stderr=True)
    if look.release.sha256 != vetting.release.sha256:
        raise ReportError(
            f"What is kept of {release} is another build than the one that was vetted.",
            advice="Leave --look out, or vet the build that is kept.",
        )
    return look


def _traces(vetting: Vetting, kept: KeptVetting) -> Mapping[Exhibit, Path]:
    """The traces that hits point to, with where they lie, each checked against its digest."""
    wanted = {t for f in vetting.findings if isinstance(f, Hit) for item in f.because for t in item.traces}
    found = {}
    for run in vetting.runs:
        path = kept.trace(run.run)
        if run.trace not in wanted or path is None:
            continue
        if _digest(path) != run.trace:
            raise ReportError(
                f"{path} is not the trace that the report names: it was changed.",
                advice="Vet again, or leave --with-evidence out.",
            )
        what = f"everything seen of run {run.run} ({run.phase})"
        exhibit = Exhibit(
            path=trace_path(run.trace),
            media="application/octet-stream",
            sha256=run.trace,
            size=path.stat().st_size,
            what=what,
        )
        found[exhibit] = path
    if missing := wanted - {exhibit.sha256 for exhibit in found}:
        raise ReportError(
            f"{len(missing)} of the traces that hits point to are not in {kept.folder}.",
            advice="Vet again, or leave --with-evidence out.",
        )
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

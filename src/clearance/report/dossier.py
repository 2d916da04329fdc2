"""Making a dossier: from one vetting, what was seen inside, what was decided and proven, to the files of a pack.

1. Every file but three is an exhibit, listed with its digest in the manifest and in SHA256SUMS.
2. The statement names the digests of those two lists; its signature therefore binds every byte of the pack.
3. The same material and key give the same bytes.
"""

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from clearance.model.dossier import DossierDecision, DossierManifest, Exhibit, LedgerProof
from clearance.model.finding import Finding
from clearance.model.ids import Digest
from clearance.model.look import Look
from clearance.model.vetting import Vetting
from clearance.report import pack_layout as layout
from clearance.report.attest import statement
from clearance.report.dossier_page import PageMaterial, render_dossier_page
from clearance.report.dsse import Sign, key_id, read_public_key, seal
from clearance.report.html import render_html
from clearance.report.look_html import render_look_html
from clearance.report.look_json import render_look_json
from clearance.report.oscal.assessed import Assessed, Judged
from clearance.report.oscal.controls import controls_of
from clearance.report.oscal.poam import render_poam
from clearance.report.oscal.results import render_results
from clearance.report.statement_shapes import PAYLOAD_TYPE
from clearance.report.verifying import how_to_verify
from clearance.report.visible import spell

_MEDIA = {"json": "application/json", "html": "text/html", "md": "text/markdown", "pem": "application/x-pem-file"}
_WHAT = {
    layout.REPORT: "the report of the vetting (clearance.vet/1)",
    layout.REPORT_PAGE: "the same report as a page",
    layout.LOOK: "the report of what is in the release (clearance.look/1)",
    layout.LOOK_PAGE: "the same as a page",
    layout.RESULTS: "OSCAL assessment results",
    layout.POAM: "OSCAL plan of action and milestones",
    layout.KEY: "the key that the statement is signed with",
    layout.PAGE: "this dossier for a person",
    layout.HOW: "how to verify it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierMaterial:
    """What a dossier is made of."""

    vetting: Vetting
    report: bytes
    """The vetting's own report.json, byte for byte."""
    look: Look | None
    decisions: tuple[DossierDecision, ...]
    proofs: tuple[LedgerProof, ...]
    traces: tuple[Exhibit, ...]
    """Evidence that whoever writes the pack copies into it."""
    public_key: bytes
    """PEM."""
    created: str
    """ISO 8601, UTC."""
    tool: str
    missing: tuple[str, ...] = ()
    """What belongs into it and could not be had, each with the reason."""


def make_dossier(material: DossierMaterial, *, sign: Sign) -> Mapping[str, bytes]:
    """Path to bytes of every file of the pack but the traces.

    Raises:
        ReportError: the public key is none.
    """
    keyid = key_id(read_public_key(material.public_key))
    evidence = _evidence(material)
    exhibits = (*(exhibit(path, text) for path, text in sorted(evidence.items())), *material.traces)
    assessed = _assessed(material, exhibits)
    files = evidence | {
        layout.RESULTS: render_results(assessed).encode(),
        layout.POAM: render_poam(assessed).encode(),
        **layout.decision_files(material.decisions),
        **layout.proof_files(material.proofs),
        layout.KEY: material.public_key,
        layout.HOW: how_to_verify(_title(material), keyid).encode(),
    }
    shown = tuple(sorted((*map(exhibit, files, files.values()), *material.traces), key=lambda e: e.path))
    page = _page(material, shown, keyid)
    listed = tuple(sorted((*shown, exhibit(layout.PAGE, page)), key=lambda e: e.path))
    return files | {layout.PAGE: page} | _bound(material, listed, sign=sign, keyid=keyid)


def exhibit(path: str, text: bytes) -> Exhibit:
    """A file of the pack as its manifest lists it."""
    ending = path.rpartition(".")[2]
    numbered = {"tlog-proof": "proof that a record is in the log", "leaf": "the record", "vkey": "the log's key"}
    return Exhibit(
        path=path,
        media=_MEDIA.get(ending, "application/octet-stream" if ending == "leaf" else "text/plain"),
        sha256=Digest(hashlib.sha256(text).hexdigest()),
        size=len(text),
        what=_WHAT.get(path) or numbered.get(ending, "a decision"),
    )


def _evidence(material: DossierMaterial) -> dict[str, bytes]:
    files = {layout.REPORT: material.report, layout.REPORT_PAGE: render_html(material.vetting).encode()}
    if material.look is not None:
        files[layout.LOOK] = render_look_json(material.look).encode()
        files[layout.LOOK_PAGE] = render_look_html(material.look).encode()
    return files


def _bound(material: DossierMaterial, listed: tuple[Exhibit, ...], *, sign: Sign, keyid: str) -> dict[str, bytes]:
    """Manifest, list of digests, and the statement that binds both."""
    manifest = layout.manifest_text(
        DossierManifest(
            schema="clearance.dossier/1",
            release=material.vetting.release,
            verdict=material.vetting.verdict,
            created=material.created,
            tool=material.tool,
            exhibits=listed,
            decisions=material.decisions,
            proofs=material.proofs,
            controls=tuple(control.id for control in controls_of(_findings(material))),
            missing=material.missing,
        )
    )
    sums = layout.sums_text(listed, hashlib.sha256(manifest).hexdigest())
    bound = {layout.MANIFEST: manifest, layout.SUMS: sums}
    digests = {path: hashlib.sha256(text).hexdigest() for path, text in bound.items()}
    said = statement(material.vetting, material.look, material.decisions, pack=digests, created=material.created)
    return bound | {layout.STATEMENT: seal(PAYLOAD_TYPE, said, sign=sign, keyid=keyid)}


def _findings(material: DossierMaterial) -> tuple[Finding, ...]:
    return (*material.vetting.findings, *(material.look.findings if material.look else ()))


def _assessed(material: DossierMaterial, exhibits: tuple[Exhibit, ...]) -> Assessed:
    vetting, look = material.vetting, material.look
    vetted = _time(vetting.created, material.created)
    judged = [Judged(finding=f, method="TEST", collected=vetted, report=layout.REPORT) for f in vetting.findings]
    if look is not None:
        looked = _time(look.created, material.created)
        judged += [Judged(finding=f, method="EXAMINE", collected=looked, report=layout.LOOK) for f in look.findings]
    staged = "; ".join(
        f"{f.name}: {len(f.levels)} levels besides {f.baseline} in {f.runs} runs{' (gap)' if f.gap else ''}"
        for f in vetting.staged
    )
    return Assessed(
        release=vetting.release,
        judged=tuple(judged),
        exhibits=exhibits,
        decisions=material.decisions,
        plan=spell(f"Seed {vetting.seed}, {vetting.stats.runs} runs. Staged: {staged or 'nothing'}."),
        started=vetted,
        created=material.created,
        tool=vetting.tool,
    )


def _time(said: str, latest: str) -> str:
    """A time as OSCAL takes it, with its zone; what is none happened before the dossier was made."""
    try:
        return said if datetime.datetime.fromisoformat(said).tzinfo else latest
    except ValueError:
        return latest


def _page(material: DossierMaterial, shown: tuple[Exhibit, ...], keyid: str) -> bytes:
    page = PageMaterial(
        vetting=material.vetting,
        look=material.look,
        decisions=material.decisions,
        proofs=material.proofs,
        exhibits=shown,
        missing=material.missing,
        keyid=keyid,
        created=material.created,
        tool=material.tool,
    )
    return render_dossier_page(page).encode()


def _title(material: DossierMaterial) -> str:
    """What it is about, without any sign that Markdown or HTML could read as markup."""
    release = material.vetting.release
    return re.sub(r"[^A-Za-z0-9 .,@+-]+", "-", f"{release.title} {release.version}, {release.platform}")[:200]

"""The page of a dossier: one file for a person, no script, nothing loaded, made to be printed (see ``report.html``)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from clearance.model.dossier import DossierDecision, Exhibit, LedgerProof
from clearance.model.finding import Clear, Finding, Gap, Hit, Severity
from clearance.model.look import Look
from clearance.model.vetting import Vetting
from clearance.report.html import environment, own_file, policy
from clearance.report.look_terminal import LOOK_MEANINGS
from clearance.report.meanings import measured, severity_counts, trigger_text
from clearance.report.oscal.controls import Control, bearings, controls_of
from clearance.report.verifying import ONE, PROOFS, STEPS

_DIFFERENCES = 6
"""Named differences of a hit that the page tells; the report has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMaterial:
    """What the page tells."""

    vetting: Vetting
    look: Look | None
    decisions: tuple[DossierDecision, ...]
    proofs: tuple[LedgerProof, ...]
    exhibits: tuple[Exhibit, ...]
    missing: tuple[str, ...]
    keyid: str
    created: str
    tool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierHit:
    """One hit as the page shows it."""

    hit: Hit
    differences: tuple[str, ...]
    trigger: tuple[str, ...]
    measured: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """One control, and what bears on it."""

    control: Control
    whys: tuple[str, ...]
    state: str


def render_dossier_page(material: PageMaterial) -> str:
    """The page as text; encode it as UTF-8."""
    style, findings = own_file("page.css") + own_file("dossier.css"), _findings(material)
    hits = sorted((f for f in findings if isinstance(f, Hit)), key=lambda hit: -hit.severity.rank)
    text = (
        environment()
        .get_template("dossier.html.j2")
        .render(
            d=material,
            vetting=material.vetting,
            release=material.vetting.release,
            style=Markup(style),  # noqa: S704 - our own files, read from the package
            policy=policy(style=style),
            severities=severity_counts(findings),
            cards=[_card(hit) for hit in hits if hit.severity is not Severity.INFO],
            told=[hit for hit in hits if hit.severity is Severity.INFO],
            gaps=sorted((f for f in findings if isinstance(f, Gap)), key=lambda gap: not gap.blocks_verdict),
            clears=[f for f in findings if isinstance(f, Clear)],
            controls=[_row(control, findings) for control in controls_of(findings)],
            proofs=[_proof(number, proof) for number, proof in enumerate(material.proofs, start=1)],
            look_meanings=LOOK_MEANINGS,
            steps=STEPS,
            one=ONE,
            proofs_how=PROOFS,
        )
    )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _findings(material: PageMaterial) -> tuple[Finding, ...]:
    return (*material.vetting.findings, *(material.look.findings if material.look else ()))


def _card(hit: Hit) -> DossierHit:
    told = tuple(dict.fromkeys(d for item in hit.because for d in item.differences))
    more = (f"and {len(told) - _DIFFERENCES} more, in the report",) if len(told) > _DIFFERENCES else ()
    return DossierHit(
        hit=hit, differences=told[:_DIFFERENCES] + more, trigger=trigger_text(hit), measured=measured(hit)
    )


def _row(control: Control, findings: Sequence[Finding]) -> ControlRow:
    whys = tuple(
        dict.fromkeys(
            bearing.why
            for rule in dict.fromkeys(f.rule for f in findings)
            for bearing in bearings(rule)
            if bearing.control == control
        )
    )
    bearing = [f for f in findings if control in {b.control for b in bearings(f.rule)}]
    risks = any(isinstance(f, Hit) and f.severity is not Severity.INFO for f in bearing)
    gaps = any(isinstance(f, Gap) for f in bearing)
    return ControlRow(control=control, whys=whys, state="hit" if risks else "gap" if gaps else "clear")


def _proof(number: int, proof: LedgerProof) -> tuple[str, str, str, str]:
    origin, size, _ = (*proof.checkpoint.split("\n", 2), "", "")[:3]
    return f"{number:03d}", origin, f"{proof.index} of {size}", hashlib.sha256(proof.leaf).hexdigest()

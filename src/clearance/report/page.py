"""The HTML page as values: everything the template lays out, worked out beforehand."""

import re
from dataclasses import dataclass

from clearance.model.finding import Clear, Evidence, Finding, Gap, Hit, Severity
from clearance.model.ids import Digest, FactorName, LevelName
from clearance.model.release import Problem
from clearance.model.vetting import EndpointRow, MatrixCell, StagedFactor, TimelineRow, Vetting
from clearance.report.meanings import clears, count, data_size, duration, gaps, hits, measured, severity_counts
from clearance.report.side_by_side import SideBySide, side_by_side

_ATLAS_ID = re.compile(r"AML\.T\d{4}(\.\d{3})?", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LANE_WIDTH = 1000
"""Units from the start to the end of a lane."""
_LANES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text, and where it leads: an anchor of the page or an address we made ourselves, or nowhere."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvidence:
    """One piece of evidence, both sides marked."""

    evidence: Evidence
    sides: SideBySide
    traces: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One finding, with its anchor and its factors linked to what was staged."""

    anchor: str
    finding: Finding
    factors: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitCard:
    """One hit with its exhibits."""

    anchor: str
    hit: Hit
    factors: tuple[Link, ...]
    trigger: tuple[tuple[FactorName, LevelName], ...]
    measured: tuple[tuple[str, str], ...]
    """Label and value."""
    atlas: tuple[Link, ...]
    exhibits: tuple[ShownEvidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One factor over all places; None where nothing is known."""

    factor: Link
    cells: tuple[MatrixCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One kind of event of the timeline: where its marks stand, in thousandths of the width."""

    name: str
    count: int
    marks: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page."""

    vetting: Vetting
    severities: tuple[tuple[Severity, int], ...]
    hits: tuple[HitCard, ...]
    gaps: tuple[Card, ...]
    clears: tuple[Card, ...]
    places: tuple[str, ...]
    matrix: tuple[MatrixRow, ...]
    endpoints: tuple[EndpointRow, ...]
    staged: tuple[tuple[str, StagedFactor], ...]
    """Anchor and factor."""
    lanes: tuple[Lane, ...]
    timeline_end: float
    """Seconds."""
    problems: tuple[Problem, ...]
    figures: tuple[tuple[str, str], ...]
    """Label and value of what the campaign cost."""


def lay_out(vetting: Vetting) -> Page:
    """The page of a vetting."""
    links = _Links(vetting)
    end = max((row.at for row in vetting.timeline), default=0.0)
    places = tuple(dict.fromkeys(cell.place for cell in vetting.matrix))
    return Page(
        vetting=vetting,
        severities=severity_counts(vetting.findings),
        hits=tuple(_hit_card(index, hit, links) for index, hit in hits(vetting)),
        gaps=tuple(_card(index, gap, links) for index, gap in gaps(vetting)),
        clears=tuple(_card(index, clear, links) for index, clear in clears(vetting)),
        places=places,
        matrix=_matrix(vetting.matrix, places, links),
        endpoints=vetting.endpoints,
        staged=tuple((f"factor-{index}", factor) for index, factor in enumerate(vetting.staged)),
        lanes=_lanes(vetting.timeline, end),
        timeline_end=end,
        problems=(*vetting.release.problems, *(p for item in vetting.release.artifacts for p in item.problems)),
        figures=_figures(vetting),
    )


class _Links:
    """Which factors and traces this page has an anchor for."""

    def __init__(self, vetting: Vetting) -> None:
        self._factors = {factor.name: f"#factor-{index}" for index, factor in enumerate(vetting.staged)}
        self._traces = {row.trace for row in vetting.runs if _DIGEST.fullmatch(row.trace)}

    def factor(self, name: FactorName) -> Link:
        return Link(text=name, href=self._factors.get(name, ""))

    def trace(self, digest: Digest) -> Link:
        return Link(text=digest, href=f"#trace-{digest}" if digest in self._traces else "")


def _card(index: int, finding: Clear | Gap, links: _Links) -> Card:
    return Card(
        anchor=f"finding-{index}", finding=finding, factors=tuple(links.factor(name) for name in finding.factors)
    )


def _hit_card(index: int, hit: Hit, links: _Links) -> HitCard:
    return HitCard(
        anchor=f"finding-{index}",
        hit=hit,
        factors=tuple(links.factor(name) for name in hit.factors),
        trigger=tuple(sorted(hit.trigger.items())),
        measured=measured(hit),
        atlas=tuple(_atlas(technique) for technique in hit.atlas),
        exhibits=tuple(_exhibit(evidence, links) for evidence in hit.because),
    )


def _atlas(technique: str) -> Link:
    known = _ATLAS_ID.fullmatch(technique)
    return Link(text=technique, href=f"https://atlas.mitre.org/techniques/{technique}" if known else "")


def _exhibit(evidence: Evidence, links: _Links) -> ShownEvidence:
    return ShownEvidence(
        evidence=evidence,
        sides=side_by_side(evidence.baseline, evidence.staged),
        traces=tuple(links.trace(digest) for digest in evidence.traces),
    )


def _matrix(cells: tuple[MatrixCell, ...], places: tuple[str, ...], links: _Links) -> tuple[MatrixRow, ...]:
    known = {(cell.factor, cell.place): cell for cell in cells}
    return tuple(
        MatrixRow(factor=links.factor(factor), cells=tuple(known.get((factor, place)) for place in places))
        for factor in dict.fromkeys(cell.factor for cell in cells)
    )


def _lanes(timeline: tuple[TimelineRow, ...], end: float) -> tuple[Lane, ...]:
    """A lane for each kind of event, the first seen first; the timeline's table has those beyond the eighth."""
    kinds = tuple(dict.fromkeys(row.what for row in timeline))[:_LANES]
    lanes = []
    for kind in kinds:
        times = [row.at for row in timeline if row.what == kind]
        marks = tuple(round(_LANE_WIDTH * at / end, 1) if end else 0.0 for at in times)
        lanes.append(Lane(name=kind, count=len(times), marks=marks))
    return tuple(lanes)


def _figures(vetting: Vetting) -> tuple[tuple[str, str], ...]:
    stats = vetting.stats
    return (
        ("Runs", f"{stats.runs:,} of {stats.planned:,} planned, {stats.rooms_at_once} at once"),
        ("Factors staged", f"{stats.factors}"),
        ("Wall time", duration(stats.wall_s)),
        ("CPU time", f"{duration(stats.cpu_s)}, {duration(stats.room_cpu_s)} of it in rooms"),
        ("Peak memory", f"{stats.peak_rss_mb:.0f} MB"),
        ("Traces", data_size(stats.trace_bytes)),
        ("Downloaded", data_size(stats.downloaded_bytes)),
        ("Places compared", f"{stats.places_tested:,}"),
        ("Confirming tests", f"{count(stats.tests_confirmed, 'test')}, family-wise error {stats.family_wise_error:g}"),
    )

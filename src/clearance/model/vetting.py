"""The result of vetting one release: what the reports render and the JSON contract carries."""

import enum

import msgspec

from clearance.model.finding import Finding
from clearance.model.ids import Digest, FactorName, LevelName, RunId
from clearance.model.release import Release


class VerdictWord(enum.StrEnum):
    """The verdict: no hit, hits, or not enough seen to say."""

    CLEAR = "clear"
    FINDINGS = "findings"
    INCOMPLETE = "incomplete"


class EndpointRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One endpoint contacted (or tried), over the whole campaign."""

    scheme: str
    """``https``, ``http``, ``wss``, ``tcp``, ``udp`` or ``dns``."""
    host: str
    port: int
    purpose: str
    """``model API``, ``telemetry``, ``feature flags``, ``update``, ``unknown`` …"""
    requests: int
    bytes_out: int
    runs: int
    """Runs in which it was contacted."""
    paths: tuple[str, ...] = ()
    """Method and path, the most frequent first, at most ten."""


class StagedFactor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One factor of the campaign."""

    name: FactorName
    why: str
    """Why an assistant has no business depending on it."""
    baseline: LevelName
    levels: tuple[LevelName, ...]
    """Levels that were run, the baseline excluded."""
    runs: int
    """Runs in which it stood at another level than the baseline."""
    gap: str = ""
    """Why it could not be staged, if so."""


class MatrixState(enum.StrEnum):
    """What is known of one factor at one place."""

    HIT = "hit"
    DISCLOSED = "disclosed"
    CLEAR = "clear"
    GAP = "gap"


class MatrixCell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One factor against one group of places."""

    factor: FactorName
    place: str
    """Group of places as a reader calls it: ``prompt text``, ``request headers``, ``DNS names`` …"""
    state: MatrixState
    finding: int | None = None
    """Index into ``findings``."""


class TimelineRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that happened in a representative baseline run."""

    at: float
    """Seconds since the run began."""
    what: str
    """``dns``, ``connect``, ``request``, ``process``, ``file`` …"""
    detail: str
    size: int = 0


class RunRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One run."""

    run: RunId
    phase: str
    changed: dict[FactorName, LevelName]
    """Levels other than the baseline's."""
    outcome: str
    wall_s: float
    cpu_s: float
    requests: int
    trace: Digest


class Stats(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the campaign cost."""

    wall_s: float
    cpu_s: float
    """CPU seconds of everything: rooms, tracer, world and analysis."""
    runs: int
    planned: int
    peak_rss_mb: float
    """Peak resident memory of the product itself, rooms excluded."""
    room_cpu_s: float
    """CPU seconds inside rooms."""
    rooms_at_once: int
    factors: int
    trace_bytes: int
    downloaded_bytes: int
    places_tested: int
    tests_confirmed: int
    """Size of the family over which the error is held."""
    family_wise_error: float


class Vetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a report needs."""

    release: Release
    verdict: VerdictWord
    findings: tuple[Finding, ...]
    endpoints: tuple[EndpointRow, ...]
    staged: tuple[StagedFactor, ...]
    matrix: tuple[MatrixCell, ...]
    timeline: tuple[TimelineRow, ...]
    runs: tuple[RunRow, ...]
    stats: Stats
    seed: int
    created: str
    """ISO 8601, UTC."""
    tool: str
    """``clearance 0.1.0``."""
    replay: tuple[str, ...]
    """Commands that repeat the analysis, or the whole campaign."""
    folder: str = ""
    """Where traces and reports lie."""

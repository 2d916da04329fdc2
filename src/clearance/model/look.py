"""The result of looking into a release without running it."""

import msgspec

from clearance.model.contents import Contents
from clearance.model.finding import Finding
from clearance.model.release import Release
from clearance.model.vetting import VerdictWord


class LookStats(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a look cost."""

    wall_s: float
    cpu_s: float
    """CPU seconds of everything: this process and its workers."""
    peak_rss_mb: float
    """Of the largest single process."""
    cached: bool
    """True when it was examined before and nothing was read again."""
    downloaded_bytes: int


class Look(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is in a release and what rules say of it: what the reports render."""

    release: Release
    verdict: VerdictWord
    findings: tuple[Finding, ...]
    contents: Contents
    stats: LookStats
    created: str
    """ISO 8601, UTC."""
    tool: str

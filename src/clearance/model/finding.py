"""Findings: a Hit with evidence, a Clear, or a Gap that says why nobody could look."""

import enum

import msgspec

from clearance.model.ids import Digest, FactorName, LevelName, RuleId
from clearance.model.threat import ThreatSpan


class Severity(enum.StrEnum):
    """How much it matters if true."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info to 4 for critical."""
        return list(Severity).index(self)


class Confidence(enum.StrEnum):
    """How sure we are that it is true."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ChannelClass(enum.StrEnum):
    """What kind of dependence a channel shows."""

    DISCLOSED = "disclosed"
    COVERT_MARKER = "covert-marker"
    CONDITIONAL_TRAFFIC = "conditional-traffic"
    OPAQUE = "opaque"
    SIDE_CHANNEL = "side-channel"
    CANARY_LEAK = "canary-leak"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing a person can check."""

    what: str
    """What is shown, in a few words: ``JSON path /system/1/text, paragraph 3``."""
    baseline: str = ""
    """The value without the trigger, as sent."""
    staged: str = ""
    """The value with the trigger, as sent."""
    differences: tuple[str, ...] = ()
    """Named differences: ``U+0027 APOSTROPHE → U+2019 RIGHT SINGLE QUOTATION MARK``."""
    traces: tuple[Digest, ...] = ()
    """Traces that hold it."""
    note: str = ""


class Hit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="hit"):
    """A rule saw what it looks for, and can show where."""

    rule: RuleId
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    because: tuple[Evidence, ...]
    factors: tuple[FactorName, ...] = ()
    channel: ChannelClass | None = None
    where: str = ""
    bits: float | None = None
    """Capacity estimate in bits a run."""
    p_value: float | None = None
    replicates: int | None = None
    """Fresh runs on each side of the confirming test (the smaller side)."""
    trigger: dict[FactorName, LevelName] = {}
    """The smallest set of levels that was found to be enough."""
    atlas: tuple[str, ...] = ()
    """MITRE ATLAS technique ids."""
    advice: str = ""
    span: ThreatSpan | None = None
    """In text that an assistant reads, writes or sends: where, in bytes, and what was judged."""

    def __post_init__(self) -> None:
        """Refuse a hit without evidence."""
        if not self.because:
            raise ValueError(f"{self.rule}: a hit without evidence is an opinion")

    @property
    def covert(self) -> bool:
        """True exactly for the class ``covert-marker``."""
        return self.channel is ChannelClass.COVERT_MARKER


class Clear(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="clear"):
    """A rule looked at everything it needs and saw nothing."""

    rule: RuleId
    title: str
    message: str
    factors: tuple[FactorName, ...] = ()
    replicates: int | None = None


class Gap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="gap"):
    """Nobody could look, and why. Never a pass."""

    rule: RuleId
    title: str
    message: str
    factors: tuple[FactorName, ...] = ()
    where: str = ""
    advice: str = ""
    blocks_verdict: bool = False
    """True when the verdict cannot be ``clear`` because of it."""


Finding = Hit | Clear | Gap

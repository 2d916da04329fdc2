"""How well a judge of text does: recall of families that taught it nothing, at a budget of false alarms."""

import msgspec


class FamilyRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One family at one threshold."""

    family: str
    rows: int
    flagged: float
    """The share that lies above the threshold."""
    low: float
    high: float
    """95 % interval by bootstrap over the rows."""


class OperatingPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything at one budget."""

    percent: float
    """False alarms allowed, in percent of ordinary windows."""
    threshold: float
    windows: int
    """Ordinary windows of other projects that were judged."""
    alarms: float
    """The share of them that lies above the threshold."""
    families: tuple[FamilyRecall, ...]
    macro: float
    """The mean over families of attacks, each counting the same."""
    low: float
    high: float


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One point of a curve: recall at a budget that the judged windows themselves give."""

    percent: float
    macro: float


class JudgeRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One judge on all rows."""

    name: str
    points: tuple[OperatingPoint, ...]
    curve: tuple[CurvePoint, ...]
    ordinary: dict[str, tuple[float, ...]]
    """Ordinary families beside developer text: the share flagged at each point."""


class RequestRecall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the head for requests does at one threshold."""

    percent: float
    threshold: float
    caught: dict[str, float]
    """Families of requests that only harm: the share flagged."""
    flagged: dict[str, float]
    """Families of ordinary requests about security: the share flagged."""


class ClassifierBench(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole benchmark, ours first."""

    schema: str = "clearance.classify-bench/1"
    weights: str
    fitted_on: int
    """Ordinary windows that thresholds come from."""
    judges: tuple[JudgeRecall, ...]
    requests: tuple[RequestRecall, ...]
    unread: tuple[str, ...]
    """Files of the named data that no reader knows."""

"""The JSON of a classification: the contract ``clearance.classify/1``."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from clearance.model.finding import Finding
from clearance.model.threat import SpanChannel
from clearance.report.portable import portable_json

CLASSIFY_SCHEMA_ID: Final = "clearance.classify/1"


class Classification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One text, judged."""

    schema: Literal["clearance.classify/1"] = CLASSIFY_SCHEMA_ID
    channel: SpanChannel
    size: int
    """Bytes of the text."""
    findings: tuple[Finding, ...]


def render_classification(findings: Sequence[Finding], channel: SpanChannel, size: int) -> str:
    """The report as ASCII text, indented by two, with a line feed at the end."""
    return portable_json(Classification(channel=channel, size=size, findings=tuple(findings)))

"""Labelled text: what training and the benchmark read and the generator writes."""

import enum

import msgspec

from clearance.model.threat import MisuseTier, SpanChannel


class Label(enum.StrEnum):
    """What a row is an example of. Heads that a row says nothing of do not learn from it."""

    ORDINARY = "ordinary"
    INJECTION = "injection"
    JAILBREAK = "jailbreak"
    MISUSE = "misuse"


class LabelledText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One text, where it would stand, and what it is."""

    text: str
    channel: SpanChannel
    label: Label
    family: str
    """The source, as a name: rows of one family are never divided between training and judging."""
    tier: MisuseTier | None = None
    exfiltrates: bool = False
    quoted: bool = False
    """An attack that is only shown: documentation, a test, a report."""

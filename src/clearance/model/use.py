"""What a decision is about: who wants to use which assistant, with which model, through which channel.

An empty text means *not known*, never *any*. What tightens counts for what is not known; what loosens does not.
"""

import enum

import msgspec


class AccessChannel(enum.StrEnum):
    """The way from the assistant to the model."""

    VENDOR_API = "vendor-api"
    BEDROCK = "bedrock"
    VERTEX = "vertex"
    AZURE = "azure"
    OWN_GATEWAY = "own-gateway"


class Subject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The person and what is known about where they stand."""

    who: str = ""
    """An address or an account name."""
    entity: str = ""
    """The legal entity that employs them, by its id in the organisation file."""
    country: str = ""
    """Where they work: ISO 3166-1 (``HK``), or ISO 3166-2 where a part of a country matters (``UA-43``)."""
    groups: frozenset[str] | None = None
    """Every group they are in; None when nobody knows."""
    ring: str = ""
    """The ring of the device: ``canary``, ``broad``."""


class Use(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One use of one assistant."""

    subject: Subject = Subject()
    tool: str
    version: str = ""
    model: str = ""
    provider: str = ""
    """Who made the model; the knowledge base names it by the model's name when it is empty."""
    channel: AccessChannel | None = None
    data_class: str = ""

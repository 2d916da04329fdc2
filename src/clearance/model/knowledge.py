"""What the knowledge base knows: assistants, providers, rules, measures, incidents, catalogues.

Data, not code: it ships as TOML, is replaced by a signed file, and every fact says where it comes from and when.
"""

import msgspec

from clearance.model.region import LegalEntity, Measure, ProviderRule, Snapshot, Sourced
from clearance.model.use import AccessChannel


class KnownProvider(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who makes models or runs a channel."""

    id: str
    title: str
    models: tuple[str, ...] = ()
    """The names its models go by, ``*`` for any letters."""
    runs: tuple[AccessChannel, ...] = ()


class KnownAssistant(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tool that decisions can be about."""

    id: str
    title: str
    vendor: str
    licence: str = ""
    aliases: tuple[str, ...] = ()
    versioning: str = "semver"
    """``semver`` or ``pep440``."""
    managed_files: dict[str, str] = msgspec.field(default_factory=dict)
    """Platform to path of the administrator's settings."""
    managed_keys: tuple[str, ...] = ()


class Incident(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that happened with an assistant, and the control that would have caught it."""

    id: str
    date: str
    tools: tuple[str, ...]
    what: str
    control: str
    affected: str = ""
    cve: str = ""
    atlas: str = ""


class EmployerMeasure(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an employer decided for itself: news, no rule for anybody else."""

    id: str
    entity: str
    from_: str = msgspec.field(name="from")
    what: str
    replacement: str = ""


class Catalogue(Sourced, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Identifiers of somebody else's catalogue with short names of ours."""

    id: str
    title: str
    items: dict[str, str]


class Knowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The whole knowledge base, or the part that one file adds to it."""

    schema: str = "clearance.knowledge/1"
    collected: str = ""
    providers: tuple[KnownProvider, ...] = ()
    assistants: tuple[KnownAssistant, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    rules: tuple[ProviderRule, ...] = ()
    measures: tuple[Measure, ...] = ()
    incidents: tuple[Incident, ...] = ()
    employers: tuple[EmployerMeasure, ...] = ()
    catalogues: tuple[Catalogue, ...] = ()


class KnowledgeSignature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's Ed25519 signature over an update's digest, their name and the time."""

    person: str
    key: str
    """First 16 hex characters of the SHA-256 of the public key."""
    at: str
    """UTC: ``2026-07-02T09:00:00Z``."""
    value: str
    """Base64."""


class KnowledgeUpdate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Facts that replace or join those that shipped, as one signed file."""

    schema: str = "clearance.knowledge-update/1"
    serial: int
    """Counts up: an update never replaces a later one."""
    from_: str = msgspec.field(default="", name="from")
    """The instant (UTC where no offset is named) from which its facts count; at once where it is empty."""
    until: str = ""
    """The last day on which it may be imported."""
    note: str = ""
    knowledge: Knowledge
    signatures: tuple[KnowledgeSignature, ...] = ()


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody who may sign."""

    id: str
    public_key: str
    """Base64 of the 32 bytes of an Ed25519 public key."""
    from_: str = msgspec.field(default="", name="from")
    until: str = ""
    """The key counts within these instants; a day is a day in UTC."""
    roles: tuple[str, ...] = ("tighten", "loosen")
    """``tighten``, ``loosen``, ``knowledge``."""


class Colleague(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody who uses assistants."""

    who: str
    entity: str = ""
    country: str = ""
    groups: tuple[str, ...] = ()
    ring: str = ""


class Established(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A condition of which it is known whether it holds."""

    condition: str
    holds: bool
    tool: str = ""
    version: str = ""
    evidence: str = ""


class Organisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What only the company itself knows: its entities, signers, members, and what was established."""

    schema: str = "clearance.organisation/1"
    entities: tuple[LegalEntity, ...] = ()
    people: tuple[Person, ...] = ()
    members: tuple[Colleague, ...] = ()
    established: tuple[Established, ...] = ()
    silence: str = "deny"
    """The answer when no record speaks: ``deny`` or ``ask``."""

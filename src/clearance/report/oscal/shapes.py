"""The part of OSCAL 1.1 that a dossier writes, as structs: https://pages.nist.gov/OSCAL-Reference/models.

What has its default is left out: OSCAL knows no empty list and no empty text.
"""

import hashlib
import uuid
from typing import Final

import msgspec

from clearance.report.visible import spell

OSCAL_VERSION: Final = "1.1.3"
NS: Final = "https://clearance.dev/ns/oscal"
"""Of our properties, and of the UUIDs that follow from digests."""
_FAMILY = uuid.uuid5(uuid.NAMESPACE_URL, NS)


class Prop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A named value."""

    name: str
    ns: str
    value: str
    remarks: str = ""


class Hash(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A digest of a resource."""

    algorithm: str
    value: str


class Rlink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Where a resource lies."""

    href: str
    media_type: str
    hashes: tuple[Hash, ...]


class Resource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something that is referred to."""

    uuid: str
    title: str
    description: str
    rlinks: tuple[Rlink, ...] = ()


class BackMatter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Resources."""

    resources: tuple[Resource, ...]


class Metadata(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What every document begins with."""

    title: str
    last_modified: str
    version: str
    oscal_version: str = OSCAL_VERSION


class Actor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Who saw it: a tool, by its component."""

    type: str
    actor_uuid: str


class Origin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an observation comes from."""

    actors: tuple[Actor, ...]


class SubjectRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What was observed."""

    subject_uuid: str
    type: str


class RelevantEvidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Evidence of an observation."""

    href: str
    description: str


class Observation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"
):
    """What was seen, or what nobody could look at."""

    uuid: str
    title: str
    description: str
    props: tuple[Prop, ...]
    methods: tuple[str, ...]
    types: tuple[str, ...]
    origins: tuple[Origin, ...]
    subjects: tuple[SubjectRef, ...]
    relevant_evidence: tuple[RelevantEvidence, ...]
    collected: str
    remarks: str = ""


class ObservationRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A reference to an observation."""

    observation_uuid: str


class RiskRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A reference to a risk."""

    risk_uuid: str


class Facet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One property of a risk."""

    name: str
    system: str
    value: str


class Characterization(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a risk matters, by whom."""

    origin: Origin
    facets: tuple[Facet, ...]


class ThreatId(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A threat in somebody's catalogue."""

    system: str
    id: str


class Remediation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do about a risk."""

    uuid: str
    lifecycle: str
    title: str
    description: str


class Risk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"):
    """What a hit means for whoever uses the release."""

    uuid: str
    title: str
    description: str
    statement: str
    status: str
    threat_ids: tuple[ThreatId, ...] = ()
    characterizations: tuple[Characterization, ...]
    remediations: tuple[Remediation, ...] = ()
    related_observations: tuple[ObservationRef, ...]


class Status(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """State of a component."""

    state: str


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The release, or the tool that looked at it."""

    uuid: str
    type: str
    title: str
    description: str
    props: tuple[Prop, ...]
    status: Status


def document_id(*parts: object) -> str:
    """A UUID that follows from its parts alone: the same digests, the same id."""
    said = hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "backslashreplace")).hexdigest()
    return str(uuid.uuid5(_FAMILY, said))


def line(text: str) -> str:
    """A text on one line, nothing unseen in it, never empty: what OSCAL takes for a title or a value."""
    return " ".join(spell(text).split()) or "-"


def prop(name: str, value: str, *, remarks: str = "") -> Prop:
    """A property of ours."""
    return Prop(name=name, ns=NS, value=line(value), remarks=remarks)

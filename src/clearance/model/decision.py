"""Decisions: the record that people sign, and the answer for one use with its reasons.

A record's times are texts, as people write them: ``2026-07-10`` is a whole day in the record's zone, ``from`` its first
second and ``until`` its last; ``2026-07-10T18:00:00`` is a time of that zone, and one with an offset is that instant.
"""

import datetime
import enum
from typing import NewType

import msgspec

from clearance.model.use import AccessChannel

RecordId = NewType("RecordId", str)
"""SHA-256 of the record's canonical bytes without its signatures."""


class DecisionKind(enum.StrEnum):
    """What a record does."""

    APPROVE = "approve"
    RESTRICT = "restrict"
    BAN = "ban"
    LIFT = "lift"
    EXCEPT = "except"

    @property
    def loosens(self) -> bool:
        """Whether it lets more happen; then two people sign it, else one."""
        return self in (DecisionKind.APPROVE, DecisionKind.LIFT, DecisionKind.EXCEPT)


class Scope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which uses a record is about. Each field must fit; an empty one fits everything."""

    tools: tuple[str, ...] = ()
    versions: str = ""
    """A window: ``>=2.1.300,<2.2``."""
    models: tuple[str, ...] = ()
    """Names, ``*`` for any letters: ``claude-*``."""
    providers: tuple[str, ...] = ()
    channels: tuple[AccessChannel, ...] = ()
    entities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """A member of any of them."""
    rings: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Why, and where it can be checked."""

    text: str
    evidence: str = ""
    """SHA-256 of what shows it."""
    source: str = ""
    """An address."""


class Signature(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's Ed25519 signature over the record's id, their name and the time."""

    person: str
    key: str
    """First 16 hex characters of the SHA-256 of the public key."""
    at: str
    """When they signed, UTC: ``2026-07-02T09:00:00Z``."""
    value: str
    """Base64."""


class DecisionRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One decision, as it lies in a file."""

    schema: str = "clearance.decision/1"
    kind: DecisionKind
    scope: Scope = Scope()
    from_: str = msgspec.field(default="", name="from")
    until: str = ""
    zone: str = ""
    """IANA name; the zone of the scope's entity where it is empty."""
    conditions: tuple[str, ...] = ()
    """What must hold: ``gate``, ``vet:no covert hit``."""
    lift_when: tuple[str, ...] = ()
    """On a ban: what would have to hold for it to be lifted."""
    permanent: bool = False
    lifts: str = ""
    """On a lift: the id of the ban or restriction."""
    meets: tuple[str, ...] = ()
    """On a lift: the conditions of the ban that are now met."""
    against: tuple[str, ...] = ()
    """On an exception: the ids of the bans and restrictions that do not count for its scope."""
    reasons: tuple[Reason, ...] = ()
    replacement: str = ""
    message: str = ""
    """What the developer reads."""
    owner: str = ""
    ticket: str = ""
    created: str = ""
    review: str = ""
    """The day at which somebody looks again."""
    signatures: tuple[Signature, ...] = ()


class Answer(enum.StrEnum):
    """What may happen. Only the first two let it happen."""

    PERMIT = "permit"
    PERMIT_WITH_CONDITIONS = "permit with conditions"
    ASK = "ask"
    DENY = "deny"

    @property
    def permits(self) -> bool:
        """Whether the use may go on."""
        return self in (Answer.PERMIT, Answer.PERMIT_WITH_CONDITIONS)

    @property
    def strictness(self) -> int:
        """0 for permit to 3 for deny."""
        return _STRICTNESS[self]


_STRICTNESS = {answer: n for n, answer in enumerate(Answer)}


class Because(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One link of the chain of reasons."""

    says: Answer | None = None
    """What this link alone asks for; None for a note that changes nothing."""
    what: str
    record: str = ""
    rule: str = ""
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer for one use at one moment."""

    answer: Answer
    chain: tuple[Because, ...]
    """The strictest first."""
    conditions: tuple[str, ...] = ()
    """What whoever enforces the answer has to see to."""
    at: datetime.datetime
    changes_at: datetime.datetime | None = None
    """The next moment at which answer or conditions differ, as records and facts are today; None: never."""
    replacement: str = ""
    message: str = ""

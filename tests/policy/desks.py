"""People who sign, records and facts to decide with; their keys are no secrets."""

import base64
from datetime import UTC, datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearance.model.decision import DecisionKind, DecisionRecord, Reason, Scope
from clearance.model.knowledge import Organisation, Person
from clearance.model.region import LegalEntity
from clearance.model.use import AccessChannel, Subject, Use
from clearance.policy.book import Book
from clearance.policy.circumstances import Circumstances
from clearance.policy.knowledge import shipped_knowledge
from clearance.policy.signing import sign

KEYS = {name: Ed25519PrivateKey.from_private_bytes(bytes([n + 1]) * 32) for n, name in enumerate(("ann", "ben", "cyd"))}
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def public(name: str) -> str:
    return base64.b64encode(KEYS[name].public_key().public_bytes_raw()).decode()


PEOPLE = tuple(Person(id=name, public_key=public(name)) for name in KEYS)
ENTITIES = (
    LegalEntity(
        id="works", headquarters="SG", zone="Asia/Singapore", independent=True, source="example", seen="2026-07-01"
    ),
    LegalEntity(
        id="berlin", headquarters="DE", zone="Europe/Berlin", independent=True, source="example", seen="2026-07-01"
    ),
)


def facts(**changes: object) -> Circumstances:
    organisation = Organisation(entities=ENTITIES, people=PEOPLE)
    return Circumstances(shipped_knowledge(), msgspec.structs.replace(organisation, **changes))


FACTS = facts()


def record(kind: str, **fields: object) -> DecisionRecord:
    defaults: dict[str, object] = {"owner": "sec@acme.example", "created": "2026-06-01", "zone": "UTC"}
    defaults["reasons"] = (Reason(text="because of the test"),)
    if kind == "ban":
        defaults["lift_when"] = ("vet:no covert hit",)
    return DecisionRecord(kind=DecisionKind(kind), **{**defaults, **fields})  # type: ignore[arg-type]


def signed(made: DecisionRecord, *names: str, at: datetime = NOW) -> DecisionRecord:
    people = {person.id: person for person in PEOPLE}
    for name in names or (("ann", "ben") if made.kind.loosens else ("ann",)):
        signature = sign(made, people[name], KEYS[name], at)
        made = msgspec.structs.replace(made, signatures=(*made.signatures, signature))
    return made


def book(*records: DecisionRecord, about: Circumstances = FACTS) -> Book:
    return Book(records, about, now=int(NOW.timestamp()) + 60)


def use(**changes: object) -> Use:
    subject = Subject(who="dev", entity="works", country="SG", groups=frozenset({"payments"}))
    plain = Use(
        subject=subject,
        tool="claude-code",
        version="2.1.320",
        model="claude-opus-4-8",
        channel=AccessChannel.VENDOR_API,
    )
    return msgspec.structs.replace(plain, **changes)


APPROVED = signed(record("approve", scope=Scope(tools=("claude-code",))))

"""Signatures of people on records: Ed25519 over what is decided, who signs and when.

1. The signer is in the people file, with the role for what the record does (``tighten`` or ``loosen``).
2. Their key counted when they signed; to sign now it must count now.
3. The signature fits the record's id, the person and the time, so that none of them can be exchanged.
4. A time in the future is refused: either the clock was turned back or the signature was made up.
5. What loosens needs two different people with two different keys; what tightens needs one.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clearance.model.decision import DecisionRecord, Signature
from clearance.model.knowledge import Person
from clearance.policy.digests import sha256_hex
from clearance.policy.errors import PolicyError
from clearance.policy.records import record_id
from clearance.policy.times import as_datetime, begins, ends


def needed(record: DecisionRecord) -> int:
    """How many different people must sign."""
    return 2 if record.kind.loosens else 1


def sign(record: DecisionRecord, person: Person, key: Ed25519PrivateKey, at: datetime) -> Signature:
    """The person's signature. Raises PolicyError when it would not count."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if base64.b64encode(public).decode() != person.public_key:
        raise PolicyError(
            f"The key does not belong to {person.id}.",
            advice="Use the key whose public half is in the organisation file.",
        )
    _refuse_role(record, person)
    second = int(at.timestamp())
    _refuse_key_time(person, second, "now")
    if any(s.person == person.id for s in record.signatures):
        raise PolicyError(f"{person.id} has signed this already.", advice="Somebody else has to sign.")
    if any(s.key == key_id(public) for s in record.signatures):
        raise PolicyError("This key has signed already.", advice="The second person signs with their own key.")
    stamp = as_datetime(second).strftime("%Y-%m-%dT%H:%M:%SZ")
    value = key.sign(_message(record_id(record), person.id, stamp))
    return Signature(person=person.id, key=key_id(public), at=stamp, value=base64.b64encode(value).decode())


def objections(record: DecisionRecord, people: Iterable[Person], now: int) -> Iterator[str]:
    """Why the record does not count yet; nothing when enough different people signed. Never raises."""
    known = {person.id: person for person in people}
    persons: set[str] = set()
    keys: set[str] = set()
    for signature in record.signatures:
        try:
            _verify(record, signature, known, now)
        except PolicyError as error:
            yield str(error)
        else:
            persons.add(signature.person)
            keys.add(known[signature.person].public_key)
    missing = needed(record) - min(len(persons), len(keys))
    if missing > 0:
        have = f", signed by {', '.join(sorted(persons))}" if persons else ""
        whom = "2 different people" if needed(record) > 1 else "one person"
        yield f"it needs the signatures of {whom}, {missing} missing{have}"


def signers(record: DecisionRecord, people: Iterable[Person], now: int) -> tuple[str, ...]:
    """The people whose signatures hold, sorted. Never raises."""
    known = {person.id: person for person in people}
    found: set[str] = set()
    for signature in record.signatures:
        with suppress(PolicyError):
            _verify(record, signature, known, now)
            found.add(signature.person)
    return tuple(sorted(found))


def counts(record: DecisionRecord, people: Iterable[Person], now: int) -> str:
    """Empty when the record counts, else why not. One bad signature beside enough good ones does no harm."""
    found = list(objections(record, people, now))
    return "; ".join(found) if found and "missing" in found[-1] else ""


def key_id(public: bytes) -> str:
    """First 16 hex digits of the SHA-256 of the public key."""
    return sha256_hex(public)[:16]


def _verify(record: DecisionRecord, signature: Signature, known: dict[str, Person], now: int) -> None:
    if signature.person not in known:
        raise PolicyError(
            f"{signature.person!r} is not among the people who may sign", advice="Add them, or sign again."
        )
    person = known[signature.person]
    _refuse_role(record, person)
    when = begins(signature.at, "UTC", tightens=True)
    if when > now:
        raise PolicyError(
            f"the signature of {person.id} is of {signature.at}, which is still to come: was the clock turned back?",
            advice="Set the clock.",
        )
    _refuse_key_time(person, when, f"at {signature.at}")
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(person.public_key, validate=True))
        value = base64.b64decode(signature.value, validate=True)
        public.verify(value, _message(record_id(record), person.id, signature.at))
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise PolicyError(f"the signature of {person.id} does not fit the record", advice="Sign it again.") from error


def _refuse_role(record: DecisionRecord, person: Person) -> None:
    role = "loosen" if record.kind.loosens else "tighten"
    if role not in person.roles:
        raise PolicyError(
            f"{person.id} may not sign what {role}s", advice=f"Somebody with the role {role} has to sign."
        )


def _refuse_key_time(person: Person, second: int, when: str) -> None:
    if not begins(person.from_, "UTC", tightens=False) <= second < ends(person.until, "UTC", tightens=False):
        window = f"from {person.from_ or 'always'} until {person.until or 'ever'}"
        raise PolicyError(
            f"the key of {person.id} does not count {when}: it is valid {window}",
            advice="Put a new key into the organisation file.",
        )


def _message(record: str, person: str, at: str) -> bytes:
    return f"clearance.decision-signature/1\n{record}\n{person}\n{at}\n".encode()

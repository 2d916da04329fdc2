"""Updates of the knowledge base: signed files, checked before anything in them counts.

1. The schema is known, every fact has its source and date (the nouns refuse others), and it may still be imported.
2. Two different people with the role ``knowledge`` signed it with keys that counted then: a list of places can loosen.
3. Its serial is higher than that of every update that was imported: an old file cannot come back.
4. Its facts count from ``from`` on; where two facts have one id the later update counts.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clearance.model.knowledge import Knowledge, KnowledgeSignature, KnowledgeUpdate, Person
from clearance.policy.digests import sha256_hex
from clearance.policy.errors import PolicyError
from clearance.policy.knowledge import merged
from clearance.policy.signing import key_id
from clearance.policy.times import as_datetime, begins, ends

ROLE = "knowledge"
NEEDED = 2
"""How many different people must sign."""


def read_update(raw: bytes, name: str) -> KnowledgeUpdate:
    """The update in a file. Raises PolicyError."""
    try:
        update = msgspec.json.decode(raw, type=KnowledgeUpdate)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise PolicyError(f"{name} is no update of the knowledge base: {error}.", advice=_PACK) from error
    if update.schema != "clearance.knowledge-update/1":
        raise PolicyError(f"{name}: {update.schema!r} is no schema that is known.", advice="Update Clearance.")
    if update.serial < 1:
        raise PolicyError(f"{name}: serials begin with 1.", advice=_PACK)
    merged([update.knowledge])
    starts(update)
    _expires(update)
    return update


_PACK = "`clearance knowledge pack` makes one of a TOML file."


def digest_of(update: KnowledgeUpdate) -> str:
    """SHA-256 of the update without its signatures."""
    return sha256_hex(msgspec.json.encode(msgspec.structs.replace(update, signatures=())))


def sign_update(update: KnowledgeUpdate, person: Person, key: Ed25519PrivateKey, at: datetime) -> KnowledgeUpdate:
    """The update with one signature more. Raises PolicyError when it would not count."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if base64.b64encode(public).decode() != person.public_key:
        raise PolicyError(f"The key does not belong to {person.id}.", advice="Use the key of the organisation file.")
    stamp = as_datetime(int(at.timestamp())).strftime("%Y-%m-%dT%H:%M:%SZ")
    value = base64.b64encode(key.sign(_message(digest_of(update), person.id, stamp))).decode()
    signature = KnowledgeSignature(person=person.id, key=key_id(public), at=stamp, value=value)
    _verify(update, signature, {person.id: person}, int(at.timestamp()))
    if any(other.person == person.id or other.key == signature.key for other in update.signatures):
        raise PolicyError(f"{person.id} has signed this already.", advice="Somebody else has to sign.")
    return msgspec.structs.replace(update, signatures=(*update.signatures, signature))


def check_update(
    update: KnowledgeUpdate, people: Iterable[Person], installed: Iterable[KnowledgeUpdate], now: int
) -> None:
    """Raise PolicyError with the reason when the update may not be imported."""
    check_signatures(update, people, now)
    newest = max((other.serial for other in installed), default=0)
    if update.serial <= newest:
        raise PolicyError(
            f"Serial {update.serial} is not newer than {newest}, which was imported.",
            advice="An update never replaces a later one; pack the facts anew with a higher serial.",
        )
    if now >= _expires(update):
        raise PolicyError(f"The update could be imported until {update.until}.", advice="Ask for a newer one.")


def check_signatures(update: KnowledgeUpdate, people: Iterable[Person], now: int) -> None:
    """Raise PolicyError unless enough different people signed, with keys that counted then."""
    known = {person.id: person for person in people}
    faults: list[str] = []
    signers: set[tuple[str, str]] = set()
    for signature in update.signatures:
        try:
            _verify(update, signature, known, now)
        except PolicyError as error:
            faults.append(str(error))
        else:
            signers.add((signature.person, known[signature.person].public_key))
    have = min(len({person for person, _ in signers}), len({key for _, key in signers}))
    if have < NEEDED:
        more = f" ({'; '.join(faults)})" if faults else ""
        raise PolicyError(
            f"It needs the signatures of {NEEDED} different people with the role {ROLE}, and has {have}{more}.",
            advice="`clearance knowledge sign` adds one; the people stand in the organisation file.",
        )


def knowledge_at(base: Knowledge, installed: Iterable[KnowledgeUpdate], now: int) -> Knowledge:
    """The knowledge base as it counts at an instant."""
    counting = [update for update in sorted(installed, key=lambda u: u.serial) if starts(update) <= now]
    return merged([base, *(update.knowledge for update in counting)])


def starts(update: KnowledgeUpdate) -> int:
    """The instant from which its facts count. Raises PolicyError for what is no time."""
    return begins(update.from_, "UTC", tightens=True)


def changed(before: Knowledge, after: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Facts that are new or differ: kind, id, and ``new`` or ``changed``."""
    for kind in ("providers", "assistants", "snapshots", "rules", "measures", "incidents", "employers", "catalogues"):
        old = {fact.id: fact for fact in getattr(before, kind)}
        for fact in getattr(after, kind):
            if fact.id not in old:
                yield kind, fact.id, "new"
            elif fact != old[fact.id]:
                yield kind, fact.id, "changed"


def _expires(update: KnowledgeUpdate) -> int:
    return ends(update.until, "UTC", tightens=False)


def _verify(update: KnowledgeUpdate, signature: KnowledgeSignature, known: dict[str, Person], now: int) -> None:
    person = known.get(signature.person)
    if person is None or ROLE not in person.roles:
        raise PolicyError(f"{signature.person!r} may not sign knowledge", advice=f"Give them the role {ROLE}.")
    when = begins(signature.at, "UTC", tightens=True)
    if when > now:
        raise PolicyError(
            f"the signature of {person.id} is of {signature.at}, which is still to come: was the clock turned back?",
            advice="Set the clock.",
        )
    if not begins(person.from_, "UTC", tightens=False) <= when < ends(person.until, "UTC", tightens=False):
        raise PolicyError(f"the key of {person.id} did not count at {signature.at}", advice="Sign with a newer key.")
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(person.public_key, validate=True))
        value = base64.b64decode(signature.value, validate=True)
        public.verify(value, _message(digest_of(update), person.id, signature.at))
    except (InvalidSignature, ValueError, binascii.Error) as error:
        raise PolicyError(f"the signature of {person.id} does not fit the update", advice="Sign it again.") from error


def _message(digest: str, person: str, at: str) -> bytes:
    return f"clearance.knowledge-signature/1\n{digest}\n{person}\n{at}\n".encode()

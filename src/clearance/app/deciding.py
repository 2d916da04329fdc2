"""Decision records in a folder, signed, and asked: the wiring between ``policy``, the disk and the clock.

A record is one JSON file, named by day, kind, tool and the first digits of its id, so that a team can keep the folder
in git. Files are written as a whole; the id is over the content without signatures, so that signing does not change it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from clearance.app.knowing import known, shown_by_vettings
from clearance.app.places import state_folder
from clearance.model.decision import DecisionRecord
from clearance.model.knowledge import Organisation, Person
from clearance.policy.book import Book
from clearance.policy.cedar.checking import check_policies
from clearance.policy.cedar.policies import policies
from clearance.policy.circumstances import Circumstances
from clearance.policy.errors import PolicyError
from clearance.policy.knowledge import read_organisation
from clearance.policy.records import check_against, check_record, record_id
from clearance.policy.signing import sign
from clearance.policy.vetted import strictest

_LARGEST = 4 << 20
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
"""What stands in no file name: a record may come from a database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the records and the organisation file are, and the time."""

    records: Path
    organisation: Path
    now: datetime
    database: str = ""
    """Where the rows are that are asked in place of the files; empty: the files are."""

    @classmethod
    def at(cls, records: Path | None, organisation: Path | None, database: str | None = None) -> "Desk":
        """The folders that were named, else those below the state folder."""
        folder = records or state_folder() / "decisions"
        now = datetime.now(tz=UTC)  # noqa: TID251 - here the time comes in
        return cls(
            records=folder, organisation=organisation or folder / "organisation.toml", now=now, database=database or ""
        )

    def people(self) -> tuple[Person, ...]:
        """Who may sign, by the organisation file. Raises PolicyError."""
        if not self.organisation.is_file():
            return ()
        return read_organisation(_read(self.organisation), str(self.organisation)).people

    def facts(self, at: datetime | None = None) -> Circumstances:
        """What is known, with the updates that count ``at`` that time (now): facts, organisation, kept vettings.

        Raises PolicyError.
        """
        organisation = Organisation()
        if self.organisation.is_file():
            organisation = read_organisation(_read(self.organisation), str(self.organisation))
        shown = strictest((*organisation.established, *shown_by_vettings()))
        organisation = msgspec.structs.replace(organisation, established=shown)
        return Circumstances(
            known(organisation.people, int(self.now.timestamp()), int((at or self.now).timestamp())), organisation
        )

    def book(self, facts: Circumstances) -> Book:
        """Every record of the folder or the database, ready to be asked. Raises PolicyError, StoreError."""
        now = int(self.now.timestamp())
        if not self.database:
            return Book((record for _, record in self.kept()), facts, now=now)
        from clearance.app.storing import checked_rows, store_at  # files need no database

        with store_at(self.database) as store:
            return Book(list(checked_rows(store)), facts, now=now)

    def kept(self) -> Iterator[tuple[Path, DecisionRecord]]:
        """Each file with its record, by name. Raises PolicyError: a file that cannot be read may be a ban."""
        for path in sorted(self.records.glob("*.json")):
            try:
                yield path, msgspec.json.decode(_read(path), type=DecisionRecord)
            except msgspec.DecodeError as error:
                raise PolicyError(
                    f"{path} is no decision record: {error}.", advice="Mend it, or take it out of the folder."
                ) from error

    def found(self, named: str) -> tuple[Path, DecisionRecord]:
        """The record whose id begins so, or whose file it is. Raises PolicyError."""
        matching = [
            (path, record)
            for path, record in self.kept()
            if record_id(record).startswith(named) or path.absolute() == Path(named).absolute() or path.name == named
        ]
        if len(matching) != 1 or not named:
            what = f"There is no record {named!r}." if not matching else f"{named!r} is the begin of several records."
            raise PolicyError(what, advice=f"`clearance policy list` shows them; they lie in {self.records}.")
        return matching[0]

    def keep(self, record: DecisionRecord, facts: Circumstances) -> Path:
        """Check a new record and write it. Raises PolicyError."""
        check_record(record, facts.zones, facts.schemes)
        others = {record_id(other): other for _, other in self.kept()} if self.records.is_dir() else {}
        check_against(record, {str(key): other for key, other in others.items()})
        check_policies(policies(Book([record], facts, now=int(self.now.timestamp()))))
        if record_id(record) in others:
            raise PolicyError("There is such a record already.", advice="`clearance policy list` shows it.")
        return self.write_new(record)

    def write_new(self, record: DecisionRecord) -> Path:
        """Write a record into a file of its own. Raises PolicyError when another record lies there."""
        tool = "-".join(record.scope.tools) or "all"
        stem = f"{record.created[:10]}-{record.kind.value}-{tool[:60]}-{record_id(record)[:8]}"
        path = self.records / f"{_UNSAFE.sub('-', stem)}.json"
        if path.exists():
            raise PolicyError(
                f"{path} holds another record than the one that belongs there.",
                advice="Somebody edited it: restore it, or give the edited one a file name of its own.",
            )
        self.records.mkdir(parents=True, exist_ok=True)
        self.write(path, record)
        return path

    def write(self, path: Path, record: DecisionRecord) -> None:
        """Write a record as a whole, or not at all."""
        data = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(data)
        beside.replace(path)

    def sign(self, named: str, person: str, key: Path, facts: Circumstances) -> tuple[Path, DecisionRecord]:
        """Add a person's signature to a record. Raises PolicyError."""
        path, record = self.found(named)
        people = {each.id: each for each in facts.organisation.people}
        if person not in people:
            raise PolicyError(
                f"{person!r} is not among the people who may sign.",
                advice=f"Add them to {self.organisation}, with their public key.",
            )
        signature = sign(record, people[person], private_key(key), self.now)
        signed = msgspec.structs.replace(record, signatures=(*record.signatures, signature))
        self.write(path, signed)
        return path, signed


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise PolicyError(f"{path} is larger than any record.", advice="Is it the right file?")
    return data


def private_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key in a PEM file. Raises PolicyError."""
    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError) as error:
        raise PolicyError(
            f"{path} is no private key that can be read.",
            advice="Make one with: openssl genpkey -algorithm ed25519 -out KEY",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PolicyError(
            f"{path} is no Ed25519 key.", advice="Make one with: openssl genpkey -algorithm ed25519 -out KEY"
        )
    return key

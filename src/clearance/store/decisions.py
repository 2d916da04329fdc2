"""Decision records as rows. The document is the truth; columns that say something else are refused.

A row is added once and never changed; signatures are added and never taken away. Who reads a record checks its id and
its signatures as of any file: nothing is believed because it lies in the database.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, Row, select, text

from clearance.model.decision import DecisionRecord, RecordId, Signature
from clearance.store.database import told
from clearance.store.errors import StoreError
from clearance.store.tables import decisions, signatures, tools

_ADVICE: Final = "Somebody changed the row; restore it from the files or from a backup."
_COLUMNS: Final = ("kind", "owner", "begins", "ends", "review", "created")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A record with the bytes that people signed the digest of."""

    id: RecordId
    document: bytes
    record: DecisionRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was new to the database."""

    records: int
    signatures: int


class DecisionStore:
    """The records in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, records: Iterable[Keyed], stored: str) -> Added:
        """Add what is not there, all or nothing. ``stored``: the time, UTC.

        Raises:
            StoreError: another document lies under one of the ids, or the database refused.
        """
        new = signed = 0
        with told(self._engine), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # one writer at a time, as in SQLite
                connection.execute(text("LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"))
            for each in records:
                new += _add_record(connection, each, stored)
                signed += _add_signatures(connection, each.id, each.record.signatures)
        return Added(records=new, signatures=signed)

    def records(self) -> Iterator[tuple[str, DecisionRecord]]:
        """Each row's id with its record, by id. Raises StoreError for a row that is not what was added."""
        with told(self._engine), self._engine.connect() as connection:
            rows = connection.execute(select(decisions).order_by(decisions.c.id)).all()
            named: dict[str, set[str]] = {}
            for row in connection.execute(select(tools)):
                named.setdefault(row.decision, set()).add(row.tool)
            signed: dict[str, list[Signature]] = {}
            for row in connection.execute(select(signatures).order_by(*signatures.c)):
                signed.setdefault(row.decision, []).append(
                    Signature(person=row.person, key=row.key, at=row.at, value=row.value)
                )
        for row in rows:
            record = _record(row)
            same = _columns(record) == {name: getattr(row, name) for name in _COLUMNS}
            if not same or named.get(row.id, set()) != set(record.scope.tools):
                raise StoreError(f"Columns of the row {row.id[:12]} do not say what its record says.", advice=_ADVICE)
            yield row.id, msgspec.structs.replace(record, signatures=tuple(signed.get(row.id, ())))


def _record(row: Row[Any]) -> DecisionRecord:
    if hashlib.sha256(row.document).hexdigest() != row.id:
        raise StoreError(f"The row {row.id[:12]} does not hold the record of that id.", advice=_ADVICE)
    try:
        return msgspec.json.decode(row.document, type=DecisionRecord)
    except (msgspec.DecodeError, RecursionError) as error:
        raise StoreError(
            f"The document of the row {row.id[:12]} is no decision record: {error}.", advice=_ADVICE
        ) from error


def _columns(record: DecisionRecord) -> dict[str, str]:
    return {
        "kind": record.kind.value,
        "owner": record.owner,
        "begins": record.from_,
        "ends": record.until,
        "review": record.review,
        "created": record.created,
    }


def _add_record(connection: Connection, each: Keyed, stored: str) -> bool:
    there = connection.execute(select(decisions.c.document).where(decisions.c.id == each.id)).scalar_one_or_none()
    if there is not None:
        if there != each.document:
            raise StoreError(f"Another document lies under {each.id[:12]} in the database.", advice=_ADVICE)
        return False
    row = {"id": each.id, "document": each.document, "stored": stored, **_columns(each.record)}
    connection.execute(decisions.insert().values(**row))
    for tool in sorted(set(each.record.scope.tools)):
        connection.execute(tools.insert().values(decision=each.id, tool=tool))
    return True


def _add_signatures(connection: Connection, key: str, wanted: Iterable[Signature]) -> int:
    rows = connection.execute(select(signatures).where(signatures.c.decision == key))
    there = {(row.person, row.key, row.at, row.value) for row in rows}
    missing = {msgspec.structs.astuple(each): each for each in wanted if msgspec.structs.astuple(each) not in there}
    for each in missing.values():
        connection.execute(signatures.insert().values(decision=key, **msgspec.structs.asdict(each)))
    return len(missing)

"""Decision records as rows. The document is the truth; the columns beside it are for queries and never read back.

A row is added once and never changed; signatures are added and never taken away. Who reads a record checks its id and
its signatures as of any file: nothing is believed because it lies in the database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Engine, Row, select, text

from clearance.model.decision import DecisionRecord, RecordId, Signature
from clearance.store.database import told
from clearance.store.errors import StoreError
from clearance.store.tables import decisions, signatures, tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What was new to the database."""

    records: int
    signatures: int


class DecisionStore:
    """The records in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, records: Iterable[tuple[RecordId, DecisionRecord]], stored: str) -> Added:
        """Add what is not there, all or nothing. ``stored``: the time, UTC.

        Raises:
            StoreError: another document lies under one of the ids, or the database refused.
        """
        new = signed = 0
        with told(self._engine), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # one writer at a time, as in SQLite
                connection.execute(text("LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"))
            for key, record in records:
                new += _add_record(connection, key, record, stored)
                signed += _add_signatures(connection, key, record.signatures)
        return Added(records=new, signatures=signed)

    def records(
        self, *, tool: str = "", kind: str = "", review_before: str = ""
    ) -> Iterator[tuple[str, DecisionRecord]]:
        """Each row's id with its record, by id. Raises StoreError for a document that is no record."""
        query = select(decisions.c.id, decisions.c.document).order_by(decisions.c.id)
        if kind:
            query = query.where(decisions.c.kind == kind)
        if review_before:
            query = query.where(decisions.c.review != "", decisions.c.review < review_before)
        if tool:
            query = query.where(decisions.c.id.in_(select(tools.c.decision).where(tools.c.tool == tool)))
        with told(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).all()
            signed: dict[str, list[Signature]] = {}
            for row in connection.execute(select(signatures).order_by(signatures.c.at, signatures.c.person)):
                signed.setdefault(row.decision, []).append(
                    Signature(person=row.person, key=row.key, at=row.at, value=row.value)
                )
        for row in rows:
            yield row.id, msgspec.structs.replace(_record(row), signatures=tuple(signed.get(row.id, ())))


def _record(row: Row[tuple[str, bytes]]) -> DecisionRecord:
    try:
        return msgspec.json.decode(row.document, type=DecisionRecord)
    except (msgspec.DecodeError, RecursionError) as error:
        raise StoreError(
            f"The document of the row {row.id[:12]} is no decision record: {error}.",
            advice="Somebody changed the row; restore it from the files or from a backup.",
        ) from error


def document_of(record: DecisionRecord) -> bytes:
    """The record without its signatures: the bytes whose digest is its id."""
    return msgspec.json.encode(msgspec.structs.replace(record, signatures=()))


def _add_record(connection: Connection, key: str, record: DecisionRecord, stored: str) -> bool:
    document = document_of(record)
    there = connection.execute(select(decisions.c.document).where(decisions.c.id == key)).scalar_one_or_none()
    if there is not None:
        if there != document:
            raise StoreError(
                f"Another document lies under {key[:12]} in the database.",
                advice="Somebody changed the row; restore it from the files or from a backup.",
            )
        return False
    connection.execute(
        decisions.insert().values(
            id=key, document=document, kind=record.kind.value, owner=record.owner, begins=record.from_,
            ends=record.until, review=record.review, created=record.created, stored=stored,
        )
    )  # fmt: skip
    for tool in sorted(set(record.scope.tools)):
        connection.execute(tools.insert().values(decision=key, tool=tool))
    return True


def _add_signatures(connection: Connection, key: str, wanted: Iterable[Signature]) -> int:
    rows = connection.execute(select(signatures).where(signatures.c.decision == key))
    there = {(row.person, row.key, row.at) for row in rows}
    missing = {(s.person, s.key, s.at): s for s in wanted if (s.person, s.key, s.at) not in there}
    for signature in missing.values():
        connection.execute(
            signatures.insert().values(
                decision=key, person=signature.person, key=signature.key, at=signature.at, value=signature.value
            )
        )
    return len(missing)

"""Records as files and as rows: both ways, and where the database is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from clearance.app.deciding import Desk
from clearance.app.places import state_folder
from clearance.model.decision import DecisionRecord, RecordId, Signature
from clearance.policy.errors import PolicyError
from clearance.policy.records import canonical, record_id
from clearance.store.database import opened, revision
from clearance.store.decisions import DecisionStore, Keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronised:
    """What a sync did."""

    rows_added: int
    row_signatures_added: int
    files_added: int
    file_signatures_added: int
    records: int


def database_address(named: str | None) -> str:
    """The address that was named, else that of ``CLEARANCE_DATABASE``, else a file below the state folder."""
    return named or os.environ.get("CLEARANCE_DATABASE") or f"sqlite:///{state_folder() / 'clearance.db'}"


@contextmanager
def store_at(named: str | None, *, make: bool = False) -> Iterator[DecisionStore]:
    """The store, migrated; ``make`` one where there is none. Raises StoreError."""
    with opened(database_address(named), make=make) as engine:
        yield DecisionStore(engine)


def schema_revision(named: str | None) -> str:
    """The revision of the database's schema. Raises StoreError."""
    with opened(database_address(named)) as engine:
        return revision(engine)


def checked_rows(
    store: DecisionStore, *, tool: str = "", kind: str = "", review_before: str = ""
) -> Iterator[DecisionRecord]:
    """The records of the rows, each checked whether it is shown or not. Raises StoreError, PolicyError."""
    for key, record in store.records():
        if record_id(record) != key:
            raise PolicyError(
                f"The row {key[:12]} does not hold the record of that id: somebody changed it.",
                advice="Restore it from the files (`clearance policy list`) or from a backup.",
            )
        due = not review_before or (record.review != "" and record.review < review_before)
        if due and (not tool or tool in record.scope.tools) and (not kind or record.kind.value == kind):
            yield record


def keyed(record: DecisionRecord) -> Keyed:
    """The record as the store takes it."""
    return Keyed(id=record_id(record), document=canonical(record), record=record)


def synchronise(desk: Desk, named: str | None) -> Synchronised:
    """What files have and rows lack goes into rows, and the other way round. Raises PolicyError, StoreError."""
    stamp = desk.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    files = dict(_files(desk))
    with store_at(named, make=True) as store:
        rows = {record_id(record): record for record in checked_rows(store)}
        added = store.add((keyed(record) for _, record in files.values()), stored=stamp)
    new_files = new_signatures = 0
    for key, row in rows.items():
        if key not in files:
            desk.write_new(row)
            new_files += 1
            continue
        path, record = files[key]
        missing = _missing(record.signatures, row.signatures)
        if missing:
            desk.write(path, msgspec.structs.replace(record, signatures=(*record.signatures, *missing)))
            new_signatures += len(missing)
    return Synchronised(
        rows_added=added.records,
        row_signatures_added=added.signatures,
        files_added=new_files,
        file_signatures_added=new_signatures,
        records=len(files.keys() | rows.keys()),
    )


def _files(desk: Desk) -> Iterator[tuple[RecordId, tuple[Path, DecisionRecord]]]:
    for path, record in desk.kept() if desk.records.is_dir() else ():
        yield record_id(record), (path, record)


def _missing(have: tuple[Signature, ...], more: tuple[Signature, ...]) -> list[Signature]:
    return [each for each in more if each not in have]

"""Records as rows, in SQLite and in a real PostgreSQL: nothing lost, nothing changed, nothing believed unread."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from desks import APPROVED, record, signed
from sqlalchemy import text

from clearance.app.storing import checked_rows, keyed
from clearance.model.decision import Scope
from clearance.policy.records import canonical, record_id
from clearance.store.database import opened, revision
from clearance.store.decisions import Added, DecisionStore, Keyed
from clearance.store.errors import StoreError
from clearance.store.tables import metadata

BAN = signed(record("ban", scope=Scope(tools=("claude-code", "codex")), from_="2026-07-10", review="2026-12-01"))
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def as_postgres(*argv: str) -> None:
    """PostgreSQL refuses to run as root: its own user runs it."""
    subprocess.run(["runuser", "-u", "postgres", "--", *argv], check=True, capture_output=True, timeout=120)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a throw-away server on loopback."""
    if not BINARIES or shutil.which("runuser") is None:
        pytest.fail("PostgreSQL is not installed: scripts/system-packages postgresql")
    folder = Path("/tmp") / f"clearance-postgres-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    shutil.chown(folder, "postgres", "postgres")
    data, log, port = folder / "data", folder / "log", str(20_000 + os.getpid() % 20_000)
    as_postgres(str(BINARIES[-1] / "initdb"), "-D", str(data), "-A", "trust", "-U", "clearance", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = str(BINARIES[-1] / "pg_ctl")
    as_postgres(control, "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    try:
        as_postgres("createdb", "-h", "127.0.0.1", "-p", port, "-U", "clearance", "records")
        yield f"postgresql://clearance:hunter-two@127.0.0.1:{port}/records"
    finally:
        as_postgres(control, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.long, pytest.mark.enable_socket])])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    named: str = request.getfixturevalue("postgres")
    with opened(named) as engine, engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    return named


def test_records_come_back_as_they_went_in(address: str) -> None:
    with opened(address) as engine:
        store = DecisionStore(engine)
        assert store.add([keyed(BAN), keyed(APPROVED)], stored="now") == Added(records=2, signatures=3)
        assert {record_id(r): r for r in checked_rows(store)} == {record_id(BAN): BAN, record_id(APPROVED): APPROVED}
        assert store.add([keyed(BAN), keyed(APPROVED)], stored="later") == Added(records=0, signatures=0)


def test_rows_are_found_by_tool_kind_and_review(address: str) -> None:
    with opened(address) as engine:
        store = DecisionStore(engine)
        store.add([keyed(BAN), keyed(APPROVED)], stored="now")
        assert [r.kind.value for r in checked_rows(store, tool="codex")] == ["ban"]
        assert [r.kind.value for r in checked_rows(store, kind="approve")] == ["approve"]
        assert [r.kind.value for r in checked_rows(store, review_before="2027-01-01")] == ["ban"]
        assert list(checked_rows(store, review_before="2026-12-01")) == []


def test_signatures_are_added_and_never_lost(address: str) -> None:
    plain = record("approve", scope=Scope(tools=("codex",)))
    with opened(address) as engine:
        store = DecisionStore(engine)
        store.add([keyed(signed(plain, "ann"))], stored="now")
        assert store.add([keyed(signed(plain, "ben"))], stored="now") == Added(records=0, signatures=1)
        (found,) = checked_rows(store)
        assert {s.person for s in found.signatures} == {"ann", "ben"}


def test_a_changed_row_is_found_and_named(address: str) -> None:
    other = canonical(msgspec.structs.replace(BAN, from_="2027-07-10"))
    with opened(address) as engine:
        store = DecisionStore(engine)
        store.add([keyed(BAN)], stored="now")
        with engine.begin() as connection:
            connection.execute(text("UPDATE decisions SET document = :document"), {"document": other})
        with pytest.raises(StoreError, match=record_id(BAN)[:12]):
            list(checked_rows(store))
        with pytest.raises(StoreError, match="Another document"):
            store.add([keyed(BAN)], stored="now")


def test_a_document_that_is_none_is_refused(address: str) -> None:
    with opened(address) as engine:
        store = DecisionStore(engine)
        store.add([keyed(BAN)], stored="now")
        with engine.begin() as connection:
            connection.execute(text("UPDATE decisions SET document = :document"), {"document": b"{"})
        with pytest.raises(StoreError, match="does not hold the record"):
            list(checked_rows(store))


def test_a_column_that_says_something_else_is_refused(address: str) -> None:
    for change in ("UPDATE decisions SET kind = 'approve'", "DELETE FROM decision_tools"):
        with opened(address) as engine:
            store = DecisionStore(engine)
            store.add([keyed(BAN)], stored="now")
            with engine.begin() as connection:
                connection.execute(text(change))
            with pytest.raises(StoreError, match="do not say what its record says"):
                list(checked_rows(store, kind="ban"))


def test_a_made_up_signature_keeps_no_good_one_out(address: str) -> None:
    good = BAN.signatures[0]
    made_up = msgspec.structs.replace(BAN, signatures=(msgspec.structs.replace(good, value="AAAA"),))
    with opened(address) as engine:
        store = DecisionStore(engine)
        store.add([keyed(made_up)], stored="now")
        assert store.add([keyed(BAN)], stored="now") == Added(records=0, signatures=1)
        (found,) = checked_rows(store)
        assert good in found.signatures


def test_reading_makes_no_database(tmp_path: Path) -> None:
    path = tmp_path / "mistyped.db"
    with pytest.raises(StoreError, match="There is no database"), opened(f"sqlite:///{path}", make=False):
        pass
    assert not path.exists()


def test_a_batch_goes_in_as_a_whole_or_not_at_all(address: str) -> None:
    with opened(address) as engine:
        store = DecisionStore(engine)
        store.add([keyed(BAN)], stored="now")
        with pytest.raises(StoreError):
            store.add([keyed(APPROVED), Keyed(id=record_id(BAN), document=b"{}", record=BAN)], stored="now")
        assert [r.kind.value for r in checked_rows(store)] == ["ban"]


WRITER = """
import sys
sys.path[:0] = sys.argv[3:]
from desks import record
from clearance.app.storing import keyed
from clearance.model.decision import Scope
from clearance.store.database import opened
from clearance.store.decisions import DecisionStore

first = int(sys.argv[2])
with opened(sys.argv[1]) as engine:
    for number in range(first, first + 20):
        made = record("ban", scope=Scope(tools=("codex",)), message=f"number {number % 30}")
        DecisionStore(engine).add([keyed(made)], stored="now")
"""


@pytest.mark.long
def test_two_processes_at_once_lose_nothing(address: str) -> None:
    paths = [path for path in sys.path if path]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, address, first, *paths]) for first in ("0", "10")]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    with opened(address) as engine:
        assert len(list(checked_rows(DecisionStore(engine)))) == 30


def test_the_schema_of_the_migrations_is_that_of_the_queries(address: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with opened(address) as engine:
        assert revision(engine) == "0001"
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'records.db'}"
    with opened(address) as engine, engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="9999"), opened(address):
        pass


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "records.db"
    with opened(f"sqlite:///{path}"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_killed_writer_leaves_what_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with opened(f"sqlite:///{path}") as engine:
        DecisionStore(engine).add([keyed(BAN)], stored="now")
        half = sqlite3.connect(path, isolation_level=None)
        half.execute("BEGIN IMMEDIATE")
        half.execute("DELETE FROM decision_signatures")
        half.close()  # as a killed process does: without a commit
        assert list(checked_rows(DecisionStore(engine))) == [BAN]


@pytest.mark.parametrize(
    "address",
    [
        "mysql://a:secret-word@host/x",
        "not an address",
        "postgresql://me:secret-word@127.0.0.1:1/x",
        "sqlite:////proc/x/y.db",
    ],
)
@pytest.mark.enable_socket
def test_what_cannot_be_opened_is_said_without_the_password(address: str) -> None:
    with pytest.raises(StoreError) as refused, opened(address):
        pass
    assert "secret-word" not in str(refused.value) + refused.value.advice

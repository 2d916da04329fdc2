"""Opening a database: SQLite in a file, PostgreSQL by its address; migrated to the newest schema before it is used."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from clearance.store.errors import StoreError

_WAIT: Final = 30
"""Seconds that a writer waits for another one."""
_LOCK: Final = 7205759403792794
"""PostgreSQL: the advisory lock that one migration holds."""


@contextmanager
def opened(address: str, *, make: bool = True) -> Iterator[Engine]:
    """The database at an address (``sqlite:///path``, ``postgresql://user@host/name``), migrated.

    Raises:
        StoreError: the address is none, the database cannot be reached, it is of a later version of Clearance, or
            ``make`` is false and there is no such file.
    """
    url = _read(address)
    if not make and url.drivername == "sqlite" and not Path(url.database or "").is_file():
        raise StoreError(f"There is no database {url.database}.", advice="`clearance policy store sync` makes one.")
    engine = _engine(url)
    try:
        with told(engine):
            _migrate(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turns what the database says into StoreError; no password is in it."""
    try:
        yield
    except SQLAlchemyError as error:
        where = shown(engine.url)
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        if engine.url.password:
            said = said.replace(str(engine.url.password), "***")
        raise StoreError(f"{where}: {said}", advice="Is it running, and may this user write there?") from error


def shown(url: URL) -> str:
    """The address without password and options."""
    return url.set(query={}).render_as_string(hide_password=True)


def revision(engine: Engine) -> str:
    """The revision of the schema that is in the database."""
    with told(engine), engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _read(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise StoreError(
            "The address of the database cannot be read.",
            advice="Write sqlite:///records.db or postgresql://user:password@host/name.",
        ) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+pg8000")
    if url.drivername not in ("sqlite", "postgresql+pg8000"):
        raise StoreError(f"{url.drivername} is not supported.", advice="Use SQLite or PostgreSQL.")
    return url


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        try:
            return create_engine(url, pool_pre_ping=True)
        except (ModuleNotFoundError, NoSuchModuleError) as error:
            raise StoreError(
                "PostgreSQL needs pg8000, which is not installed.", advice='pip install "clearance[postgres]"'
            ) from error
    if url.database:
        _private(Path(url.database))
    engine = create_engine(url, connect_args={"timeout": _WAIT})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _private(path: Path) -> None:
    """The file is its owner's alone, from its first byte on."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}.", advice="Name another file.") from error


def _prepare_sqlite(connection: object, _: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun by us, below
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()  # type: ignore[attr-defined]


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # a writer waits here, and is never refused in the middle


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", "clearance.store:migrations")
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        there = _there(connection)
        if there is not None and there not in known:
            raise StoreError(
                f"The database has the schema {there}, which this version does not know.", advice="Update Clearance."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _there(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()

"""``clearance policy store``: records as rows of a database, beside the files."""

from dataclasses import asdict
from pathlib import Path

import click
import msgspec

from clearance.app.cli.destinations import write_text
from clearance.app.deciding import Desk
from clearance.app.storing import checked_rows, database_address, schema_revision, store_at, synchronise
from clearance.report.portable import portable_json

_EPILOG = """\
The database is --database, else CLEARANCE_DATABASE, else a SQLite file below CLEARANCE_HOME. PostgreSQL:
postgresql://user:password@host/name (extra `postgres`). Deciding commands take --database too.

\b
Examples:
  clearance policy store sync
  clearance policy store sync --database postgresql://clearance@db.acme.example/clearance
  clearance policy store list --tool claude-code --review-before 2027-01-01
  clearance policy store status
"""
_DATABASE = click.option("--database", metavar="URL", help="sqlite:///file or postgresql://user@host/name.")
_RECORDS = click.option("--records", type=click.Path(path_type=Path, file_okay=False), help="Folder of records.")
_JSON = click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or -.")


@click.group("store", epilog=_EPILOG)
def store_group() -> None:
    """Records as rows of a database."""


@store_group.command(epilog="\b\nExamples:\n  clearance policy store sync --database sqlite:///records.db")
@_DATABASE
@_RECORDS
@_JSON
def sync(database: str | None, records: Path | None, json_: str | None) -> int:
    """Bring files and rows together: what one lacks, the other gives; nothing is lost."""
    done = synchronise(Desk.at(records, None), database)
    if json_:
        write_text(json_, portable_json({"schema": "clearance.store-sync/1", **asdict(done)}))
    if json_ != "-":
        click.echo(
            f"{done.records} records. New rows: {done.rows_added}, signatures in rows: {done.row_signatures_added}, "
            f"new files: {done.files_added}, signatures in files: {done.file_signatures_added}."
        )
    return 0


@store_group.command("list", epilog="\b\nExamples:\n  clearance policy store list --kind ban")
@_DATABASE
@click.option("--tool", default="", help="Only records that name this tool.")
@click.option(
    "--kind", default="", type=click.Choice(["", "approve", "restrict", "ban", "lift", "except"]), help="Only."
)
@click.option("--review-before", default="", metavar="DAY", help="Only records to look at again before this day.")
@_JSON
def list_(database: str | None, tool: str, kind: str, review_before: str, json_: str | None) -> int:
    """List the records in the database."""
    with store_at(database) as store:
        found = list(checked_rows(store, tool=tool, kind=kind, review_before=review_before))
    if json_:
        rows = {"schema": "clearance.store-list/1", "records": [msgspec.to_builtins(record) for record in found]}
        write_text(json_, portable_json(rows))
    if json_ != "-":
        for record in found:
            tools = ",".join(record.scope.tools) or "all tools"
            review = f"review {record.review}" if record.review else ""
            click.echo(f"{record.created[:10]:10}  {record.kind.value:9} {tools:24} {record.owner:24} {review}")
    return 0


@store_group.command(epilog="\b\nExamples:\n  clearance policy store status")
@_DATABASE
def status(database: str | None) -> int:
    """Say where the database is, its schema, and how many records it holds."""
    from sqlalchemy.engine import make_url

    from clearance.store.database import shown

    with store_at(database) as store:
        many = sum(1 for _ in checked_rows(store))
    where = shown(make_url(database_address(database)))
    click.echo(f"{where}: schema {schema_revision(database)}, {many} records.")
    return 0

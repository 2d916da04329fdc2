"""``clearance ledger segments``: records as Parquet, for whoever has DuckDB, Spark or pandas and not the log."""

from datetime import UTC, datetime
from pathlib import Path

import click

from clearance.app.ledgers import ledger_folder
from clearance.app.sealing import seal as seal_segments
from clearance.app.sealing import segments_folder, verify_segments
from clearance.ledger.errors import LedgerMissing
from clearance.report.visible import spell

_EPILOG = """\
Needs: pip install 'clearance[parquet]'

\b
Examples:
  clearance ledger segments seal
  clearance ledger segments seal --every 10000 --rest --out /srv/segments
  clearance ledger segments verify --segments /srv/segments
"""
_FOLDER = click.Path(path_type=Path, file_okay=False)


def _now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - the command line is where time comes in


@click.group(epilog=_EPILOG)
def segments() -> None:
    """Sealed ranges of records as Parquet files, verifiable row by row."""


@segments.command(epilog="\b\nExamples:\n  clearance ledger segments seal --out /srv/segments")
@click.option("--every", type=click.IntRange(1, 10_000_000), default=100_000, show_default=True, help="Records a file.")
@click.option("--rest", is_flag=True, help="The last records too, though they are fewer than that.")
@click.option("--out", type=_FOLDER, help="The folder of segments.  [default: beside the ledger]")
def seal(
    every: int,
    rest: bool,  # noqa: FBT001 - click hands options in by name
    out: Path | None,
) -> int:
    """Write full ranges of records as Parquet; what is sealed already is left as it is."""
    folder = out or segments_folder()
    anything = False
    for written in seal_segments(folder, every, _now, rest=rest):
        first, last = written.about
        recorded = f"record {written.record}" if written.record is not None else "recorded before"
        click.echo(f"records {first:,} to {last:,}  {written.size:,} bytes  {recorded}  {spell(str(written.path))}")
        anything = True
    if not anything:
        click.echo(f"Nothing new: a segment takes {every:,} records (--every), or what there is (--rest).")
    return 0


@segments.command(
    epilog="Exit codes: 0 as they were sealed, 1 something was changed, 2 bad use, 3 could not verify.\n\n"
    "\b\nExamples:\n  clearance ledger segments verify /mnt/ledger --key ledger.pub --segments /mnt/segments"
)
@click.argument("folder", required=False, type=_FOLDER)
@click.option(
    "--key", type=click.Path(path_type=Path, dir_okay=False), help="Public key of the ledger.  [default: own]"
)
@click.option("--segments", "where", type=_FOLDER, help="The folder of segments.  [default: beside the own ledger]")
def verify(folder: Path | None, key: Path | None, where: Path | None) -> int:
    """Verify the ledger, then every segment that it tells of: each row against the tree."""
    place = folder or ledger_folder()
    if not place.is_dir():
        raise LedgerMissing(
            f"There is no ledger in {place}.", advice="Name its folder, or make one: clearance ledger init."
        )
    found, sealed = verify_segments(place, key, where or segments_folder())
    for flaw in found.flaws:
        click.echo(f"✖ {spell(flaw.path)}: {spell(flaw.what)}")
    sign = "✖" if found.flaws else "✔"
    click.echo(f"{sign} {found.origin or place}: {found.size:,} records, of them {sealed:,} in segments")
    return int(bool(found.flaws))

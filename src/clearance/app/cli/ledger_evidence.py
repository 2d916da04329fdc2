"""``clearance ledger evidence``: bytes that records speak of; kept by digest, shown, deleted."""

import mimetypes
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from clearance.app.shelf import delete_evidence, holdings, keep_evidence, own_shelf
from clearance.app.writable import Unwritable
from clearance.ledger.holdings import Holding
from clearance.report.visible import spell

_EPILOG = """\b
Examples:
  clearance ledger evidence keep traffic.trace --key evidence.key
  clearance ledger evidence list
  clearance ledger evidence show 3fa1c2 --out traffic.trace --key evidence.key
  clearance ledger evidence delete 3fa1c2 --reason "kept for 90 days" --person ann@acme.example
"""
_FILE = click.Path(path_type=Path, dir_okay=False)
_KEY = click.option("--key", type=_FILE, help="A file of 32 secret bytes (openssl rand 32) that seals it.")


def _now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - the command line is where time comes in


@click.group(epilog=_EPILOG)
def evidence() -> None:
    """Bytes that records speak of, by digest. Bytes can be deleted; digests stay."""


@evidence.command(epilog="\b\nExamples:\n  clearance ledger evidence keep traffic.trace --key evidence.key")
@click.argument("file", type=_FILE)
@click.option("--media-type", help="What it is: text/plain.  [default: by the name of the file]")
@_KEY
def keep(file: Path, media_type: str | None, key: Path | None) -> int:
    """Keep the bytes of FILE under their digest; with --key nobody reads them without it."""
    media = media_type or mimetypes.guess_type(file.name, strict=True)[0] or "application/octet-stream"
    kept, index = keep_evidence(file, media, key, _now)
    click.echo(f"{kept.evidence}  {kept.size:,} bytes{', sealed' if kept.encrypted else ''}  record {index}")
    return 0


@evidence.command(epilog="\b\nExamples:\n  clearance ledger evidence show 3fa1c2 --out traffic.trace")
@click.argument("digest")
@click.option("--out", metavar="FILE", help="Write its bytes to a file, or -.")
@_KEY
def show(digest: str, out: str | None, key: Path | None) -> int:
    """Say what the ledger knows of DIGEST (its first digits); with --out hand out the bytes."""
    held = holdings().found(digest)
    if out is not None:
        _write(out, own_shelf(key).read(held.kept.evidence))
        return 0
    click.echo(_line(held, whole=True))
    if held.deleted is not None:
        said = f"deleted by {held.deleted.person}: {held.deleted.reason}  (record {held.deleted_in})"
        click.echo(spell(said))
    return 0


@evidence.command(
    epilog="\b\nExamples:\n  clearance ledger evidence delete 3fa1c2 --reason 'after 90 days' --person ann@acme.example"
)
@click.argument("digest")
@click.option("--reason", required=True, help="Why; it stays in the ledger.")
@click.option("--person", required=True, help="Who answers for it.")
def delete(digest: str, reason: str, person: str) -> int:
    """Delete the bytes of DIGEST for good. The digest, who, when and why stay."""
    held, index = delete_evidence(digest, reason, person, _now)
    click.echo(f"{held.kept.evidence}  deleted  record {index}")
    return 0


@evidence.command("list", epilog="\b\nExamples:\n  clearance ledger evidence list")
def list_() -> int:
    """List every digest: when it was kept, size, media type, whether it is sealed or deleted."""
    for held in holdings().by_digest.values():
        click.echo(_line(held, whole=False))
    return 0


def _line(held: Holding, *, whole: bool) -> str:
    kept = held.kept
    state = "deleted" if held.deleted else "sealed" if kept.encrypted else "plain"
    digest = kept.evidence if whole else kept.evidence[:12]
    return spell(f"{digest}  {held.at}  {kept.size:12,}  {state:8} {kept.media_type}  record {held.kept_in}")


def _write(where: str, data: bytes) -> None:
    if where == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        Path(where).write_bytes(data)
    except OSError as error:
        raise Unwritable(
            f"{where} could not be written: {error.strerror}.", advice="Free some space there, or name another file."
        ) from error

"""``clearance ledger``: make it, write to it, verify it, prove a record of it."""

import base64
import binascii
import os
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from clearance.app.cli.destinations import write_text
from clearance.app.cli.ledger_evidence import evidence as evidence_group
from clearance.app.cli.ledger_segments import segments
from clearance.app.ledgers import append_event, key_files, ledger_folder, make_ledger, reader, verifier_of
from clearance.app.shelf import own_shelf, shelf_at, verify_with_evidence
from clearance.ledger.checkpoint import Checkpoint
from clearance.ledger.errors import LedgerMissing, ProofRefused
from clearance.ledger.merkle import leaf_hash
from clearance.ledger.proofs import check_inclusion
from clearance.model.evidence import EvidenceChecked
from clearance.model.record import Noted
from clearance.report.ledger_json import PROOF_SCHEMA_ID, Proof, render_verification_json
from clearance.report.portable import portable_json
from clearance.store.files import Files

_EPILOG = """\b
Examples:
  clearance ledger init --name ledger.acme.example
  clearance ledger note "Release 2.1.320 was shown to the committee." --person ann@acme.example
  clearance ledger verify
  clearance ledger prove 4711 --out proof.json
"""
_DIR = click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
_KEY = click.option(
    "--key", type=click.Path(path_type=Path, dir_okay=False), help="Public key of the ledger.  [default: own]"
)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_JSON = click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or -.")


def _now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - the command line is where time comes in


@click.group(epilog=_EPILOG)
def ledger() -> None:
    """What happened, in an append-only log that others can verify."""


@ledger.command(epilog="\b\nExamples:\n  clearance ledger init --name ledger.acme.example")
@click.option(
    "--name", default="ledger.localhost", show_default=True, help="Name of the log and its key, as a host name."
)
def init(name: str) -> int:
    """Make a ledger and its key."""
    public = make_ledger(name, os.urandom(32))
    click.echo(f"ledger      {ledger_folder()}\nsecret key  {key_files()[0]}\npublic key  {public}")
    click.echo("Give the public key, and now and then the file `checkpoint`, to whoever is to verify it.")
    return 0


@ledger.command(epilog='\b\nExamples:\n  clearance ledger note "Shown to the committee." --person ann@acme.example')
@click.argument("text")
@click.option("--person", required=True, help="Who says so.")
def note(text: str, person: str) -> int:
    """Write TEXT into the ledger."""
    click.echo(f"record {append_event(Noted(person=person, text=text), _now)}")
    return 0


@ledger.command(
    epilog="Exit codes: 0 as it was sealed, 1 something was changed, 2 bad use, 3 could not verify.\n\n"
    "\b\nExamples:\n  clearance ledger verify\n  clearance ledger verify /mnt/copy --key ledger.pub --against kept"
)
@_DIR
@_KEY
@click.option(
    "--against", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A checkpoint kept elsewhere."
)
@click.option("--evidence", type=_FOLDER, help="Where its evidence lies.  [default: own, for the own ledger]")
@click.option("--evidence-key", type=_FILE, help="The key of 32 bytes that evidence is sealed with.")
@_JSON
def verify(
    folder: Path | None,
    key: Path | None,
    against: Path | None,
    evidence: Path | None,
    evidence_key: Path | None,
    json_: str | None,
) -> int:
    """Verify every record, file, and piece of evidence; name what was changed or is missing."""
    place = folder or ledger_folder()
    if not place.is_dir():
        raise LedgerMissing(
            f"There is no ledger in {place}.", advice="Name its folder, or make one: clearance ledger init."
        )
    kept = against.read_bytes() if against else None
    shelf = own_shelf(evidence_key) if folder is None and evidence is None else shelf_at(evidence, evidence_key)
    found = verify_with_evidence(Files(place), verifier_of(key), against=kept, shelf=shelf)
    if json_:
        write_text(json_, render_verification_json(found))
    if json_ != "-":
        for flaw in found.flaws:
            click.echo(f"✖ {flaw.path}: {flaw.what}")
        waiting = f", {found.waiting:,} more wait for a checkpoint" if found.waiting else ""
        sign = "✖" if found.flaws else "✔"
        click.echo(f"{sign} {found.origin or place}: {found.size:,} records{waiting}, root {found.root[:16] or 'none'}")
        click.echo(_told(found.evidence))
    return int(bool(found.flaws))


@ledger.command(epilog="\b\nExamples:\n  clearance ledger show 4711")
@click.argument("index", type=click.IntRange(min=0))
@_DIR
@_KEY
def show(index: int, folder: Path | None, key: Path | None) -> int:
    """Print record INDEX."""
    click.echo(reader(folder or ledger_folder(), key).entry(index).entry.decode())
    return 0


@ledger.command(epilog="\b\nExamples:\n  clearance ledger prove 4711 --out proof.json")
@click.argument("index", type=click.IntRange(min=0))
@_DIR
@_KEY
@click.option("--out", default="-", metavar="FILE", show_default=True, help="Write the proof (clearance.proof/1) here.")
def prove(index: int, folder: Path | None, key: Path | None, out: str) -> int:
    """Prove that record INDEX is in the ledger."""
    log = reader(folder or ledger_folder(), key)
    entry = log.entry(index).entry
    coded = tuple(base64.b64encode(each).decode() for each in log.proof(index))
    proof = Proof(
        schema=PROOF_SCHEMA_ID,
        index=index,
        record=base64.b64encode(entry).decode(),
        hashes=coded,
        checkpoint=log.note.decode(),
    )
    write_text(out, portable_json(proof))
    return 0


@ledger.command("check-proof", epilog="\b\nExamples:\n  clearance ledger check-proof proof.json --key ledger.pub")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_KEY
def check_proof(file: Path, key: Path | None) -> int:
    """Check a proof; nothing but the proof and the public key is needed."""
    try:
        proof = msgspec.json.decode(file.read_bytes(), type=Proof)
        entry = base64.b64decode(proof.record, validate=True)
        hashes = [base64.b64decode(each, validate=True) for each in proof.hashes]
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise ProofRefused(
            f"{file} is no proof: {error}.", advice="Take the file that `ledger prove` wrote."
        ) from error
    checkpoint = Checkpoint.opened(proof.checkpoint.encode(), verifier_of(key))
    check_inclusion(leaf_hash(entry), proof.index, checkpoint.size, hashes, checkpoint.root)
    click.echo(f"✔ record {proof.index} of {checkpoint.size:,} of {checkpoint.origin}:\n{entry.decode()}")
    return 0


def _told(evidence: EvidenceChecked | None) -> str:
    if evidence is None:
        return "Evidence was not looked at: name the folder that holds it with --evidence."
    unread = f", {evidence.sealed:,} sealed and not looked into (--evidence-key)" if evidence.sealed else ""
    return f"Evidence: {evidence.whole:,} whole{unread}, {evidence.deleted:,} deleted"


ledger.add_command(evidence_group)
ledger.add_command(segments)

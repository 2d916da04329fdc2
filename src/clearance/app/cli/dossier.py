"""``clearance dossier``: evidence for a third party in one folder, and its verification."""

from pathlib import Path

import click
from rich.console import Console

from clearance.app.cli.destinations import write_text
from clearance.app.dossiers import DossierWish, export_dossier, verify_dossier
from clearance.app.recording import record
from clearance.model.record import DossierExported
from clearance.report.dossier_json import render_checked_json
from clearance.report.dossier_terminal import render_checked
from clearance.report.meanings import VERDICT_TITLES, count
from clearance.report.visible import spell

EPILOG = """\b
Examples:
  clearance dossier export --for claude-code@2.1.331 --key key.pem --out pack/
  clearance dossier verify pack/ --key vendor-risk.pem
"""
EXPORT_EPILOG = """\
A key: openssl genpkey -algorithm ed25519 -out key.pem

\b
Examples:
  clearance dossier export --for claude-code@2.1.331 --key key.pem --out pack/
  clearance dossier export --for codex@0.169.0 --key key.pem --out pack/ --look --with-evidence
"""
VERIFY_EPILOG = """\
Exit codes: 0 everything holds, 1 something is wrong, 2 bad use.

\b
Examples:
  clearance dossier verify pack/ --key vendor-risk.pem
"""
_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(epilog=EPILOG)
def dossier() -> None:
    """Export evidence for a third party, or verify it.

    One folder tells what was tested, on which digest, found and decided, by whom, and under which control.
    """


@dossier.command(epilog=EXPORT_EPILOG)
@click.option("--for", "release", required=True, metavar="NAME@VERSION", help="The release that was vetted.")
@click.option("--vetting", type=_FOLDER, help="The campaign's folder.  [default: the newest of that release]")
@click.option("--look/--no-look", default=None, help="What is inside the release.  [default: if it is kept here]")
@click.option("--decisions", type=_FILE, help="Decisions about it (JSON list).  [default: the records that are kept]")
@click.option("--proofs", type=_FILE, help="Proofs that they were recorded (JSON list).  [default: from the ledger]")
@click.option("--records", type=_FOLDER, help="Folder of records.")
@click.option("--org", type=_FILE, help="Organisation file (TOML).")
@click.option("--key", type=_FILE, required=True, help="Your Ed25519 private key (PEM): signs the statement.")
@click.option("--out", type=_FOLDER, required=True, help="The folder to write; it must not be there yet.")
@click.option("--with-evidence", is_flag=True, help="Put in the traces that hits point to: all that was sent.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when it went well.")
def export(
    release: str,
    vetting: Path | None,
    look: bool | None,  # noqa: FBT001 - click hands options in by name
    decisions: Path | None,
    proofs: Path | None,
    records: Path | None,
    org: Path | None,
    key: Path,
    out: Path,
    with_evidence: bool,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
) -> int:
    """Write a dossier about one release, signed with your key."""
    wish = DossierWish(
        release=release,
        vetting=vetting,
        look=look,
        decisions=decisions,
        proofs=proofs,
        records=records,
        organisation=org,
        key=key,
        out=out,
        with_evidence=with_evidence,
    )
    exported = export_dossier(wish)
    about = exported.vetting
    if not quiet:
        for item in exported.missing:
            click.echo(spell(f"missing: {item}"))
        said = f"{VERDICT_TITLES[about.verdict]}, vetted {about.created}: {count(exported.files, 'file')} in {out}"
        click.echo(f"{spell(said)}\nFor a person: {spell(str(out / 'index.html'))}")
    record(
        DossierExported(assistant=about.release.assistant, version=about.release.version, manifest=exported.manifest)
    )
    return 0


@dossier.command(epilog=VERIFY_EPILOG)
@click.argument("pack", type=_FOLDER)
@click.option("--key", type=_FILE, help="The signer's public key (PEM), got by another way than the pack.")
@click.option("--log-key", default="", metavar="VKEY", help="The log's verifier key: name+hash+base64.")
@click.option("--oscal", is_flag=True, help="Check OSCAL with compliance-trestle too: pip install 'clearance[oscal]'.")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.dossier-check/1) to a file, or -.")
@click.option("--quiet", "-q", is_flag=True, help="Only the exit code.")
def verify(
    pack: Path,
    key: Path | None,
    log_key: str,
    oscal: bool,  # noqa: FBT001
    json_: str | None,
    quiet: bool,  # noqa: FBT001
) -> int:
    """Verify PACK, a dossier from anybody. Nothing else is needed, and no network."""
    checked = verify_dossier(pack, key=key, log_key=log_key, oscal=oscal)
    if json_:
        write_text(json_, render_checked_json(checked))
    if not quiet and json_ != "-":
        Console(highlight=False, soft_wrap=True).print(render_checked(checked))
    return 1 if checked.problems else 0

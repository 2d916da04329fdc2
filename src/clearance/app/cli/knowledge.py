"""``clearance knowledge``: the facts that decisions rest on, and signed updates of them."""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from clearance.app.cli.destinations import write_text
from clearance.app.deciding import Desk, private_key
from clearance.app.dry_run import uses_of
from clearance.app.knowing import imported, keep_update, known, read_update_file, update_bytes
from clearance.app.recording import record
from clearance.model.ids import Digest
from clearance.model.knowledge import Knowledge, KnowledgeUpdate
from clearance.model.record import SnapshotImported
from clearance.policy.affected import Affected, Sides, affected, known_uses
from clearance.policy.circumstances import Circumstances
from clearance.policy.errors import PolicyError
from clearance.policy.knowledge import read_toml, shipped_knowledge
from clearance.policy.times import shown
from clearance.policy.updates import changed, check_update, digest_of, knowledge_at, sign_update, starts
from clearance.report.portable import portable_json

_EPILOG = """\
An update is packed of a TOML file in the form of the shipped ones, signed by two different people with the role
`knowledge`, previewed, and imported. Its facts replace those with the same id.

\b
Examples:
  clearance knowledge show
  clearance knowledge show anthropic-2026
  clearance knowledge pack regions.toml --serial 1 --from 2026-12-01 --out update.json
  clearance knowledge sign update.json --as ann --key ann.pem
  clearance knowledge import update.json --dry-run
"""
_KINDS = ("providers", "assistants", "snapshots", "rules", "measures", "incidents", "employers", "catalogues")
_LISTED = 12
_ORG = click.option("--org", type=click.Path(path_type=Path, dir_okay=False), help="Organisation file (TOML).")
_RECORDS = click.option("--records", type=click.Path(path_type=Path, file_okay=False), help="Folder of records.")
_JSON = click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or -.")
_FILE = click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group(epilog=_EPILOG)
def knowledge() -> None:
    """Facts with sources that decisions rest on, and signed updates of them."""


@knowledge.command(epilog="\b\nExamples:\n  clearance knowledge show\n  clearance knowledge show atlas --json -")
@click.argument("name", required=False)
@_JSON
@_ORG
def show(name: str | None, json_: str | None, org: Path | None) -> int:
    """List every fact with its date and source, or show the one called NAME."""
    desk = Desk.at(None, org)
    facts = known(desk.people(), int(desk.now.timestamp()), int(desk.now.timestamp()))
    rows = [(kind, fact) for kind in _KINDS for fact in getattr(facts, kind) if name is None or fact.id == name]
    if name is not None and not rows:
        raise PolicyError(f"No fact is called {name!r}.", advice="`clearance knowledge show` lists them.")
    if json_:
        found = {
            "schema": "clearance.knowledge-shown/1",
            "facts": [msgspec.to_builtins(f) | {"kind": k} for k, f in rows],
        }
        write_text(json_, portable_json(found))
    if json_ != "-":
        for kind, fact in rows:
            click.echo(f"{kind:11} {fact.id:34} seen {fact.seen}  {fact.source}")
            if name is not None:
                click.echo(msgspec.json.format(msgspec.json.encode(fact), indent=2).decode())
        for update in imported():
            click.echo(f"update {update.serial}, from {update.from_ or 'at once'}: {update.note}")
    return 0


@knowledge.command(epilog="\b\nExamples:\n  clearance knowledge pack regions.toml --serial 1 --out update.json")
@_FILE
@click.option("--serial", required=True, type=click.IntRange(1), help="Higher than that of every update before.")
@click.option("--from", "from_", default="", metavar="WHEN", help="Day or time (UTC) from which its facts count.")
@click.option("--until", default="", metavar="DAY", help="Last day on which it may be imported.")
@click.option("--note", default="", help="What changed, in a sentence.")
@click.option("--out", required=True, metavar="FILE", help="Write the unsigned update to a file, or -.")
def pack(file: Path, serial: int, from_: str, until: str, note: str, out: str) -> int:
    """Make an unsigned update of the facts in FILE (TOML)."""
    facts = read_toml(file.read_bytes(), Knowledge, str(file))
    update = KnowledgeUpdate(serial=serial, from_=from_, until=until, note=note, knowledge=facts)
    starts(update)
    write_text(out, update_bytes(update).decode())
    return 0


@knowledge.command(epilog="\b\nExamples:\n  clearance knowledge sign update.json --as ann --key ann.pem")
@_FILE
@click.option("--as", "person", required=True, help="Who signs: an id of the organisation file.")
@click.option("--key", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Ed25519 key (PEM).")
@_ORG
def sign(file: Path, person: str, key: Path, org: Path | None) -> int:
    """Add a person's signature to the update in FILE."""
    desk = Desk.at(None, org)
    people = {each.id: each for each in desk.people()}
    if person not in people:
        raise PolicyError(
            f"{person!r} is not among the people who may sign.", advice=f"Add them to {desk.organisation}."
        )
    signed = sign_update(read_update_file(file), people[person], private_key(key), desk.now)
    write_text(str(file), update_bytes(signed).decode())
    click.echo(f"{person} signed {digest_of(signed)[:12]}.")
    return 0


@knowledge.command(epilog="\b\nExamples:\n  clearance knowledge verify update.json")
@_FILE
@_ORG
def verify(file: Path, org: Path | None) -> int:
    """Say whether the update in FILE could be imported here and now."""
    desk = Desk.at(None, org)
    update = read_update_file(file)
    check_update(update, desk.people(), imported(), int(desk.now.timestamp()))
    click.echo(f"Update {update.serial} ({digest_of(update)[:12]}) may be imported.")
    return 0


@knowledge.command(
    "import", epilog="\b\nExamples:\n  clearance knowledge import update.json --dry-run --uses uses.jsonl"
)
@_FILE
@click.option("--dry-run", is_flag=True, help="Show what would change, and import nothing.")
@click.option(
    "--uses", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Uses to look at (JSON lines)."
)
@click.option("--yes", is_flag=True, help="Import without asking.")
@_JSON
@_RECORDS
@_ORG
def import_(
    file: Path,
    dry_run: bool,  # noqa: FBT001 - click hands options in by name
    uses: Path | None,
    yes: bool,  # noqa: FBT001
    json_: str | None,
    records: Path | None,
    org: Path | None,
) -> int:
    """Show who is affected by the update in FILE, then import it."""
    desk, update = Desk.at(records, org), read_update_file(file)
    now = int(desk.now.timestamp())
    check_update(update, desk.people(), imported(), now)
    before = desk.facts()
    since = max(now, starts(update))
    after = Circumstances(knowledge_at(shipped_knowledge(), (*imported(), update), since), before.organisation)
    sides = Sides(book_before=desk.book(before), before=before, book_after=desk.book(after), after=after)
    found = list(affected(uses_of(uses) if uses else known_uses(after), sides, since))
    facts = list(changed(before.knowledge, after.knowledge))
    if json_:
        write_text(json_, portable_json(_as_json(update, facts, found)))
    if json_ != "-":
        click.echo("\n".join(_told(update, facts, found, since)))
    if dry_run or not (yes or click.confirm("Import it?", err=True)):
        return 0
    path = keep_update(update)
    record(SnapshotImported(name=f"update {update.serial}", dated=update.from_, snapshot=Digest(digest_of(update))))
    click.echo(f"Imported into {path}.", err=True)
    return 0


def _told(
    update: KnowledgeUpdate, facts: list[tuple[str, str, str]], found: list[Affected], since: int
) -> Iterator[str]:
    yield f"Update {update.serial}, counting from {shown(since, 'UTC')}: {len(facts)} facts are new or changed."
    for kind, name, how in facts[:_LISTED]:
        yield f"  {how:8} {kind}: {name}"
    if len(facts) > _LISTED:
        yield f"  … and {len(facts) - _LISTED} more"
    stricter, looser = [f for f in found if not f.loosens], [f for f in found if f.loosens]
    yield f"{len(found)} uses get another answer: {len(stricter)} a stricter one, {len(looser)} a looser one."
    for each in (*looser, *stricter)[:_LISTED]:
        yield f"  {_use(each)}: {each.before.answer} → {each.after.answer} from {each.at:%Y-%m-%d %H:%M:%S} UTC"
        yield f"      {each.after.chain[0].what}"
    if len(found) > _LISTED:
        yield f"  … and {len(found) - _LISTED} more; --json lists all"


def _use(each: Affected) -> str:
    use = each.use
    who = use.subject.who or use.subject.entity or "anybody"
    channel = use.channel.value if use.channel else "any channel"
    where = use.subject.country or "an unknown country"
    return f"{who} in {where}, {use.tool} with {use.model or 'any model'} by {channel}"


def _as_json(update: KnowledgeUpdate, facts: list[tuple[str, str, str]], found: list[Affected]) -> object:
    return {
        "schema": "clearance.knowledge-import/1",
        "update": digest_of(update),
        "serial": update.serial,
        "changed": [{"kind": kind, "id": name, "how": how} for kind, name, how in facts],
        "affected": [
            {
                "use": msgspec.to_builtins(each.use),
                "at": each.at.isoformat(),
                "before": each.before.answer.value,
                "after": each.after.answer.value,
                "because": each.after.chain[0].what,
            }
            for each in found
        ],
    }

"""``clearance policy``: records as they are, cases that must hold, and past uses decided anew."""

from pathlib import Path

import click

from clearance.app.cli.destinations import write_text
from clearance.app.cli.policy_compile import compile_command
from clearance.app.cli.policy_store import store_group
from clearance.app.deciding import Desk
from clearance.app.dry_run import decide_again
from clearance.model.ruling import Rulings
from clearance.policy.book import Book
from clearance.policy.cases import read_cases, run_cases
from clearance.policy.circumstances import Circumstances
from clearance.policy.errors import PolicyError
from clearance.policy.knowledge import shipped_knowledge
from clearance.policy.rulings import rulings_of
from clearance.report.decision_json import render_dry_run_json, render_policy_test_json
from clearance.report.portable import portable_json

_EPILOG = """\b
Examples:
  clearance policy list
  clearance policy test cases.yaml
  clearance policy dry-run --from events.jsonl
  clearance policy rulings --out rulings.json
  clearance policy compile --rulings rulings.json --out compiled
"""
_TEST_EPILOG = """\
Exit codes: 0 as expected, 1 not, 2 bad use, 3 could not be decided.

\b
Examples:
  clearance policy test cases.yaml
"""
_RECORDS = click.option("--records", type=click.Path(path_type=Path, file_okay=False), help="Folder of records.")
_ORG = click.option("--org", type=click.Path(path_type=Path, dir_okay=False), help="Organisation file (TOML).")
_DATABASE = click.option("--database", metavar="URL", help="Read records from a database (see `policy store`).")
_JSON = click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or -.")


@click.group(epilog=_EPILOG)
def policy() -> None:
    """Records, cases, past uses, and settings compiled for tools."""


@policy.command("list")
@_RECORDS
@_ORG
@_DATABASE
def list_(records: Path | None, org: Path | None, database: str | None) -> int:
    """List every record: id, kind, tools, time, and whether it counts."""
    desk = Desk.at(records, org, database)
    facts = desk.facts()
    for entry in desk.book(facts).entries:
        tools = ",".join(entry.record.scope.tools) or "all tools"
        when = f"{entry.record.from_ or 'always'} … {entry.record.until or 'open'}"
        click.echo(f"{entry.id[:12]}  {entry.kind.value:9} {tools:24} {when:28} {entry.fault or 'counts'}")
    return 0


@policy.command("test", epilog=_TEST_EPILOG)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_JSON
@_RECORDS
@_ORG
@_DATABASE
def test_cases(file: Path, json_: str | None, records: Path | None, org: Path | None, database: str | None) -> int:
    """Decide the cases in FILE (YAML) and say which are not as expected."""
    desk = Desk.at(records, org, database)
    cases = read_cases(file.read_bytes(), str(file))
    facts = Circumstances(shipped_knowledge(), cases.organisation) if cases.organisation else desk.facts()
    now = int(desk.now.timestamp())
    book = (
        Book(cases.records, facts, now=now, unsafe_unsigned=cases.unsafe_unsigned)
        if cases.records
        else desk.book(facts)
    )
    outcomes = list(run_cases(cases, book, facts))
    if json_:
        write_text(json_, render_policy_test_json((o.name, o.decision, o.wrong) for o in outcomes))
    if json_ != "-":
        for outcome in outcomes:
            click.echo(f"{'✖' if outcome.wrong else '✔'} {outcome.name}: {outcome.decision.answer.value}")
            for wrong in outcome.wrong:
                click.echo(f"    {wrong}")
        if cases.unsafe_unsigned:
            click.echo("The records of this file were counted without signatures (unsafe_unsigned).")
    return int(any(outcome.wrong for outcome in outcomes))


@policy.command("dry-run", epilog="\b\nExamples:\n  clearance policy dry-run --from events.jsonl")
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON lines: a use and `at` each.",
)
@_JSON
@_RECORDS
@_ORG
@_DATABASE
def dry_run(source: Path, json_: str | None, records: Path | None, org: Path | None, database: str | None) -> int:
    """Decide past uses by the records of today, and count the answers."""
    desk = Desk.at(records, org, database)
    facts = desk.facts()
    counts = decide_again(source, desk.book(facts), facts)
    if json_:
        write_text(json_, render_dry_run_json(counts.answers, dict(counts.reasons.most_common(50))))
    if json_ != "-":
        for answer, many in counts.answers.most_common():
            click.echo(f"{many:10,}  {answer}")
        for reason, many in counts.reasons.most_common(10):
            click.echo(f"{many:10,}  because  {reason}")
    return 0


_RULINGS_EPILOG = """\b
Examples:
  clearance policy rulings --gateway https://gate.acme.example --out rulings.json
  clearance policy compile --rulings rulings.json --out compiled
"""


@policy.command("rulings", epilog=_RULINGS_EPILOG)
@click.option("--out", required=True, metavar="FILE", help="Write the rulings (clearance.rulings/1) to a file, or -.")
@click.option("--gateway", default="", metavar="URL", help="Address of the gate, for records that ask for it.")
@_RECORDS
@_ORG
@_DATABASE
def rulings(out: str, gateway: str, records: Path | None, org: Path | None, database: str | None) -> int:
    """Turn records into rulings, which `policy compile` carries to tools; say what they cannot carry."""
    desk = Desk.at(records, org, database)
    facts = desk.facts()
    found, notes = rulings_of(desk.book(facts), sorted(facts.schemes), gateway=gateway)
    for note in notes:
        click.echo(note, err=True)
    if not found:
        raise PolicyError(
            "No record that counts can be carried to tools, so nothing was written.",
            advice="See which records count, and why others do not: clearance policy list",
        )
    write_text(out, portable_json(Rulings(format="clearance.rulings/1", ruling=found)))
    return 0


_CEDAR_EPILOG = """\
Exit codes: 0 written, or as Cedar wants it, 2 bad use, 3 Cedar refuses.

\b
Examples:
  clearance policy cedar --out policies/
  clearance policy cedar --check
"""


@policy.command("cedar", epilog=_CEDAR_EPILOG)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write schema and policies there.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say whether Cedar takes them.")
@_JSON
@_RECORDS
@_ORG
@_DATABASE
def cedar(
    out: Path | None,
    only_check: bool,  # noqa: FBT001 - click hands options in by name
    json_: str | None,
    records: Path | None,
    org: Path | None,
    database: str | None,
) -> int:
    """Write the records in Cedar, checked against its schema."""
    from clearance.policy.cedar.checking import check_policies, schema
    from clearance.policy.cedar.policies import policies

    desk = Desk.at(records, org, database)
    facts = desk.facts()
    pages = desk.book(facts)
    written = policies(pages)
    check_policies(written)
    if json_:
        found = {"schema": "clearance.cedar/1", "cedar_schema": schema(), "policies": written}
        write_text(json_, portable_json(found))
    if out is not None and not only_check:
        write_text(out / "clearance.cedarschema", schema())
        write_text(out / "records.cedar", written)
    if json_ != "-" and out is None and not only_check:
        click.echo(written, nl=False)
    if only_check or out is not None:
        where = f" in {out}" if out is not None and not only_check else ""
        click.echo(f"{len(pages.entries)} records fit the schema{where}.", err=json_ == "-")
    return 0


policy.add_command(compile_command)
policy.add_command(store_group)

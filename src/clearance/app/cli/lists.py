"""``clearance profiles``, ``factors`` and ``rules``: what is shipped, from the code itself."""

import datetime
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clearance.detect.contents import ALL as CONTENT_RULES
from clearance.detect.rules import ALL as RULES
from clearance.detect.texts import ALL as TEXT_RULES
from clearance.intake.profiles import shipped_profiles
from clearance.lab.catalogue import factor_catalogue


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], json_: str | None) -> None:
    if json_ is None:
        table = Table(title=title, title_justify="left", show_lines=False, box=None, pad_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        Console(highlight=False).print(table)
        return
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    text = msgspec.json.format(msgspec.json.encode(records), indent=2).decode() + "\n"
    if json_ == "-":
        click.echo(text, nl=False)
    else:
        Path(json_).write_text(text, encoding="utf-8")


_JSON = click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or - for standard output.")


@click.command(epilog="\b\nExample:\n  clearance profiles --json -")
@_JSON
def profiles(json_: str | None) -> None:
    """List the assistants that have a shipped profile."""
    rows = [
        (p.id, p.title, f"{p.source.type}:{p.source.name}", str(p.run.api) if p.run else "", p.gap)
        for p in shipped_profiles()
    ]
    _table("Assistants", ("id", "title", "source", "api", "gap"), rows, json_)


@click.command(epilog="\b\nExample:\n  clearance factors")
@_JSON
def factors(json_: str | None) -> None:
    """List the factors, their levels, and why an assistant has no business depending on each."""
    now = datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251 - the command line is where time comes in
    rows = [(f.name, f.baseline, str(len(f.levels)), f.why) for f in factor_catalogue(now)]
    _table("Factors", ("factor", "baseline", "other levels", "why"), rows, json_)


@click.command(epilog="\b\nExample:\n  clearance rules")
@_JSON
def rules(json_: str | None) -> None:
    """List the rules that judge what was seen."""
    rows = [(r.id, "vet", r.why, ", ".join(r.atlas)) for r in RULES]
    rows += [(r.id, "look", r.why, ", ".join(r.atlas)) for r in CONTENT_RULES]
    rows += [(r.id, "look", r.why, ", ".join(r.atlas)) for r in TEXT_RULES]
    _table("Rules", ("rule", "by", "why", "ATLAS"), rows, json_)

"""``clearance doctor`` and ``clearance conformance``: what this machine can stage, and proof that rooms are sealed."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console

from clearance.lab.conformance import Check, check_sealed
from clearance.lab.doctor import Ability, examine
from clearance.lab.room.keeper import Keeper
from clearance.report.terminal import render_doctor


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    ok: bool
    detail: str
    mend: str = ""
    needed: bool = True


def _output(rows: Sequence[_Row], json_: str | None) -> None:
    if json_ is None:
        Console(highlight=False).print(render_doctor((r.name, r.ok, r.detail, r.mend, r.needed) for r in rows))
        return
    text = msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
    if json_ == "-":
        click.echo(text, nl=False)
    else:
        Path(json_).write_text(text, encoding="utf-8")


@click.command(epilog="\b\nExamples:\n  clearance doctor\n  clearance doctor --json -")
@click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or - for standard output.")
def doctor(json_: str | None) -> int:
    """Say what this machine can and cannot stage, and the command that mends it.

    Exit code 3 if rooms cannot be built.
    """
    abilities: Sequence[Ability] = examine()
    _output([_Row(name=a.name, ok=a.ok, detail=a.detail, mend=a.mend, needed=a.needed) for a in abilities], json_)
    return 0 if all(a.ok or not a.needed for a in abilities) else 3


@click.command(epilog="\b\nExamples:\n  clearance conformance\n  clearance conformance --json conformance.json")
@click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or - for standard output.")
def conformance(json_: str | None) -> int:
    """Build a room and try every way out of it: the check that runs before each campaign. Exit code 3 if one opens."""
    checks = asyncio.run(_check())
    _output([_Row(name=c.name, ok=c.sealed, detail=c.detail) for c in checks], json_)
    return 0 if all(c.sealed for c in checks) else 3


async def _check() -> tuple[Check, ...]:
    with tempfile.TemporaryDirectory() as work:
        async with Keeper() as keeper:
            return await check_sealed(keeper, work=Path(work))

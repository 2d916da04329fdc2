"""``clearance policy compile``: from rulings to the files of each tool, and what they cannot enforce."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clearance.app.cli.destinations import one_on_stdout, write_text
from clearance.app.compiling import CompileWish, compile_policy, fails
from clearance.app.recording import digest_of, record
from clearance.model.coverage import CoverageReport
from clearance.model.record import PolicyCompiled
from clearance.policy.compile import ALL
from clearance.report.coverage import render_coverage_json
from clearance.report.visible import spell

EPILOG = """\
Every clause of every ruling is in DIR/COVERAGE.md: enforced, partly, or cannot be enforced and why.
With --key the folder holds a helper program and a signed bundle, which answer offline until it expires.

Exit codes: 0 compiled, 1 something is not enforced and --fail-on says that counts, 2 bad use.

\b
Examples:
  clearance policy compile --rulings rulings.toml --out compiled
  clearance policy compile --rulings rulings.toml --for claude-code,codex --key policy-key.pem --out compiled
  clearance policy compile --rulings rulings.toml --audience region:HK --out hk --fail-on cannot
"""
_STYLES = {"enforced": "green", "partly": "yellow", "cannot": "red"}
_IDS = tuple(target.id for target in ALL)


@click.command("compile", epilog=EPILOG)
@click.option(
    "--rulings", required=True, type=click.Path(path_type=Path, dir_okay=False), help="A file of rulings (TOML, JSON)."
)
@click.option("--for", "targets", metavar="A,B,…", help=f"Targets.  [default: all of {','.join(_IDS)}]")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Write to this folder.")
@click.option("--audience", default="", help="Whose devices the files are for.  [default: everybody]")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="Ed25519 key (PEM) that signs the bundle.")
@click.option(
    "--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How long the bundle is valid."
)
@click.option("--python", "interpreter", default="/usr/bin/python3", show_default=True, help="python3 on the devices.")
@click.option("--at", metavar="TIME", help="Compile what is in force then (2026-12-01T00:00:00Z).  [default: now]")
@click.option("--json", "json_", metavar="FILE", help="Write the coverage (clearance.coverage/1) to a file, or -.")
@click.option(
    "--fail-on",
    type=click.Choice(["cannot", "partly", "never"]),
    default="never",
    show_default=True,
    help="Exit with 1 if a clause came out like that, or worse.",
)
@click.option("--quiet", "-q", is_flag=True, help="No summary; only the exit code and files.")
def compile_command(
    rulings: Path,
    targets: str | None,
    out: Path,
    audience: str,
    key: Path | None,
    days: int,
    interpreter: str,
    at: str | None,
    json_: str | None,
    fail_on: str,
    quiet: bool,  # noqa: FBT001 - click hands options in by name
) -> int:
    """Compile rulings to managed settings, hooks, helper, and lists; say what cannot be enforced."""
    wanted = {"json": json_}
    to_stdout = one_on_stdout(wanted)
    if not interpreter.startswith("/") or any(c.isspace() for c in interpreter):
        raise click.BadParameter("is no absolute path without spaces", param_hint="--python")
    report = compile_policy(
        CompileWish(
            rulings=rulings,
            targets=_chosen(targets),
            out=out,
            at=_instant(at),
            audience=audience,
            key=key,
            valid_for=timedelta(days=days),
            interpreter=interpreter,
        )
    )
    if json_:
        write_text(json_, render_coverage_json(report))
    if not quiet:
        _show(report, out, stderr=to_stdout)
    record(PolicyCompiled(targets=tuple(report.tried), coverage=digest_of(render_coverage_json(report))))
    return int(fails(report, fail_on))


def _chosen(named: str | None) -> tuple[str, ...]:
    names = tuple(name.strip() for name in (named or ",".join(_IDS)).split(",") if name.strip())
    unknown = [name for name in names if name not in _IDS]
    if unknown or not names:
        raise click.BadParameter(
            f"knows {', '.join(_IDS)}; not {unknown[0] if unknown else named!r}", param_hint="--for"
        )
    return names


def _instant(text: str | None) -> datetime:
    if text is None:
        return datetime.now(tz=UTC).replace(microsecond=0)  # noqa: TID251 - the command line is where time comes in
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("is no time; write 2026-12-01T00:00:00Z", param_hint="--at") from None
    if read.tzinfo is None:
        raise click.BadParameter("has no zone; write 2026-12-01T00:00:00Z", param_hint="--at")
    return read


def _show(report: CoverageReport, out: Path, *, stderr: bool) -> None:
    console = Console(stderr=stderr, highlight=False)
    table = Table(box=None, pad_edge=False, header_style="dim", expand=console.width < 140)
    for column in ("target", "ruling", "asked", "how", "by, or why not"):
        table.add_column(column, overflow="fold")
    for line in report.lines:
        how = Text(line.how, style=_STYLES[line.how])
        said = line.by if line.how == "enforced" else line.why or line.by
        table.add_row(line.target, str(line.ruling), Text(spell(line.asked)), how, Text(spell(said)))
    console.print(table)
    for note in report.notes:
        console.print(Text(spell(note), style="yellow"))
    counts = f"{report.enforced} enforced, {report.partly} partly, {report.cannot} cannot be enforced"
    console.print(Text(f"\n{counts}. {len(report.files)} files and COVERAGE.md in {spell(str(out))}."), soft_wrap=True)

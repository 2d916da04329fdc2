"""Writing reports where the user wants them: to files, to a folder, or to standard output with ``-``."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from clearance.model.vetting import Vetting
from clearance.report.html import render_html
from clearance.report.json import render_json
from clearance.report.sarif import render_sarif

RENDERERS: Mapping[str, Callable[[Vetting], str]] = {"json": render_json, "sarif": render_sarif, "html": render_html}


Command = TypeVar("Command", bound=Callable[..., object])


def report_options(command: Command) -> Command:
    """``--json``, ``--sarif``, ``--html``, ``--out``, ``--fail-on`` and ``--quiet``."""
    for option in (
        click.option("--quiet", "-q", is_flag=True, help="No progress and no summary; only the exit code and reports."),
        click.option(
            "--fail-on",
            type=click.Choice(["info", "low", "medium", "high", "critical", "never"]),
            default="high",
            show_default=True,
            help="Exit with 1 if a hit has at least this severity.",
        ),
        click.option(
            "--out", type=click.Path(path_type=Path, file_okay=False), help="Write all reports to this folder."
        ),
        click.option("--html", metavar="FILE", help="Write the HTML page to a file, or - for standard output."),
        click.option("--sarif", metavar="FILE", help="Write SARIF 2.1.0 to a file, or -."),
        click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.vet/1) to a file, or -."),
    ):
        command = option(command)
    return command


def one_on_stdout(wanted: Mapping[str, str | None]) -> bool:
    """Whether a report goes to standard output.

    Raises:
        UsageError: more than one should, or one has to go where a folder is: better said before anything is run.
    """
    for kind, where in wanted.items():
        if where and where != "-" and Path(where).is_dir():
            raise click.UsageError(f"--{kind} {where!r} is a folder; name a file, or use --out for all reports")
    several = [kind for kind, where in wanted.items() if where == "-"]
    if len(several) > 1:
        raise click.UsageError(f"only one report can go to standard output, not {' and '.join(several)}")
    return bool(several)


def write_reports(vetting: Vetting, wanted: Mapping[str, str | None], *, out: Path | None) -> tuple[str, ...]:
    """Write what was asked for, and every report to the campaign's own folder; the paths, the HTML page first."""
    written = []
    folders = [Path(vetting.folder)] + ([out] if out else [])
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, render in RENDERERS.items():
            (folder / f"report.{kind}").write_text(render(vetting), encoding="utf-8")
        written.append(str(folder / "report.html"))
    for kind, where in wanted.items():
        if where == "-":
            sys.stdout.write(RENDERERS[kind](vetting))
        elif where:
            path = Path(where)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(RENDERERS[kind](vetting), encoding="utf-8")
            written.append(where)
    return tuple(reversed(written))

"""Writing reports where the user wants them: to files, to a folder, or to standard output with ``-``."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from clearance.app.cli.destinations import one_on_stdout, write_text
from clearance.app.writable import Unwritable
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


def to_stdout(wanted: Mapping[str, str | None], out: Path | None) -> bool:
    """Whether a report goes to standard output; every file of ``wanted`` and ``out`` is tried. Raises UsageError."""
    return one_on_stdout(wanted, beside=[("--out", kind, path) for kind, path in _reports(out)] if out else ())


def deliver(vetting: Vetting, wanted: Mapping[str, str | None], *, out: Path | None, quiet: bool, stderr: bool) -> None:
    """Write the reports and show the summary, which is shown too when a report could not be written.

    Raises:
        Unwritable: a report could not be written; the others, and what the campaign recorded, are there.
    """
    from clearance.app.vetting import show  # `look` writes reports too, and needs no rooms

    written, failed = write_reports(vetting, wanted, out=out)
    show(vetting, written, quiet=quiet, stderr=stderr)
    if failed is not None:
        raise Unwritable(str(failed), advice=f"{failed.advice} Then: clearance replay {vetting.folder}")


def write_reports(
    vetting: Vetting, wanted: Mapping[str, str | None], *, out: Path | None
) -> tuple[tuple[str, ...], Unwritable | None]:
    """Write what was asked for, and every report to the campaign's own folder and to ``out``.

    Returns the paths, the HTML page first, and the first that could not be written.
    """
    texts = {kind: render(vetting) for kind, render in RENDERERS.items()}
    folders = (Path(vetting.folder), *([out] if out else []))
    kept = [(kind, str(path), kind == "html") for folder in folders for kind, path in _reports(folder)]
    asked = [(kind, where, where != "-") for kind, where in wanted.items() if where]
    written: list[str] = []
    failed: Unwritable | None = None
    for kind, where, told in (*kept, *asked):
        try:
            write_text(where, texts[kind])
        except Unwritable as error:
            failed = failed or error
        else:
            written += [where] * told
    return tuple(reversed(written)), failed


def _reports(folder: Path) -> tuple[tuple[str, Path], ...]:
    return tuple((kind, folder / f"report.{kind}") for kind in RENDERERS)


__all__ = ["RENDERERS", "deliver", "one_on_stdout", "report_options", "to_stdout", "write_reports"]

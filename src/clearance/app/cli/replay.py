"""``clearance replay``: the analysis again from recorded traces; nothing is run."""

from pathlib import Path

import click

from clearance.app.cli.output import one_on_stdout, report_options, write_reports
from clearance.app.vetting import exit_code, replay_campaign, show

EPILOG = """\b
Example:
  clearance replay ~/.local/state/clearance/vettings/claude-code-2.1.112-20261122T130000Z --html page.html
"""


@click.command(epilog=EPILOG)
@click.argument("campaign", type=click.Path(path_type=Path, file_okay=False))
@report_options
def replay(
    campaign: Path,
    json_: str | None,
    sarif: str | None,
    html: str | None,
    out: Path | None,
    fail_on: str,
    quiet: bool,  # noqa: FBT001
) -> int:
    """Analyse CAMPAIGN (the folder that `clearance vet` named) again, checking every trace's digest."""
    wanted = {"json": json_, "sarif": sarif, "html": html}
    to_stdout = one_on_stdout(wanted)
    vetting = replay_campaign(campaign, quiet=quiet, stderr=to_stdout)
    written = write_reports(vetting, wanted, out=out)
    show(vetting, written, quiet=quiet, stderr=to_stdout)
    return exit_code(vetting, fail_on)

"""``clearance replay``: the analysis again from recorded traces; nothing is run."""

from pathlib import Path

import click

from clearance.app.cli.output import deliver, report_options, to_stdout
from clearance.app.vetting import exit_code, replay_campaign

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
    on_stdout = to_stdout(wanted, out)
    vetting = replay_campaign(campaign, quiet=quiet, stderr=on_stdout)
    deliver(vetting, wanted, out=out, quiet=quiet, stderr=on_stdout)
    return exit_code(vetting, fail_on)

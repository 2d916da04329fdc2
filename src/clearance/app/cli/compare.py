"""``clearance compare`` and ``clearance bisect``: what changed between releases, and which release changed it."""

from pathlib import Path

import click
from rich.console import Console

from clearance.app.bisecting import BisectWish, bisect_releases
from clearance.app.cli.destinations import one_on_stdout
from clearance.app.cli.texts import write_texts
from clearance.app.comparing import CompareWish, compare_targets
from clearance.app.targets import target_of
from clearance.lab.probing import BOTH, EXPERIMENT, STATIC, sought
from clearance.model.finding import Severity
from clearance.report.comparing import render_bisection, render_comparison
from clearance.report.comparing_json import render_bisect_json, render_compare_json

_COMPARE_EPILOG = """\
Exit codes: 0 compared, 1 a change of at least --fail-on concern, 2 bad use, 3 a release could not be had.

\b
Examples:
  clearance compare claude-code@2.1.112 claude-code@2.1.114
  clearance compare npm:some-mcp@1.0.15 npm:some-mcp@1.0.16 --fail-on 80
  clearance compare ./old-skill ./new-skill --json -
"""
_BISECT_EPILOG = """\
FINDING is a rule (`clearance rules`) or covert-channel, hidden-content, conditional-traffic, canary-leak.
What was looked at is kept: a search that was stopped goes on where it was.

Exit codes: 0 searched, 2 bad use, 3 a release could not be had.

\b
Examples:
  clearance bisect claude-code 2.1.80..2.1.210 --finding covert-channel
  clearance bisect qwen-code 0.20.0..0.24.4 --finding hides-code --every
  clearance bisect claude-code 2.1.80..2.1.120 --finding covert-channel --by experiment --factors base_url,timezone
"""


@click.command(epilog=_COMPARE_EPILOG)
@click.argument("before")
@click.argument("after")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.compare/1) to a file, or -.")
@click.option("--all", "everything", is_flag=True, help="Show changes of little concern too.")
@click.option("--no-cache", "fresh", is_flag=True, help="Look again, whatever is kept from before.")
@click.option("--offline", is_flag=True, help="Use only what is in the cache; ask no registry.")
@click.option(
    "--fail-on", type=click.IntRange(1, 100), metavar="CONCERN", help="Exit with 1 from this concern (1-100)."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary; only the exit code and reports.")
def compare(
    before: str,
    after: str,
    json_: str | None,
    everything: bool,  # noqa: FBT001 - click hands options in by name
    fresh: bool,  # noqa: FBT001
    offline: bool,  # noqa: FBT001
    fail_on: int | None,
    quiet: bool,  # noqa: FBT001
) -> int:
    """Compare what is in BEFORE and AFTER (named as for `look`), in order of concern; nothing is run."""
    wanted = {"json": json_}
    to_stdout = one_on_stdout(wanted)
    wish = CompareWish(before=target_of(before), after=target_of(after), offline=offline, fresh=fresh)
    compared = compare_targets(wish, quiet=quiet, stderr=to_stdout)
    write_texts({"json": lambda: render_compare_json(compared)}, wanted)
    if not quiet:
        Console(stderr=to_stdout, highlight=False).print(render_comparison(compared, everything=everything))
    return int(fail_on is not None and any(row.concern >= fail_on for row in compared.changes))


@click.command(epilog=_BISECT_EPILOG)
@click.argument("assistant")
@click.argument("versions", metavar="FIRST..LAST")
@click.option("--finding", required=True, help="What to search for.")
@click.option(
    "--by",
    type=click.Choice([STATIC, EXPERIMENT, BOTH]),
    help="How a release is looked at; both: by what is in it, and both sides of each edge by experiment too.",
)
@click.option("--factors", metavar="A,B,…", default="base_url,timezone", show_default=True, help="For experiments.")
@click.option(
    "--least",
    type=click.Choice([severity.value for severity in Severity]),
    default="medium",
    show_default=True,
    help="Severity that counts.",
)
@click.option("--every", is_flag=True, help="Look at every release; nothing is assumed.")
@click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), help="Your own profile (TOML).")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.bisect/1) to a file, or -.")
@click.option("--no-cache", "fresh", is_flag=True, help="Look again, whatever is kept from before.")
@click.option("--offline", is_flag=True, help="Use only what is in the cache; ask no registry.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary; only reports.")
def bisect(
    assistant: str,
    versions: str,
    finding: str,
    by: str | None,
    factors: str,
    least: str,
    every: bool,  # noqa: FBT001 - click hands options in by name
    profile: Path | None,
    json_: str | None,
    fresh: bool,  # noqa: FBT001
    offline: bool,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
) -> None:
    """Search the releases of ASSISTANT from FIRST to LAST for those that brought a finding in and took it out."""
    first, dots, last = versions.partition("..")
    if not dots or not first or not last:
        raise click.BadParameter("is no range; write 2.1.80..2.1.210", param_hint="FIRST..LAST")
    wanted = {"json": json_}
    to_stdout = one_on_stdout(wanted)
    looked_for = sought(finding, Severity(least))
    wish = BisectWish(
        profile=target_of(assistant, profile).profile,
        first=first,
        last=last,
        sought=looked_for,
        by=looked_for.by(by),
        factors=tuple(name.strip() for name in factors.split(",") if name.strip()),
        every=every,
        offline=offline,
        fresh=fresh,
    )
    found = bisect_releases(wish, quiet=quiet, stderr=to_stdout)
    write_texts({"json": lambda: render_bisect_json(found)}, wanted)
    if not quiet:
        Console(stderr=to_stdout, highlight=False).print(render_bisection(found))

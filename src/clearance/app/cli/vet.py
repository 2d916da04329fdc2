"""``clearance vet``: run a release in sealed rooms and show what leaves it, and what that depends on."""

import datetime
import math
from difflib import get_close_matches
from pathlib import Path

import click

from clearance.app.cli.output import deliver, report_options, to_stdout
from clearance.app.recording import digest_of, record
from clearance.app.vetting import Wish, exit_code, vet_release
from clearance.lab.catalogue import factor_catalogue
from clearance.model.ids import Digest
from clearance.model.record import ReleaseVetted
from clearance.report.json import render_json

EPILOG = """\
Exit codes: 0 no hit at or above --fail-on, 1 hits, 2 bad use, 3 could not vet, 130 interrupted.

\b
Examples:
  clearance vet claude-code@2.1.112
  clearance vet gemini-cli --factors timezone,base_url,locale --budget 120
  clearance vet ./some-agent --profile some-agent/profile.toml --out reports/
  clearance vet codex@0.169.0 --json - --quiet
"""


class Seconds(click.FloatRange):
    """A number of seconds: neither ``nan``, which is no number, nor ``inf``, which is what leaving it out means."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Raises BadParameter."""
        number = float(super().convert(value, param, ctx))  # type: ignore[arg-type]
        if not math.isfinite(number):
            self.fail(f"{value} is no number of seconds. Leave it out for no limit.", param, ctx)
        return number


@click.command(epilog=EPILOG)
@click.argument("release")
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your own profile (TOML) instead of a shipped one.",
)
@click.option("--factors", metavar="A,B,…", help="Stage only these factors (see `clearance factors`).")
@click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Rooms at once.  [default: 2 for each processor]")
@click.option("--seed", type=int, default=1, show_default=True, help="The plan follows from it.")
@click.option("--budget", type=Seconds(min=1), metavar="SECONDS", help="Wall time after which no run starts.")
@click.option(
    "--screen", "screening", type=click.IntRange(0, 2000), default=36, show_default=True, help="Screening runs."
)
@click.option("--replicates", type=click.IntRange(2, 100), default=8, show_default=True, help="Baseline replicates.")
@click.option("--look/--no-look", default=True, help="Look into the release first; hidden lists become levels.")
@click.option("--offline", is_flag=True, help="Use only what is in the cache; ask no registry.")
@report_options
def vet(
    release: str,
    profile: Path | None,
    factors: str | None,
    jobs: int | None,
    seed: int,
    budget: float | None,
    screening: int,
    replicates: int,
    look: bool,  # noqa: FBT001 - click hands options in by name
    offline: bool,  # noqa: FBT001
    json_: str | None,
    sarif: str | None,
    html: str | None,
    out: Path | None,
    fail_on: str,
    quiet: bool,  # noqa: FBT001
) -> int:
    """Vet RELEASE: a name with an optional version (claude-code@2.1.112), a folder, or an archive."""
    wanted = {"json": json_, "sarif": sarif, "html": html}
    on_stdout = to_stdout(wanted, out)
    wish = Wish(
        release=release,
        profile=profile,
        factors=_known_factors(factors),
        jobs=jobs or 0,
        seed=seed,
        budget_s=budget,
        baseline_runs=replicates,
        screening_runs=screening,
        offline=offline,
        look=look,
    )
    vetting = vet_release(wish, quiet=quiet, stderr=on_stdout)
    deliver(vetting, wanted, out=out, quiet=quiet, stderr=on_stdout)
    record(
        ReleaseVetted(
            assistant=vetting.release.assistant,
            version=vetting.release.version,
            release=Digest(vetting.release.sha256),
            verdict=vetting.verdict.value,
            report=digest_of(render_json(vetting)),
        )
    )
    return exit_code(vetting, fail_on)


def _known_factors(listed: str | None) -> tuple[str, ...]:
    """The factors that the user listed, all of them known: said before anything is fetched. Raises BadParameter."""
    if listed is None:
        return ()
    wanted = tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
    now = datetime.datetime.now(tz=datetime.UTC)  # noqa: TID251 - only the names are wanted
    known = [row.name for row in factor_catalogue(now)]
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, n=2, cutoff=0.5)
            meant = f"Did you mean {' or '.join(near)}?" if near else f"Factors are: {', '.join(known)}."
            raise click.BadParameter(f"no factor is called {name!r}. {meant}", param_hint="--factors")
    if not wanted:
        raise click.BadParameter("names no factor. Leave it out to stage all.", param_hint="--factors")
    return wanted

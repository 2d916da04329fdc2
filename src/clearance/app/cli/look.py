"""``clearance look``: what is in a release, without running it."""

import uuid
from pathlib import Path

import click
from rich.console import Console

from clearance.app.cli.destinations import one_on_stdout
from clearance.app.cli.texts import write_prompts, write_texts
from clearance.app.looking import LookWish, exit_code, look_into
from clearance.app.recording import digest_of, record
from clearance.app.targets import target_of
from clearance.model.ids import Digest
from clearance.model.record import ReleaseLooked
from clearance.report.look_html import render_look_html
from clearance.report.look_json import render_look_json
from clearance.report.look_terminal import render_look
from clearance.report.sarif import render_sarif
from clearance.report.sbom import render_sbom

EPILOG = """\
TARGET: an assistant with a profile (claude-code@2.1.196), any package (npm:NAME@VERSION, pypi:NAME), a folder
(a skill, a plugin, an MCP server, a repository), an archive (.tgz .whl .vsix .zip), a single file.

Exit codes: 0 no hit at or above --fail-on, 1 hits, 2 bad use, 3 too much could not be read.

\b
Examples:
  clearance look claude-code@2.1.196
  clearance look npm:@modelcontextprotocol/server-filesystem --json - --quiet
  clearance look ./my-skill --fail-on medium
  clearance look codex --sbom codex.cdx.json --osv all.zip
  clearance look gemini-cli --yara rules/
"""


@click.command(epilog=EPILOG)
@click.argument("target")
@click.option("--profile", type=click.Path(path_type=Path, dir_okay=False), help="Your own profile (TOML).")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.look/1) to a file, or -.")
@click.option("--sarif", metavar="FILE", help="Write SARIF 2.1.0 to a file, or -.")
@click.option("--html", metavar="FILE", help="Write the HTML page to a file, or -.")
@click.option("--sbom", metavar="FILE", help="Write a CycloneDX bill of materials to a file, or -.")
@click.option("--prompts", type=click.Path(path_type=Path, file_okay=False), help="Write every prompt to this folder.")
@click.option(
    "--yara", type=click.Path(path_type=Path, exists=True), multiple=True, help="Your YARA rules: file, folder."
)
@click.option("--osv", type=click.Path(path_type=Path, exists=True), help="An OSV dump to look packages up in.")
@click.option("--no-models", is_flag=True, help="Do not ask the classifiers about skills and tool descriptions.")
@click.option("--no-cache", "fresh", is_flag=True, help="Look again, whatever is kept from before.")
@click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Processes that read.  [default: one a processor]")
@click.option("--offline", is_flag=True, help="Use only what is in the cache; ask no registry.")
@click.option(
    "--fail-on",
    type=click.Choice(["info", "low", "medium", "high", "critical", "never"]),
    default="high",
    show_default=True,
    help="Exit with 1 if a hit has at least this severity.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress and no summary; only the exit code and reports.")
def look(
    target: str,
    profile: Path | None,
    json_: str | None,
    sarif: str | None,
    html: str | None,
    sbom: str | None,
    prompts: Path | None,
    yara: tuple[Path, ...],
    osv: Path | None,
    no_models: bool,  # noqa: FBT001 - click hands options in by name
    fresh: bool,  # noqa: FBT001
    jobs: int | None,
    offline: bool,  # noqa: FBT001
    fail_on: str,
    quiet: bool,  # noqa: FBT001
) -> int:
    """Look into TARGET without running it: endpoints, prompts, what it reads, what is hidden, what it can do."""
    wanted = {"json": json_, "sarif": sarif, "html": html, "sbom": sbom}
    to_stdout = one_on_stdout(wanted)
    wish = LookWish(
        target=target_of(target, profile), offline=offline, fresh=fresh, jobs=jobs or 0, rules=yara, advisories=osv,
        models=not no_models,
    )  # fmt: skip
    seen, examined = look_into(wish, quiet=quiet, stderr=to_stdout)
    texts = {
        "json": lambda: render_look_json(seen),
        "sarif": lambda: render_sarif(seen),
        "html": lambda: render_look_html(seen),
        "sbom": lambda: render_sbom(examined, created=seen.created, serial=_serial(examined.release.sha256)),
    }
    written = write_texts(texts, wanted)
    if prompts is not None:
        written += write_prompts(seen.contents.prompts, prompts)
    if not quiet:
        Console(stderr=to_stdout, highlight=False).print(render_look(seen, written=written))
    record(
        ReleaseLooked(
            assistant=seen.release.assistant,
            version=seen.release.version,
            release=Digest(seen.release.sha256),
            verdict=seen.verdict.value,
            report=digest_of(render_look_json(seen)),
        )
    )
    return exit_code(seen, fail_on)


def _serial(digest: str) -> str:
    """The same release, the same serial number: a UUID made of its digest."""
    return f"urn:uuid:{uuid.UUID(hex=digest[:32], version=8)}"

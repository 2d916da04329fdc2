"""``clearance classify session``: judge a whole session of an assistant."""

from pathlib import Path

import click
from rich.console import Console

from clearance.app.cli.destinations import one_on_stdout, write_text
from clearance.app.cli.escalate_options import EscalateWish, escalate_options
from clearance.model.finding import Severity
from clearance.model.session import SessionScope

_COULD_NOT_JUDGE = 3
_EPILOG = """\
FILE holds a span a line (docs/session.md), or is a transcript of Claude Code (~/.claude/projects/*/*.jsonl) or of
Codex (rollout-*.jsonl).

Exit codes: 0 no hit at or above --fail-on, 1 hits, 2 bad use, 3 something could not be read or judged.

\b
Examples:
  clearance classify session ~/.claude/projects/-home-dev-shop/6f1c….jsonl
  clearance classify session spans.jsonl --trust-host corp.example --json -
  clearance classify session rollout.jsonl --private . --trust-server wiki
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--project", default="", metavar="FOLDER", help="Where the assistant worked.  [default: as FILE says]")
@click.option("--trust-host", multiple=True, metavar="HOST", help="Data may go there, text may come from there.")
@click.option("--trust-server", multiple=True, metavar="SERVER", help="An MCP server that strangers do not write to.")
@click.option("--private", multiple=True, metavar="PLACE", help="Paths and addresses that begin so; . is the project.")
@click.option("--models/--no-models", default=True, help="Judge single spans by the models too.  [default: models]")
@click.option("--weights", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Weights of your own.")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.session/1) to a file, or -.")
@click.option(
    "--fail-on",
    type=click.Choice(["info", "low", "medium", "high", "critical", "never"]),
    default="high",
    show_default=True,
    help="Exit with 1 if a hit has at least this severity.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing; only the exit code and JSON.")
@escalate_options
def session(
    *,
    file: Path,
    project: str,
    trust_host: tuple[str, ...],
    trust_server: tuple[str, ...],
    private: tuple[str, ...],
    models: bool,
    weights: Path | None,
    json_: str | None,
    fail_on: str,
    quiet: bool,
    escalate: EscalateWish,
) -> int:
    """Judge a whole session: whether untrusted content, private data and a way out come together."""
    from clearance.app.sessions import SessionWish, hits_in, is_incomplete, judge_session
    from clearance.report.session_json import render_session
    from clearance.report.session_terminal import render_judged_session

    to_stdout = one_on_stdout({"json": json_})
    scope = SessionScope(
        project=project, trusted_hosts=trust_host, trusted_servers=trust_server, private_places=private
    )
    try:
        wish = SessionWish(scope=scope, weights=weights, models=models, escalation=escalate.settings())
        judged = judge_session(file, wish)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
    if json_:
        write_text(json_, render_session(judged))
    if not quiet:
        Console(stderr=to_stdout, highlight=False).print(render_judged_session(judged))
    if fail_on != "never" and any(hit.severity.rank >= Severity(fail_on).rank for hit in hits_in(judged)):
        return 1
    return _COULD_NOT_JUDGE if is_incomplete(judged) else 0

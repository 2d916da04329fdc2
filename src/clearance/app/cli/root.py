"""The root command, its help, and completion."""

from difflib import get_close_matches
from typing import ClassVar

import click
from click.shell_completion import CompletionItem

from clearance import __version__

EPILOG = """\b
Examples:
  clearance vet claude-code@2.1.112
  clearance vet ./some-agent --profile some-agent/profile.toml --html report.html
  clearance vet codex --json - | jq .verdict
  clearance look claude-code@2.1.196
  clearance compare claude-code@2.1.112 claude-code@2.1.114
  clearance policy compile --rulings rulings.toml --out compiled
  clearance replay ~/.local/state/clearance/vettings/…
  clearance doctor
"""


class LazyGroup(click.Group):
    """Commands that are imported when they are used: ``clearance --help`` stays quick."""

    commands_at: ClassVar[dict[str, tuple[str, str]]] = {
        "vet": ("clearance.app.cli.vet:vet", "Vet a release: run it in sealed rooms and show what leaves it."),
        "look": ("clearance.app.cli.look:look", "Look into a release without running it."),
        "compare": ("clearance.app.cli.compare:compare", "Compare what is in two releases."),
        "bisect": ("clearance.app.cli.compare:bisect", "Search for the releases that changed."),
        "classify": ("clearance.app.cli.classify:classify", "Judge a text: orders, misuse, what is hidden."),
        "policy": ("clearance.app.cli.policy:policy", "Compile decisions to what enforces them."),
        "replay": ("clearance.app.cli.replay:replay", "Analyse a recorded campaign again; nothing is run."),
        "check": ("clearance.app.cli.decide:check", "Say whether somebody may use an assistant, and why."),
        "ban": ("clearance.app.cli.decide:ban", "Record a ban."),
        "approve": ("clearance.app.cli.decide:approve", "Record an approval."),
        "restrict": ("clearance.app.cli.decide:restrict", "Record conditions."),
        "except": ("clearance.app.cli.decide:except_", "Record an exception from a ban, for a time."),
        "lift": ("clearance.app.cli.decide:lift", "Record the end of a ban."),
        "sign": ("clearance.app.cli.decide:sign", "Sign a record."),
        "knowledge": ("clearance.app.cli.knowledge:knowledge", "Facts that decisions rest on, and updates of them."),
        "ledger": ("clearance.app.cli.ledger:ledger", "Write, verify and prove what happened."),
        "dossier": ("clearance.app.cli.dossier:dossier", "Export evidence for a third party, or verify it."),
        "doctor": ("clearance.app.cli.doctor:doctor", "Say what this machine can and cannot stage."),
        "profiles": ("clearance.app.cli.lists:profiles", "List the assistants that have a shipped profile."),
        "factors": ("clearance.app.cli.lists:factors", "List the factors and their levels."),
        "rules": ("clearance.app.cli.lists:rules", "List the rules that judge what was seen."),
        "conformance": ("clearance.app.cli.doctor:conformance", "Build a room and try every way out of it."),
        "completion": ("clearance.app.cli.completion:completion", "Print the completion script of a shell."),
    }
    """Where each command is, and its line in the help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order a newcomer needs them."""
        del ctx
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        del ctx
        if cmd_name not in self.commands_at:
            return None
        module, _, name = self.commands_at[cmd_name][0].partition(":")
        found = getattr(__import__(module, fromlist=[name]), name)
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Like click's, without importing the commands."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.commands_at.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing them, and the root's own options."""
        named = [(name, line) for name, (_, line) in self.commands_at.items() if name.startswith(incomplete)]
        own = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=line) for name, line in named), *own]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's, with near names when there is no such command."""
        if args and args[0] not in self.commands_at and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.commands_at, n=3, cutoff=0.5) or list(self.commands_at)
            ctx.fail(f"there is no command {args[0]!r}. Did you mean: {', '.join(near)}?")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="clearance")
def root() -> None:
    """Security clearance for AI coding assistants: what leaves, and what that depends on."""

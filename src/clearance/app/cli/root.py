"""The root command, its help, and completion."""

from typing import ClassVar

import click

from clearance import __version__

EPILOG = """\b
Examples:
  clearance vet claude-code@2.1.112
  clearance vet ./some-agent --profile some-agent/profile.toml --html report.html
  clearance vet codex --json - | jq .verdict
  clearance replay ~/.local/state/clearance/vettings/…
  clearance doctor
"""


class LazyGroup(click.Group):
    """Commands that are imported when they are used: ``clearance --help`` stays quick."""

    commands_at: ClassVar[dict[str, str]] = {
        "vet": "clearance.app.cli.vet:vet",
        "replay": "clearance.app.cli.replay:replay",
        "doctor": "clearance.app.cli.doctor:doctor",
        "profiles": "clearance.app.cli.lists:profiles",
        "factors": "clearance.app.cli.lists:factors",
        "rules": "clearance.app.cli.lists:rules",
        "conformance": "clearance.app.cli.doctor:conformance",
        "completion": "clearance.app.cli.completion:completion",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order a newcomer needs them."""
        del ctx
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        del ctx
        where = self.commands_at.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        found = getattr(__import__(module, fromlist=[name]), name)
        assert isinstance(found, click.Command)  # noqa: S101 - a programmer's mistake
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's, with near names when there is no such command."""
        if args and args[0] not in self.commands_at and not args[0].startswith("-"):
            near = [n for n in self.commands_at if n.startswith(args[0][:3])] or list(self.commands_at)
            ctx.fail(f"there is no command {args[0]!r}. Did you mean: {', '.join(near)}?")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="clearance")
def root() -> None:
    """Security clearance for AI coding assistants: what leaves, and what that depends on."""

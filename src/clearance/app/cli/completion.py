"""``clearance completion``: the script that makes a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class

EPILOG = """\b
Examples:
  clearance completion bash >> ~/.bashrc
  clearance completion zsh  > "${fpath[1]}/_clearance"
  clearance completion fish > ~/.config/fish/completions/clearance.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of SHELL."""
    from clearance.app.cli.root import root

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(root, {}, "clearance", "_CLEARANCE_COMPLETE").source())

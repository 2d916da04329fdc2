"""``clearance policy``: from decisions to what enforces them."""

import click

from clearance.app.cli.policy_compile import compile_command

EPILOG = """\b
Examples:
  clearance policy compile --rulings rulings.toml --out compiled
"""


@click.group(epilog=EPILOG)
def policy() -> None:
    """Compile decisions to what enforces them."""


policy.add_command(compile_command)

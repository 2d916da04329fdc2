"""``clearance policy``: from decisions to what enforces them."""

import click

from clearance.app.cli.policy_compile import compile_command


@click.group()
def policy() -> None:
    """Carry decisions to whoever enforces them."""


policy.add_command(compile_command)

"""How other tools than Claude Code call our helper: as a hook before a prompt is sent."""

from clearance.policy.compile.facts import facts
from clearance.policy.compile.standing import Standing
from clearance.policy.compile.target import Context

TIMEOUT_S = 10


def needs_hook(held: Standing, context: Context) -> bool:
    """Whether a hook is worth its time: there is a helper, and the static files do not stop the tool anyway."""
    return context.with_helper and not held.closed


def hook_command(tool: str) -> str:
    """The shell command of the hook."""
    return f"{facts('helper').places['program'].linux} hook {tool}"


def told_on_ban(held: Standing) -> str:
    """The message of a closed tool on one line, short enough for an error message of somebody else's program."""
    return " ".join(held.message.split())[:400]

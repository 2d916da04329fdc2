"""The targets that are tools themselves."""

from clearance.policy.compile import claude_code, codex, copilot, cursor, gemini_cli, opencode, qwen_code
from clearance.policy.compile.target import Target

ASSISTANTS: tuple[Target, ...] = (
    claude_code.TARGET,
    codex.TARGET,
    gemini_cli.TARGET,
    copilot.TARGET,
    cursor.TARGET,
    opencode.TARGET,
    qwen_code.TARGET,
)

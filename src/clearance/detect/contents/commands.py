"""What a command line does that nobody expects of one that an agent or an installer runs by itself."""

import re
from typing import Final

_ALARMS: Final = (
    (
        re.compile(
            r"\b(?:curl|wget|fetch)\b[^|;&]{0,300}\|\s*(?:sudo\s+)?(?:env\s+)?(?:ba|z|da|k)?sh\b"
            r"|\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b.{0,300}\|\s*(?:iex|Invoke-Expression)\b"
            r"|\b(?:ba|z|da)?sh\s+-c\s+[\"']?\$\((?:curl|wget)|(?:ba)?sh\s+<\(\s*(?:curl|wget)"
            r"|\|\s*(?:node|python3?|perl|ruby|osascript)\b(?:\s+-)?\s*$",
            re.IGNORECASE,
        ),
        "fetches something and runs it",
    ),
    (
        re.compile(r"\bbase64\s+(?:-d|-D|--decode)\b.{0,200}\|\s*(?:ba|z)?sh\b|\beval\s+[\"']?\$\(|\batob\(|-EncodedCommand\b"),
        "runs what was encoded",
    ),
    (
        re.compile(r"/dev/tcp/|\bn(?:c|cat)\b[^|;&]{0,80}\s-e\b|\bsocat\b.{0,80}\bexec:", re.IGNORECASE),
        "gives a shell to the network",
    ),
    (
        re.compile(
            r"--(?:dangerously-skip-permissions|dangerously-bypass-approvals-and-sandbox|yolo|trust-all-tools|full-auto"
            r"|allow-all-tools|no-permissions)\b|\bbypassPermissions\b"
        ),
        "starts an assistant that asks nobody",
    ),
    (
        re.compile(
            r"(?:\.ssh/id_|\.aws/credentials|\.netrc|\.git-credentials|\.npmrc|\.kube/config|(?<![\w$\])])\.env\b|keychain|id_ed25519)"
            r".{0,300}\b(?:curl|wget|nc|scp|https?://)|\b(?:curl|wget|nc|scp)\b.{0,300}"
            r"(?:\.ssh/id_|\.aws/credentials|\.netrc|\.git-credentials|\.npmrc|\.kube/config|(?<![\w$\])])\.env\b|id_ed25519)"
        ),
        "takes secrets and reaches the network",
    ),
    (
        re.compile(
            r"\brm\s+-[a-z]*r[a-z]*\s+(?:--no-preserve-root\s+)?(?:/|~|\$HOME)(?:\s|/?\*|$)|\bmkfs\b"
            r"|\bdd\s+if=.{0,80}of=/dev/"
        ),
        "destroys files",
    ),
    (
        re.compile(
            r"\bcrontab\b|LaunchAgents|systemctl\s+(?:--user\s+)?enable|\bschtasks\b.{0,80}/create"
            r"|>>\s*~?/?[\w/]*\.(?:ba|z)shrc",
            re.IGNORECASE,
        ),
        "makes itself be started again",
    ),
)  # fmt: skip


def alarm(command: str) -> str:
    """What the command line does, as a claim; empty when nothing of it is known to be unusual."""
    return next((what for pattern, what in _ALARMS if pattern.search(command[:8192])), "")

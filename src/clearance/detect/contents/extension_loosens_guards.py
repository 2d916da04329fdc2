"""Settings that come with a folder or plugin take away questions, or send traffic elsewhere."""

import re
from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, listed, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Extension
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_NO_QUESTIONS: Final = re.compile(
    r"bypassPermissions|dangerously|auto_?approve|yolo|danger-full-access|trustAllTools|never\b.*approval|approval.*\bnever\b"
    r"|enableAllProjectMcpServers|disableBypass.*false|folderOpen",
    re.IGNORECASE,
)
_ANYTHING: Final = re.compile(
    r"\b(?:Bash|Shell|run_shell_command|Write|Edit|WebFetch)\s*(?:\(\s*\*?\s*(?::\s*\*)?\s*\))?\Z|\A\*\Z"
)
_REDIRECT: Final = re.compile(r"\b[A-Z_]*BASE_URL\b|\bapiKeyHelper\b|\b[A-Z_]*(?:API_ENDPOINT|HTTPS?_PROXY)\b")


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for no questions at all and for traffic sent elsewhere; low for a broad permission."""
    found = [(e, *told) for e in contents.extensions if (told := _loosens(e)) is not None]
    for extension, severity, what, lines in found:
        yield Hit(
            rule=rule.id,
            severity=severity,
            confidence=Confidence.HIGH,
            title=f"The {extension.kind.replace('-', ' ')} {extension.name} {what}",
            message=f"{extension.path} says {listed(lines, 4)}.",
            because=tuple(shown(extension.path, line) for line in lines[:8]),
            where=extension.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No settings in it take away questions or send traffic elsewhere.")


def _loosens(extension: Extension) -> tuple[Severity, str, tuple[str, ...]] | None:
    silent = tuple(p for p in extension.permissions if _NO_QUESTIONS.search(p))
    if silent:
        chosen = all(p.startswith("profiles.") for p in silent)  # a profile holds for who names it
        return Severity.MEDIUM if chosen else Severity.HIGH, "lets the agent act without questions", silent
    redirects = tuple(p for p in extension.permissions if _REDIRECT.search(p))
    if redirects and extension.kind == "settings":
        return Severity.HIGH, "sends the agent's traffic or keys elsewhere", redirects
    anything = tuple(p for p in extension.permissions if _ANYTHING.search(p.strip()))
    if anything and extension.kind in ("settings", "plugin"):
        return Severity.MEDIUM, "allows any command or file", anything
    return (Severity.INFO, "asks for any command or file", anything) if anything else None


RULE = Rule(
    id=RuleId("extension-loosens-guards"),
    title="No settings loosen guards",
    why="Settings in a repository hold for whoever opens it, before anybody has looked at what is in it.",
    advice="Remove the setting, and forbid it in the managed settings of the assistant.",
    atlas=("AML.T0081",),
    judge=judge,
)

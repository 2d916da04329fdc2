"""A hook, server, command or task of an extension runs something by itself."""

from collections.abc import Iterable

from clearance.detect.contents.evidence import clear_or_gap, listed, shown
from clearance.detect.contents.unasked import command_doing
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, Extension
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_UNASKED = ("hook", "settings")
"""Kinds whose commands run without anybody asking for it at that moment."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for what no honest command does; low for what runs unasked; servers and the rest are information."""
    found = [extension for extension in contents.extensions if extension.commands]
    for extension in found:
        yield _hit(rule, extension)
    if not found:
        yield clear_or_gap(rule, contents, "No extension in it runs a command.")


def _hit(rule: Rule[Contents], extension: Extension) -> Hit:
    doing = {command: done for command in extension.commands if (done := command_doing(command)) is not None}
    worst = max(doing.values(), key=lambda d: d.severity.rank, default=None)
    what = worst.what if worst else ""
    alarms = {command: done.what for command, done in doing.items()}
    severity = worst.severity if worst else Severity.LOW if extension.kind in _UNASKED else Severity.INFO
    does = f": one of them {what}" if what else ""
    return Hit(
        rule=rule.id,
        severity=severity,
        confidence=Confidence.HIGH,
        title=f"The {extension.kind.replace('-', ' ')} {extension.name} runs commands",
        message=f"{extension.path} has {len(extension.commands)} command lines run{does}.",
        because=tuple(
            shown(extension.path, command, note=alarms.get(command, ""))
            for command in sorted(extension.commands, key=lambda c: c not in alarms)[:6]
        ),
        where=extension.path,
        atlas=rule.atlas,
        advice=rule.advice
        if severity is not Severity.INFO
        else f"Allow {listed((extension.name,))} by name if it is wanted.",
    )


RULE = Rule(
    id=RuleId("extension-runs-commands"),
    title="No extension runs commands",
    why="What a hook, a server entry or a task runs has all rights of the person who opened the folder.",
    advice="Read the command line; leave the extension out, or pin it, if you would not type it yourself.",
    atlas=("AML.T0050", "AML.T0110"),
    judge=judge,
)

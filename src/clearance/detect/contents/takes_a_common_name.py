"""The package puts a command on the path under a name that people type for something else, or outside of its folder."""

from collections.abc import Iterable
from typing import Final

from clearance.detect.contents.evidence import clear_or_gap, shown
from clearance.detect.rule import Rule
from clearance.model.contents import Contents, SupplyFact
from clearance.model.finding import Confidence, Finding, Hit, Severity
from clearance.model.ids import RuleId

_SYSTEM: Final = frozenset(
    """ls cat cp mv rm ln mkdir chmod chown find grep sed awk sort xargs tar gzip unzip curl wget ssh scp sftp rsync nc
    sudo su doas login passwd sh bash zsh fish dash ksh env export which whoami id ps kill top crontab systemctl
    git node npm python python3 pip pip3 docker kubectl gpg openssl security""".split()
)
"""What nobody looks twice at, and what handles secrets or runs everything else."""


def judge(rule: Rule[Contents], contents: Contents) -> Iterable[Finding]:
    """High for a name that leads out of the folder of commands, medium for a command of the system, low for others."""
    found = [fact for fact in contents.supply if fact.kind in ("shadows-command", "command-outside")]
    for fact in found:
        yield Hit(
            rule=rule.id,
            severity=_severity(fact),
            confidence=Confidence.HIGH,
            title=f"{fact.subject} {fact.detail}",
            message=f"{fact.path}: {fact.detail}.",
            because=(shown(fact.path, fact.text or fact.detail),),
            where=fact.path,
            atlas=rule.atlas,
            advice=rule.advice,
        )
    if not found:
        yield clear_or_gap(rule, contents, "No command of it has the name of another, or lies outside of its folder.")


def _severity(fact: SupplyFact) -> Severity:
    if fact.kind == "command-outside":
        return Severity.HIGH
    return Severity.MEDIUM if fact.text.strip().lower() in _SYSTEM and not _is_its_own(fact) else Severity.LOW


def _is_its_own(fact: SupplyFact) -> bool:
    """Whether the command is named like the package that brings it: ``pip3`` in a wheel of pip."""
    folder = next((part for part in fact.path.split("/") if part.endswith(".dist-info")), "")
    return bool(folder) and folder.partition("-")[0].lower() == fact.text.strip().lower().rstrip("0123456789.")


RULE = Rule(
    id=RuleId("takes-a-common-name"),
    title="No command takes another's name",
    why="Whoever types the name gets the package's program, with what was meant for the other: passwords, keys, code.",
    advice="Do not install it where its commands are on the path; ask its makers why it needs the name.",
    atlas=("AML.T0010.001", "AML.T0011.001"),
    judge=judge,
)
